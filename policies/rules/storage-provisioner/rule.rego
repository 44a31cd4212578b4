package fleetwright.storage_provisioner

import data.lib.storage

violation contains {"msg": msg, "details": {"path": "provisioner"}} if {
	msg := fault(object.get(input.review.object, "provisioner", null))
}

fault(provisioner) := "provisioner is missing: name one of the cluster's provisioners" if provisioner in {null, ""}

fault(provisioner) := "provisioner is not a qualified name: write a driver such as ebs.csi.aws.com or rancher.io/local-path" if {
	not provisioner in {null, ""}
	not is_provisioner_name(provisioner)
}

fault(provisioner) := concat("", ["provisioner ", provisioner, " is not one of the cluster's: ", listed]) if {
	is_provisioner_name(provisioner)
	not provisioner in input.parameters.provisioners
	listed := concat(", ", input.parameters.provisioners)
}

# The API server judges the lowercased name, and then keeps it as written.
is_provisioner_name(text) if {
	is_string(text)
	storage.is_qualified_name(lower(text))
}
