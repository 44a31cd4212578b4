package fleetwright.chaos_share

import data.lib.chaos
import data.lib.text

violation contains {"msg": msg, "details": {"path": path}} if {
	some fault in chaos.faults(input.review.object)
	not fault.kind in chaos.clouds
	not is_bounded(fault.spec)
	not is_one_zone(fault)
	path := concat(".", [fault.path, "mode"])
	msg := concat("", [
		path,
		" must be one, or fixed-percent or random-max-percent with a value of at most ",
		format_int(input.parameters.maxPercent, 10),
		": more of the targets than that would be hit, or nobody knows how many",
	])
}

is_bounded(spec) if spec.mode == "one"

is_bounded(spec) if {
	spec.mode in {"fixed-percent", "random-max-percent"}
	text.is_made_of(spec.value, text.digits)
	to_number(spec.value) <= input.parameters.maxPercent
}

is_one_zone(fault) if {
	fault.kind != chaos.machines
	zone := fault.spec.selector.nodeSelectors["topology.kubernetes.io/zone"]
	is_string(zone)
	zone != ""
}
