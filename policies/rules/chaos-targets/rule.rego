package fleetwright.chaos_targets

import data.lib.chaos

violation contains {"msg": msg, "details": {"path": reached.path}} if {
	some reached in reached_namespaces
	not reached.namespace in input.parameters.namespaces
	msg := concat("", [
		reached.path,
		` reaches namespace "`,
		reached.namespace,
		`", which has not opted in: name those that have, `,
		concat(", ", sort(input.parameters.namespaces)),
	])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some selection in chaos.selections(input.review.object)
	not is_object(selection.choice.selector)
	path := concat(".", [selection.path, "selector"])
	msg := concat("", [path, " is missing: it must name the namespaces of its targets"])
}

reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	is_array(selection.choice.selector.namespaces)
	some index, namespace in selection.choice.selector.namespaces
	path := concat("", [selection.path, ".selector.namespaces[", format_int(index, 10), "]"])
}

reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	is_object(selection.choice.selector.pods)
	some namespace, _ in selection.choice.selector.pods
	path := concat("", [selection.path, ".selector.pods"])
}

# without namespaces, the object's own
reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	is_object(selection.choice.selector)
	count(named(selection.choice.selector)) == 0
	path := concat(".", [selection.path, "selector"])
	namespace := own_namespace
}

named(selector) := selector.namespaces if {
	is_array(selector.namespaces)
} else := []

own_namespace := value if {
	value := input.review.object.metadata.namespace
	value != null
} else := "default"
