# Where objects of Chaos Mesh keep the faults they do: by themselves, as a step of a Workflow, on a Schedule, and as a
# Schedule that is a step.
package lib.chaos

import data.lib.text

# Every kind of fault, with the name of its field in a step and on a Schedule.
fault_fields := {
	"AWSChaos": "awsChaos",
	"AzureChaos": "azureChaos",
	"BlockChaos": "blockChaos",
	"DNSChaos": "dnsChaos",
	"GCPChaos": "gcpChaos",
	"HTTPChaos": "httpChaos",
	"IOChaos": "ioChaos",
	"JVMChaos": "jvmChaos",
	"KernelChaos": "kernelChaos",
	"NetworkChaos": "networkChaos",
	"PhysicalMachineChaos": "physicalmachineChaos",
	"PodChaos": "podChaos",
	"StressChaos": "stressChaos",
	"TimeChaos": "timeChaos",
}

# Faults of one machine of a cloud, which they name: there is nothing to choose from.
clouds := {"AWSChaos", "AzureChaos", "GCPChaos"}

# Faults of machines outside the cluster, which objects of their own stand for.
machines := "PhysicalMachineChaos"

# Every fault of an object: its kind, where its spec stands, and the spec.
faults(resource) := timed(resource) | of_node(resource)

# Those that say how long they go on, with the place and value of what ends them.
timed(resource) := (of_itself(resource) | on(own_schedules(resource))) | of_workflow(resource)

# Those of the Workflow that an object is or keeps.
of_workflow(resource) := of_steps(resource) | on(schedules_of_steps(resource))

of_itself(resource) := {fault |
	fault_fields[resource.kind]
	spec := object_or_empty(resource, "spec")
	fault := with_duration(resource.kind, "spec", spec)
}

on(schedules) := {fault |
	some schedule in schedules
	some kind, field in fault_fields
	spec := schedule.schedule[field]
	is_object(spec)
	fault := with_duration(kind, concat(".", [schedule.path, field]), spec)
}

with_duration(kind, path, spec) := {
	"kind": kind,
	"path": path,
	"spec": spec,
	"end_path": concat(".", [path, "duration"]),
	"end": value_or_empty(spec, "duration"),
}

of_steps(resource) := {fault |
	some step in steps(resource)
	some kind, field in fault_fields
	spec := step.step[field]
	is_object(spec)
	fault := {
		"kind": kind,
		"path": concat(".", [step.path, field]),
		"spec": spec,
		"end_path": concat(".", [step.path, "deadline"]),
		"end": value_or_empty(step.step, "deadline"),
	}
}

# That of a WorkflowNode, a step which runs. Its deadline is a time, and nothing of it says when it began.
of_node(resource) := {{"kind": kind, "path": path, "spec": spec} |
	resource.kind == "WorkflowNode"
	some kind, field in fault_fields
	spec := resource.spec[field]
	is_object(spec)
	path := concat(".", ["spec", field])
}

own_schedules(resource) := {{"path": "spec", "schedule": resource.spec}} if {
	resource.kind == "Schedule"
} else := {{"path": "spec.schedule", "schedule": resource.spec.schedule}} if {
	resource.kind == "WorkflowNode"
} else := set()

schedules_of_steps(resource) := {{"path": path, "schedule": step.step.schedule} |
	some step in steps(resource)
	path := concat(".", [step.path, "schedule"])
}

# Every step of a Workflow, of the Workflow on a Schedule, and of that on the Schedule which a WorkflowNode makes.
steps(resource) := {{"path": path, "step": step} |
	some place in workflow_places(resource)
	templates := object.get(resource, array.concat(place, ["templates"]), null)
	is_array(templates)
	some index, step in templates
	is_object(step)
	path := concat("", [concat(".", place), ".templates[", format_int(index, 10), "]"])
}

workflow_places(resource) := {["spec"]} if {
	resource.kind == "Workflow"
} else := {["spec", "workflow"]} if {
	resource.kind == "Schedule"
} else := {["spec", "schedule", "workflow"]} if {
	resource.kind == "WorkflowNode"
} else := set()

# What is over as soon as it is done: the pod or container is gone, and its controller makes another; the machine starts
# again. These are the actions that Chaos Mesh calls one-shot.
momentary := {
	"AWSChaos": {"ec2-restart"},
	"AzureChaos": {"vm-restart"},
	"GCPChaos": {"node-reset"},
	"PodChaos": {"container-kill", "pod-kill"},
}

is_momentary(fault) if fault.spec.action in momentary[fault.kind]

# What a step of a Workflow, or a Schedule, owns: it goes with its owner, or at once where there is no such owner.
is_owned(resource, kinds) if {
	some owner in resource.metadata.ownerReferences
	owner.controller == true
	startswith(owner.apiVersion, "chaos-mesh.org/")
	owner.kind in kinds
}

# The choices that a fault makes of pods, or of machines, each with the kind of the fault.
selections(resource) := {selection |
	some fault in faults(resource)
	not fault.kind in clouds
	some selection in of_fault(fault)
}

of_fault(fault) := {{"kind": fault.kind, "path": fault.path, "choice": fault.spec}} | {{"kind": fault.kind, "path": path, "choice": fault.spec.target} |
	is_object(fault.spec.target)
	path := concat(".", [fault.path, "target"])
}

# "90s", "10m", "1h", "1h30m" in seconds; undefined for anything else.
seconds(duration) := total if {
	[hours, after_hours] := unit(duration, "h")
	[minutes, after_minutes] := unit(after_hours, "m")
	[rest, after_seconds] := unit(after_minutes, "s")
	after_seconds == ""
	total := ((hours * 3600) + (minutes * 60)) + rest
	total > 0
}

unit(duration, letter) := [to_number(number), rest] if {
	[number, rest] := text.cut(duration, letter)
	text.is_made_of(number, text.digits)
	rest != null
} else := [0, duration] if {
	not contains(duration, letter)
}

object_or_empty(holder, field) := value if {
	value := holder[field]
	is_object(value)
} else := {}

value_or_empty(holder, field) := value if {
	value := holder[field]
	value != null
} else := ""
