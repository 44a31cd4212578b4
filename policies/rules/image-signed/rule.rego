package fleetwright.image_signed

import data.lib.image
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	msg := fault(place.path, image.read(place.image))
}

fault(path, null) := image.unreadable(path)

fault(path, reference) := concat("", [path, " is ", reference.name, ", in no repository of signed images: have it signed, and list it"]) if {
	reference != null
	not image.is_within(reference, input.parameters.repositories)
}

fault(path, reference) := concat("", [path, " is ", reference.name, " without a digest, which is what a signature is of: pin it as ", reference.name, "@sha256:…"]) if {
	reference.digest == null
	image.is_within(reference, input.parameters.repositories)
}
