package fleetwright.gatekeeper_exemption

import data.lib.entry
import data.lib.field

ignore := "admission.gatekeeper.sh/ignore"

# Gatekeeper asks whether the label is there, so that "false" exempts as well as "true", and null, which becomes "".
violation contains {"msg": msg, "details": {"path": path}} if {
	entry.text(input.review.object, ["metadata", "labels"], ignore) != null
	not field.value(input.review.object, ["metadata", "name"]) in input.parameters.namespaces
	path := field.entry("metadata.labels", ignore)
	msg := concat("", [path, " would exempt the namespace from every rule: leave it out, or add the namespace to the exempt ones of its environment"])
}
