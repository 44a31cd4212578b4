package fleetwright.namespace_labels

import data.lib.entry
import data.lib.field
import data.lib.namespace

enforce := "pod-security.kubernetes.io/enforce"

owner := "fleetwright.dev/owner"

levels := {"privileged", "baseline", "restricted"}

violation contains {"msg": msg, "details": {"path": path}} if {
	not is_kubernetes_own
	not label(enforce) in levels
	path := field.entry("metadata.labels", enforce)
	msg := concat("", [path, " must be privileged, baseline or restricted: without it pods are held to no standard"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not is_kubernetes_own
	not is_name(label(owner))
	path := field.entry("metadata.labels", owner)
	msg := concat("", [path, " must name the team that answers for the namespace"])
}

is_kubernetes_own if field.value(input.review.object, ["metadata", "name"]) in namespace.kubernetes_own

label(key) := entry.text(input.review.object, ["metadata", "labels"], key)

is_name(value) if {
	is_string(value)
	trim_space(value) != ""
}
