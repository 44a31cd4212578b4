package fleetwright.scrape_limits

# Labels with a value of its own for each pod, user, request or trace, by themselves or at the end of a longer name:
# pod_uid, __meta_kubernetes_pod_uid, traceID.
unbounded := {
	"client_ip",
	"clientip",
	"container_id",
	"containerid",
	"correlation_id",
	"email",
	"poduid",
	"request_id",
	"requestid",
	"session_id",
	"sessionid",
	"span_id",
	"spanid",
	"trace_id",
	"traceid",
	"uid",
	"user_id",
	"userid",
	"uuid",
}

# What the discovery of pods gives of these: labelmap copies it without naming it.
discovered := {"__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_id"}

violation contains {"msg": msg, "details": {"path": path}} if {
	some field, what in {"sampleLimit": "samples", "labelLimit": "labels"}
	not is_limit(object.get(input.review.object, ["spec", field], null))
	path := concat(".", ["spec", field])
	msg := concat("", [path, " must be more than 0: one target could send any number of ", what, " otherwise"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some relabeling in relabelings
	copies_into_label(relabeling.step)
	path := concat(".", [relabeling.path, "targetLabel"])
	msg := concat("", [path, " would have a value for each pod, user, request or trace, and each makes a series: leave it out"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some relabeling in relabelings
	maps_into_label(relabeling.step)
	path := concat(".", [relabeling.path, "regex"])
	msg := concat("", [path, " covers the identifier of each pod or container, and each makes a series: name the labels to copy"])
}

is_limit(value) if {
	is_number(value)
	value > 0
}

copies_into_label(step) if {
	action(step) in {"replace", "lowercase", "uppercase"}
	is_kept(step.targetLabel)
	not is_constant(step)
	some label in array.concat([step.targetLabel], list_or_empty(step, "sourceLabels"))
	is_unbounded(label)
}

maps_into_label(step) if {
	action(step) == "labelmap"
	is_kept(replacement(step))
	some label in discovered
	regex.match(concat("", ["^(?:", text_or(step, "regex", "(.*)"), ")$"]), label)
}

# Labels that begin with two underscores are gone when the relabeling is done, but for the metric's name.
is_kept(label) if not startswith(label, "__")

is_kept("__name__")

is_unbounded(label) if {
	some ending in unbounded
	endswith(concat("", ["_", lower(label)]), concat("", ["_", ending]))
}

action(step) := lower(text_or(step, "action", "replace"))

# A replacement without a reference to what was found is the same for all.
is_constant(step) if {
	action(step) == "replace"
	not contains(replacement(step), "$")
}

replacement(step) := text_or(step, "replacement", "$1")

relabelings contains {"path": path, "step": step} if {
	some place in places
	some index, step in place.holder[place.field]
	path := concat("", [place.path, ".", place.field, "[", format_int(index, 10), "]"])
}

# Where relabelings stand: with each endpoint of a monitor, or once for all.
places contains {"path": path, "holder": endpoint, "field": field} if {
	some endpoints in {"endpoints", "podMetricsEndpoints"}
	some index, endpoint in input.review.object.spec[endpoints]
	some field in {"relabelings", "metricRelabelings"}
	path := concat("", ["spec.", endpoints, "[", format_int(index, 10), "]"])
}

places contains {"path": "spec", "holder": input.review.object.spec, "field": field} if {
	some field in {"relabelings", "metricRelabelings"}
}

places contains {"path": path, "holder": holder, "field": "relabelingConfigs"} if {
	some kind in {"ingress", "staticConfig"}
	holder := input.review.object.spec.targets[kind]
	path := concat(".", ["spec.targets", kind])
}

list_or_empty(holder, field) := value if {
	value := holder[field]
	is_array(value)
} else := []

text_or(holder, field, absent) := value if {
	value := holder[field]
	value != null
} else := absent
