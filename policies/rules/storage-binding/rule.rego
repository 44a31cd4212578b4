package fleetwright.storage_binding

import data.lib.storage

violation contains {"msg": msg, "details": {"path": "volumeBindingMode"}} if {
	provisioner := input.review.object.provisioner
	provisioner in input.parameters.zonalProvisioners
	storage.binding_mode(input.review.object) != "WaitForFirstConsumer"
	msg := concat("", [
		"volumeBindingMode must be WaitForFirstConsumer: volumes of ",
		provisioner,
		" live in one zone, and a volume bound before its pod is placed may lie in another",
	])
}
