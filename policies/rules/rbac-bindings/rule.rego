package fleetwright.rbac_bindings

import data.lib.field

refused := {
	"system:anonymous": "callers that nobody knows",
	"system:masters": "a group that no rule can bound",
	"system:unauthenticated": "callers that nobody knows",
}

# What Kubernetes binds by itself, and to whom: name of binding and ClusterRole alike.
kubernetes_own := {
	"cluster-admin": {"system:masters"},
	"system:public-info-viewer": {"system:authenticated", "system:unauthenticated"},
}

binding := input.review.object

violation contains {"msg": msg, "details": {"path": "roleRef.name"}} if {
	binding.roleRef.name == "cluster-admin"
	not binding.roleRef.kind == "Role" # a namespace may call a role of its own like that
	not is_kubernetes_own
	msg := "roleRef.name is cluster-admin, which is every right: bind a role that names what is needed"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not is_kubernetes_own
	some index, subject in field.list(binding, ["subjects"])
	who := refused[subject.name]
	path := concat("", [field.item("subjects", index), ".name"])
	msg := concat("", [path, " is ", subject.name, ", ", who, ": bind a group or ServiceAccount of your own"])
}

is_kubernetes_own if {
	binding.kind == "ClusterRoleBinding"
	binding.roleRef.name == binding.metadata.name
	known := kubernetes_own[binding.metadata.name]
	every subject in field.list(binding, ["subjects"]) {
		subject.kind == "Group"
		subject.name in known
	}
}
