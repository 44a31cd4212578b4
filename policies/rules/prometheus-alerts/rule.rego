package fleetwright.prometheus_alerts

import data.lib.prometheus

violation contains {"msg": msg, "details": {"path": path}} if {
	some alert in alerts
	waits := prometheus.text_of(alert.rule, "for")
	is_nothing(waits)
	not severity(alert) == "none"
	path := concat(".", [alert.path, "for"])
	msg := concat("", [path, " must be more than 0, such as 5m: the alert fires at the first bad sample otherwise"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some alert in alerts
	given := severity(alert)
	not given in {"critical", "warning", "info", "none"}
	path := concat(".", [alert.path, "labels.severity"])
	msg := concat("", [path, " must be critical, warning, info or none: alerts are routed by it"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some alert in alerts
	runbook := prometheus.text_of(object_or_empty(alert.rule, "annotations"), "runbook_url")
	not is_address(runbook)
	path := concat(".", [alert.path, "annotations.runbook_url"])
	msg := concat("", [path, " must be the https:// address of a page that says what to do"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some alert in alerts
	annotations := object_or_empty(alert.rule, "annotations")
	prometheus.text_of(annotations, "summary") == ""
	prometheus.text_of(annotations, "description") == ""
	path := concat(".", [alert.path, "annotations"])
	msg := concat("", [path, " must have a summary or a description: nobody knows what the alert is about otherwise"])
}

alerts contains place if {
	some place in prometheus.rules(input.review.object)
	prometheus.text_of(place.rule, "alert") != ""
}

# A rule's own labels come before those of its group.
severity(place) := prometheus.text_of(labels, "severity") if {
	labels := object.union(object_or_empty(place.group, "labels"), object_or_empty(place.rule, "labels"))
}

# "", "0", "0m": the API server lets nothing but numbers and units through.
is_nothing(duration) if trim(duration, "0ywdhms") == ""

is_address(address) if {
	some scheme in {"https://", "http://"}
	startswith(lower(address), scheme)
	count(address) > count(scheme)
}

object_or_empty(holder, field) := value if {
	value := holder[field]
	value != null
} else := {}
