package fleetwright.image_registry

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place)
}

fault(place) := image.unreadable(place.path, place.image)

fault(place) := concat("", [place.path, " is ", reference.name, ", which lies in none of the allowed registries: ", listed]) if {
	reference := image.parse(place.image)
	not image.within(reference, input.parameters.registries)
	listed := concat(", ", input.parameters.registries)
}
