package fleetwright.storage_retain

import data.lib.storage

violation contains {"msg": msg, "details": {"path": "reclaimPolicy"}} if {
	is_for_state
	storage.reclaim_policy(input.review.object) != "Retain"
	msg := concat("", [
		"reclaimPolicy must be Retain, and absent means Delete: the class is labelled ",
		label,
		", and whoever deletes a claim would delete its data",
	])
}

label := "fleetwright.dev/stateful"

# The API server takes texts only, but a file may leave the quotes away.
is_for_state if input.review.object.metadata.labels[label] in {"true", true}
