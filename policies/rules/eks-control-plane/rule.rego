package fleetwright.eks_control_plane

import data.lib.field
import data.lib.text

# Every log that a control plane can write.
logs := {"api", "audit", "authenticator", "controllerManager", "scheduler"}

# The widest range that was ever given to one owner; a wider one is no network but the internet.
widest := {"v4": 8, "v6": 12}

violation contains {"msg": msg, "details": {"path": path}} if {
	is_public
	count(field.list(input.review.object, ["spec", "vpcConfig", "publicAccessCidrs"])) == 0
	path := "spec.vpcConfig.publicAccessCidrs"
	msg := concat("", [path, " is missing, which opens the API server to everybody: name the ranges, or set endpointPublicAccess to false"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	is_public
	some index, range in field.list(input.review.object, ["spec", "vpcConfig", "publicAccessCidrs"])
	not is_bounded(range)
	path := field.item("spec.vpcConfig.publicAccessCidrs", index)
	msg := concat("", [path, " opens the API server to everybody: name ranges of yours, or set endpointPublicAccess to false"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not "secrets" in field.list(input.review.object, ["spec", "encryptionConfig", "resources"])
	path := "spec.encryptionConfig.resources"
	msg := concat("", [path, " must hold secrets, beside the provider with your key: else AWS's own key is all that protects Secrets"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	missing := logs - {log | some log in field.list(input.review.object, ["spec", "enabledClusterLogTypes"])}
	count(missing) > 0
	path := "spec.enabledClusterLogTypes"
	msg := concat("", [path, " lacks ", concat(", ", sort(missing)), ": what is not kept cannot be asked after a break-in"])
}

# Public is what AWS makes it where nothing is said.
is_public if not field.value(input.review.object, ["spec", "vpcConfig", "endpointPublicAccess"]) in {false, "false"}

is_bounded(range) if {
	is_string(range)
	[address, length] := text.cut(range, "/")
	text.is_made_of(length, text.digits)
	to_number(length) >= widest[family(address)]
}

family(address) := "v6" if {
	contains(address, ":")
} else := "v4"
