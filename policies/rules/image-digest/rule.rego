package fleetwright.image_digest

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place.path, image.read(place.image))
}

fault(path, null) := image.unreadable(path)

fault(path, reference) := concat("", [path, " is ", reference.name, " without a digest: pin it as ", reference.name, "@sha256:…"]) if {
	reference.digest == null
}
