# Where objects of Chaos Mesh keep the faults they do: by themselves, as a step of a Workflow, on a Schedule.
package lib.chaos

import data.lib.text

fault_fields := {
	"DNSChaos": "dnsChaos",
	"IOChaos": "ioChaos",
	"NetworkChaos": "networkChaos",
	"PodChaos": "podChaos",
	"StressChaos": "stressChaos",
	"TimeChaos": "timeChaos",
}

# Every fault of an object: where its spec stands, the spec, and the place and value of what ends it.
faults(resource) := (of_itself(resource) | of_schedule(resource)) | of_steps(resource)

of_itself(resource) := {fault |
	fault_fields[resource.kind]
	spec := object_or_empty(resource, "spec")
	fault := {"path": "spec", "spec": spec, "end_path": "spec.duration", "end": value_or_empty(spec, "duration")}
}

of_schedule(resource) := {fault |
	resource.kind == "Schedule"
	some field in fault_fields
	spec := resource.spec[field]
	is_object(spec)
	path := concat(".", ["spec", field])
	fault := {
		"path": path,
		"spec": spec,
		"end_path": concat(".", [path, "duration"]),
		"end": value_or_empty(spec, "duration"),
	}
}

of_steps(resource) := {fault |
	some step in steps(resource)
	some field in fault_fields
	spec := step.step[field]
	is_object(spec)
	fault := {
		"path": concat(".", [step.path, field]),
		"spec": spec,
		"end_path": concat(".", [step.path, "deadline"]),
		"end": value_or_empty(step.step, "deadline"),
	}
}

# Every step of a Workflow, and of the Workflow on a Schedule.
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
} else := set()

# Whether a fault is over as soon as it is done: the pod or container is gone, and its controller makes another.
is_momentary(fault) if fault.spec.action in {"pod-kill", "container-kill"}

# What a step of a Workflow, or a Schedule, owns: it goes with its owner, or at once where there is no such owner.
is_owned(resource, kinds) if {
	some owner in resource.metadata.ownerReferences
	owner.controller == true
	startswith(owner.apiVersion, "chaos-mesh.org/")
	owner.kind in kinds
}

# The choices of pods that a fault makes, each with the namespace that it has if it names none.
selections(resource) := {selection |
	some fault in faults(resource)
	some selection in of_fault(fault)
}

of_fault(fault) := {{"path": fault.path, "choice": fault.spec}} | {{"path": path, "choice": fault.spec.target} |
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
