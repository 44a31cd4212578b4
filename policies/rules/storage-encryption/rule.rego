package fleetwright.storage_encryption

import data.lib.field

# Drivers that compare parameter keys without regard to case; all others take a key in another case for an unknown one.
# aws-ebs-csi-driver pkg/driver/controller.go, gcp-compute-persistent-disk-csi-driver pkg/parameters,
# azuredisk-csi-driver pkg/azureutils, azurefile-csi-driver pkg/azurefile, and the in-tree drivers they replaced.
ignore_case := {
	"ebs.csi.aws.com",
	"pd.csi.storage.gke.io",
	"disk.csi.azure.com",
	"file.csi.azure.com",
	"kubernetes.io/aws-ebs",
	"kubernetes.io/gce-pd",
	"kubernetes.io/azure-disk",
	"kubernetes.io/azure-file",
}

provisioner := input.review.object.provisioner

wanted := input.parameters.encrypted[provisioner]

# Every spelling of the key counts: with two of them the driver may read either.
given[key] := value if {
	some key, value in input.review.object.parameters
	same_key(key, wanted.key)
}

violation contains {"msg": msg, "details": {"path": path}} if {
	count(given) == 0
	path := field.step("parameters", wanted.key)
	msg := concat("", [path, " is missing: volumes of ", provisioner, ` are encrypted only with the value "`, wanted.value, `"`])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, value in given
	value != wanted.value
	path := field.step("parameters", key)
	msg := concat("", [path, ` must be the string "`, wanted.value, `": volumes of `, provisioner, " are not encrypted otherwise"])
}

same_key(key, other) if key == other

same_key(key, other) if {
	provisioner in ignore_case
	lower(key) == lower(other)
}
