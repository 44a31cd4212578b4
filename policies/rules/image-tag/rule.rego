package fleetwright.image_tag

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place.path, image.read(place.image))
}

fault(path, null) := image.unreadable(path)

fault(path, reference) := concat("", [path, " is ", reference.name, " without a tag, which means latest: name a version or a digest"]) if {
	reference.tag == null
	reference.digest == null
}

fault(path, reference) := concat("", [path, " is ", reference.name, ":latest, which moves: name a version or a digest"]) if {
	reference.tag == "latest"
	reference.digest == null
}
