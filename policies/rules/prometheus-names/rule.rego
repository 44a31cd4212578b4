package fleetwright.prometheus_names

import data.lib.prometheus
import data.lib.text

metric_letters := concat("", [text.alphanumerics, "_:"])

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in prometheus.rules(input.review.object)
	record := prometheus.text_of(place.rule, "record")
	record != ""
	path := concat(".", [place.path, "record"])
	msg := concat(" ", [path, record_fault(record)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in prometheus.rules(input.review.object)
	alert := prometheus.text_of(place.rule, "alert")
	alert != ""
	not is_camel_case(alert)
	path := concat(".", [place.path, "alert"])
	msg := concat(" ", [path, "must be in CamelCase: letters and digits, the first one a capital, such as TargetDown"])
}

record_fault(record) := "must be made of letters, digits, underscores and colons, and begin with no digit" if {
	not is_metric_name(record)
} else := "must be level:metric:operations, such as job:http_requests:rate5m" if {
	not has_parts(record)
}

is_metric_name(record) if {
	text.is_made_of(record, metric_letters)
	not contains(text.digits, substring(record, 0, 1))
}

# Empty levels and operations are usual; a name of colons says nothing.
has_parts(record) if {
	contains(record, ":")
	trim(record, ":") != ""
}

is_camel_case(alert) if {
	text.is_made_of(alert, text.alphanumerics)
	contains(text.upper_letters, substring(alert, 0, 1))
}
