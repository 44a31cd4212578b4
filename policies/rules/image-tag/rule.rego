package fleetwright.image_tag

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place)
}

fault(place) := image.unreadable(place.path, place.image)

fault(place) := concat("", [place.path, " is ", reference.name, " without a tag, which means latest: name a version or a digest"]) if {
	reference := image.parse(place.image)
	reference.tag == null
	reference.digest == null
}

fault(place) := concat("", [place.path, " is ", reference.name, ":latest, which moves: name a version or a digest"]) if {
	reference := image.parse(place.image)
	reference.tag == "latest"
	reference.digest == null
}
