package fleetwright.storage_claims

import data.lib.claim

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in claim.claims(input.review.object)
	asked := claim.class_of(place)
	path := asked.path
	msg := concat(" ", [path, fault(place, asked.class)])
}

fault(_, null) := concat("", ["is missing, and the cluster has no default class: name one of ", listed]) if {
	input.parameters.defaultClass == ""
}

# Not the same as none: nothing is made for such a claim.
fault(place, "") := concat("", ["is empty, which asks for a volume that somebody made by hand: say which by volumeName or selector, or name one of ", listed]) if {
	not claim.chooses_volume(place)
}

fault(_, class) := concat("", ["is ", class, ", which is none of the cluster's classes: name one of ", listed]) if {
	is_string(class)
	class != ""
	not class in input.parameters.classes
}

listed := concat(", ", input.parameters.classes)
