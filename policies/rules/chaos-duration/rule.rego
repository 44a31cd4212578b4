package fleetwright.chaos_duration

import data.lib.chaos

violation contains {"msg": msg, "details": {"path": fault.end_path}} if {
	some fault in unbounded
	fault.end == ""
	msg := concat("", [fault.end_path, " is missing: the fault has no end, give it one of at most ", most])
}

violation contains {"msg": msg, "details": {"path": fault.end_path}} if {
	some fault in unbounded
	fault.end != ""
	not chaos.seconds(fault.end)
	msg := concat("", [fault.end_path, " must be written in whole hours, minutes and seconds, such as 90s, 10m or 1h30m"])
}

violation contains {"msg": msg, "details": {"path": fault.end_path}} if {
	some fault in unbounded
	chaos.seconds(fault.end) > input.parameters.maxSeconds
	msg := concat("", [fault.end_path, " is too long: at most ", most])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some fault in chaos.of_node(input.review.object)
	not chaos.is_momentary(fault)
	not chaos.is_owned(input.review.object, {"Workflow", "WorkflowNode"})
	path := "metadata.ownerReferences"
	msg := concat("", [path, " names no Workflow of which this is a step: nothing says how long its fault goes on, make a Workflow"])
}

unbounded contains fault if {
	some fault in chaos.timed(input.review.object)
	not chaos.is_momentary(fault)
	not is_ended_by_step
}

is_ended_by_step if {
	chaos.fault_fields[input.review.object.kind]
	chaos.is_owned(input.review.object, {"WorkflowNode"})
}

most := concat("", [format_int(input.parameters.maxSeconds, 10), " seconds"])
