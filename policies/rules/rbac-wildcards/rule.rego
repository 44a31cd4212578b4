package fleetwright.rbac_wildcards

import data.lib.field

violation contains {"msg": msg, "details": {"path": path}} if {
	not is_kubernetes_own
	some number, rule in field.list(input.review.object, ["rules"])
	some kind in ["apiGroups", "nonResourceURLs", "resources", "verbs"]
	some index, value in field.list(rule, [kind])
	is_string(value)
	fault := fault_of(kind, value)
	path := field.item(concat("", [field.item("rules", number), ".", kind]), index)
	msg := concat("", [path, fault])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not is_kubernetes_own
	some index, selector in field.list(input.review.object, ["aggregationRule", "clusterRoleSelectors"])
	is_selector(selector)
	selects_cluster_admin(selector)
	path := field.item("aggregationRule.clusterRoleSelectors", index)
	msg := concat("", [path, " selects cluster-admin and with it every right: select by a label of your own"])
}

fault_of("nonResourceURLs", value) := " is every path of the API server: name the paths" if {
	contains(value, "*")
	trim_right(value, "*") in {"", "/"}
}

fault_of(kind, value) := " has a wildcard: name what is needed, one by one" if {
	kind != "nonResourceURLs"
	contains(value, "*")
} else := " lets whoever has it take any right: leave it out, and have roles and bindings reviewed" if {
	kind == "verbs"
	value in {"escalate", "bind"}
} else := " lets whoever has it be somebody else: leave it out" if {
	kind == "verbs"
	startswith(value, "impersonate") # "impersonate:user-info", "impersonate-on:user-info:list": its constrained forms
}

# The API server reads an entry that is null as an empty selector, and that selects every role.
is_selector(null)

is_selector(selector) if is_object(selector)

# What cluster-admin is selected by: the one label that it has.
admin_labels := {"kubernetes.io/bootstrapping": "rbac-defaults"}

selects_cluster_admin(selector) if {
	every key, value in field.map(selector, ["matchLabels"]) {
		admin_labels[key] == value
	}
	every requirement in field.list(selector, ["matchExpressions"]) {
		holds(requirement)
	}
}

holds(requirement) if {
	requirement.operator == "In"
	has_one_of(requirement)
}

holds(requirement) if {
	requirement.operator == "NotIn"
	not has_one_of(requirement)
}

holds(requirement) if {
	requirement.operator == "Exists"
	admin_labels[requirement.key]
}

holds(requirement) if {
	requirement.operator == "DoesNotExist"
	not admin_labels[requirement.key]
}

has_one_of(requirement) if admin_labels[requirement.key] in field.list(requirement, ["values"])

# By name and label: the label alone could be anybody's.
is_kubernetes_own if {
	input.review.object.kind == "ClusterRole"
	input.review.object.metadata.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
	input.review.object.metadata.name in broad
}

# Those of Kubernetes 1.35's own that have what this rule forbids, as a new API server has them. Others are judged: the API
# server gives its roles back what they lack, and takes nothing from them that was added.
broad := {
	"admin",
	"cluster-admin",
	"edit",
	"system:aggregate-to-edit",
	"system:controller:clusterrole-aggregation-controller",
	"system:controller:disruption-controller",
	"system:controller:generic-garbage-collector",
	"system:controller:horizontal-pod-autoscaler",
	"system:controller:namespace-controller",
	"system:controller:resourcequota-controller",
	"system:kube-controller-manager",
	"system:kubelet-api-admin",
}
