package fleetwright.image_digest

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place)
}

fault(place) := image.unreadable(place.path, place.image)

fault(place) := concat("", [place.path, " is ", reference.name, " without a digest: pin it as ", reference.name, "@sha256:…"]) if {
	reference := image.parse(place.image)
	reference.digest == null
}
