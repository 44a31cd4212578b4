package fleetwright.image_lock

import data.lib.image
import data.lib.text
import data.lib.workload

violation contains {"msg": msg, "details": {"path": place.path}} if {
	some place in workload.images(input.review.object)
	reference := image.read(place.image)
	pins := input.parameters.images[reference.name]
	not is_pinned(reference, pins)
	msg := concat("", [
		place.path,
		" is ",
		reference.name,
		", and not as images.lock.yaml pins it: run ",
		concat(" or ", pins),
		", or change the lock, for every environment alike",
	])
}

# What both name must be the same, and one of them must be named.
is_pinned(reference, pins) if {
	[reference.tag, reference.digest] != [null, null]
	some pin in pins
	[tag, digest] := text.cut(pin, "@")
	reference.tag in {null, tag}
	is_same_digest(reference.digest, digest)
}

is_same_digest(null, _)

is_same_digest(said, pinned) if said == pinned
