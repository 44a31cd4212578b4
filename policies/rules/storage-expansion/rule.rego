package fleetwright.storage_expansion

# Absent is false, and so is null.
violation contains {"msg": msg, "details": {"path": "allowVolumeExpansion"}} if {
	value := input.review.object.allowVolumeExpansion
	not value in {null, false}
	not can_grow
	msg := "allowVolumeExpansion must be false: this driver cannot make a volume larger, and claims would wait for it for ever"
}

can_grow if input.review.object.provisioner in input.parameters.expandable
