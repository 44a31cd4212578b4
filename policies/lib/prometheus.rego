# Rules of a PrometheusRule.
package lib.prometheus

# Every rule with its group: {"path": "spec.groups[0].rules[1]", "rule": {…}, "group": {…}}.
rules(resource) := {{"path": path, "rule": rule, "group": group} |
	some at, group in resource.spec.groups
	some index, rule in group.rules
	is_object(rule)
	path := concat("", ["spec.groups[", format_int(at, 10), "].rules[", format_int(index, 10), "]"])
}

# A text, "" where it is absent; undefined for what the API server refuses.
text_of(holder, field) := value if {
	value := holder[field]
	is_string(value)
} else := "" if {
	object.get(holder, field, null) == null
}
