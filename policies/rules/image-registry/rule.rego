package fleetwright.image_registry

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place.path, image.read(place.image))
}

fault(path, null) := image.unreadable(path)

fault(path, reference) := concat("", [path, " is ", reference.name, ", which lies in none of the allowed registries: ", listed]) if {
	reference != null
	not image.is_within(reference, input.parameters.registries)
	not image.is_within(reference, object.get(input.parameters, "platform", []))
	listed := concat(", ", input.parameters.registries)
}
