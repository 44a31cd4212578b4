package fleetwright.storage_topologies

import data.lib.storage

provisioner := input.review.object.provisioner

# The API server takes null and an empty list for no restriction.
terms := value if {
	value := input.review.object.allowedTopologies
	value != null
} else := []

violation contains {"msg": msg, "details": {"path": "allowedTopologies"}} if {
	terms == []
	msg := concat("", ["allowedTopologies is missing: ", reason])
}

# Why there must be terms; undefined where there need not be.
reason := "volumes live in one zone and are made before their pods are placed, so name the zones in which pods can run" if {
	input.parameters.mode in {"sound", "strict"}
	provisioner in input.parameters.zonalProvisioners
	storage.binding_mode(input.review.object) == "Immediate"
}

reason := "here a class that waits for the first consumer names the zones of its volumes" if {
	input.parameters.mode == "strict"
	storage.binding_mode(input.review.object) == "WaitForFirstConsumer"
}

violation contains {"msg": msg, "details": {"path": "allowedTopologies"}} if {
	not is_array(terms)
	msg := "allowedTopologies must be a list of terms with matchLabelExpressions"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(terms)
	some index, term in terms
	not has_expressions(term)
	path := concat("", ["allowedTopologies[", format_int(index, 10), "].matchLabelExpressions"])
	msg := concat("", [path, " must have at least one expression: a term without one names no place"])
}

has_expressions(term) if {
	is_array(term.matchLabelExpressions)
	count(term.matchLabelExpressions) > 0
}

# Every expression, and where it stands.
expressions[path] := expression if {
	is_array(terms)
	some index, term in terms
	has_expressions(term)
	some place, expression in term.matchLabelExpressions
	path := concat("", [
		"allowedTopologies[",
		format_int(index, 10),
		"].matchLabelExpressions[",
		format_int(place, 10),
		"]",
	])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, expression in expressions
	not has_key(expression)
	path := concat(".", [place, "key"])
	msg := concat("", [path, " must name a label of nodes, such as topology.kubernetes.io/zone"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, expression in expressions
	has_key(expression)
	known := input.parameters.topologyKeys[provisioner]
	not expression.key in known
	path := concat(".", [place, "key"])
	msg := concat("", [path, " is ", expression.key, ", which ", provisioner, " does not know: write one of ", concat(", ", known)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, expression in expressions
	not has_values(expression)
	path := concat(".", [place, "values"])
	msg := concat("", [path, " must have at least one value, each a text: without one no place is named"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, expression in expressions
	has_values(expression)
	endswith(expression.key, "/zone")
	some index, zone in expression.values
	not zone in input.parameters.zones
	path := concat("", [place, ".values[", format_int(index, 10), "]"])
	msg := concat("", [path, " is ", zone, ", where the cluster has no nodes: write some of ", concat(", ", input.parameters.zones)])
}

has_key(expression) if is_text(expression.key)

has_values(expression) if {
	is_array(expression.values)
	count(expression.values) > 0
	every value in expression.values {
		is_text(value)
	}
}

is_text(value) if {
	is_string(value)
	value != ""
}
