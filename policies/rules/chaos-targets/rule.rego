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
	not has_selector(selection.choice)
	path := concat(".", [selection.path, "selector"])
	msg := concat("", [path, " is missing: it must name the namespaces of its targets"])
}

violation contains {"msg": msg, "details": {"path": fault.path}} if {
	some fault in chaos.faults(input.review.object)
	fault.kind in chaos.clouds
	msg := concat("", [fault.path, " hits a machine of a cloud, which lies in no namespace: whoever answers for it opts in by an exemption"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some fault in chaos.faults(input.review.object)
	chaos.value_or_empty(fault.spec, "remoteCluster") != ""
	path := concat(".", [fault.path, "remoteCluster"])
	msg := concat("", [path, " has the fault done in another cluster, where nobody judges it: make it there"])
}

# upstream looks at no selector beside it
violation contains {"msg": msg, "details": {"path": path}} if {
	some fault in chaos.faults(input.review.object)
	fault.kind == chaos.machines
	count(fault.spec.address) > 0
	path := concat(".", [fault.path, "address"])
	msg := concat("", [path, " names machines that lie in no namespace: select PhysicalMachines of namespaces that have opted in"])
}

# a selector of machines without namespaces means all of them
violation contains {"msg": msg, "details": {"path": path}} if {
	some selection in chaos.selections(input.review.object)
	selection.kind == chaos.machines
	is_object(selection.choice.selector)
	count(named(selection.choice.selector)) == 0
	count(chaos.object_or_empty(selection.choice.selector, "physicalMachines")) == 0
	path := concat(".", [selection.path, "selector.namespaces"])
	msg := concat("", [path, " is missing: PhysicalMachines of every namespace would be hit, name those that have opted in"])
}

# upstream looks at nothing beside pods that are named one by one
reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	count(pods(selection)) == 0
	is_array(selection.choice.selector.namespaces)
	some index, namespace in selection.choice.selector.namespaces
	path := concat("", [selection.path, ".selector.namespaces[", format_int(index, 10), "]"])
}

reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	some field in {"physicalMachines", "pods"}
	is_object(selection.choice.selector[field])
	some namespace, _ in selection.choice.selector[field]
	path := concat(".", [selection.path, "selector", field])
}

# a selector of pods without namespaces means the object's own
reached_namespaces contains {"path": path, "namespace": namespace} if {
	some selection in chaos.selections(input.review.object)
	selection.kind != chaos.machines
	is_object(selection.choice.selector)
	count(named(selection.choice.selector)) == 0
	count(pods(selection)) == 0
	path := concat(".", [selection.path, "selector"])
	namespace := own_namespace
}

pods(selection) := chaos.object_or_empty(selection.choice.selector, "pods")

has_selector(choice) if is_object(choice.selector)

named(selector) := selector.namespaces if {
	is_array(selector.namespaces)
} else := []

own_namespace := value if {
	value := input.review.object.metadata.namespace
	value != null
} else := "default"
