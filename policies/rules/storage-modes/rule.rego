package fleetwright.storage_modes

import data.lib.storage

violation contains {"msg": msg, "details": {"path": "volumeBindingMode"}} if {
	not storage.binding_mode(input.review.object) in {"Immediate", "WaitForFirstConsumer"}
	msg := "volumeBindingMode must be Immediate or WaitForFirstConsumer, spelt so; absent means Immediate"
}

violation contains {"msg": msg, "details": {"path": "reclaimPolicy"}} if {
	not storage.reclaim_policy(input.review.object) in {"Delete", "Retain"}
	msg := "reclaimPolicy must be Delete or Retain, spelt so; absent means Delete"
}
