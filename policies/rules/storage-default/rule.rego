package fleetwright.storage_default

import data.lib.field

# Kubernetes takes either for the mark, and nothing but "true" for yes.
marks := {
	"storageclass.beta.kubernetes.io/is-default-class",
	"storageclass.kubernetes.io/is-default-class",
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some mark in marks
	field.value(input.review.object, ["metadata", "annotations", mark]) == "true"
	field.value(input.review.object, ["metadata", "name"]) != input.parameters.defaultClass
	path := field.entry("metadata.annotations", mark)
	msg := concat("", [path, " would make a second default class, and claims that name none get the newest: ", advice])
}

advice := "leave it out, as this cluster has no default class" if {
	input.parameters.defaultClass == ""
} else := concat("", ["leave it out, the default is ", input.parameters.defaultClass])
