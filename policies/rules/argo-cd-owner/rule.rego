package fleetwright.argo_cd_owner

tracking_id := "argocd.argoproj.io/tracking-id"

# Where an Application leads. Without a namespace its objects name their own, which its project bounds.
violation contains {"msg": msg, "details": {"path": path}} if {
	input.review.object.kind == "Application"
	namespace := object.get(input.review.object, ["spec", "destination", "namespace"], null)
	not namespace in {null, ""}
	not namespace in input.parameters.namespaces
	path := "spec.destination.namespace"
	msg := concat("", [path, " is no namespace of a tenant: what else a cluster has is Fleetwright's"])
}

# Where a project allows to lead. An entry with `!` covers every namespace but one.
violation contains {"msg": msg, "details": {"path": path}} if {
	input.review.object.kind == "AppProject"
	some index, destination in destinations
	namespace := object.get(destination, "namespace", null)
	not namespace in {null, ""}
	not namespace in input.parameters.namespaces
	path := concat("", ["spec.destinations[", format_int(index, 10), "].namespace"])
	msg := concat("", [path, " covers more than namespaces of tenants: name theirs one by one"])
}

# Which of the two made it cannot be told, and both will go on writing it.
violation contains {"msg": msg, "details": {"path": path}} if {
	labels := object.get(input.review.object, ["metadata", "labels"], {})
	annotations := object.get(input.review.object, ["metadata", "annotations"], {})
	labels["app.kubernetes.io/managed-by"] == "fleetwright"
	not object.get(annotations, tracking_id, null) in {null, ""}
	path := concat("", ["metadata.annotations[\"", tracking_id, "\"]"])
	msg := concat("", [path, " says Argo CD although Fleetwright manages the object: take it out of the repository"])
}

destinations := listed if {
	listed := object.get(input.review.object, ["spec", "destinations"], [])
	is_array(listed)
}
