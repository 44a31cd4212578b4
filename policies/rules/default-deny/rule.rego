package fleetwright.default_deny

import data.lib.field
import data.lib.namespace
import data.lib.text

# As the API server spells a direction, and where a policy keeps its rules for it and the peers of each.
directions := {
	"Egress": {"rules": "egress", "peers": "to"},
	"Ingress": {"rules": "ingress", "peers": "from"},
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not field.value(input.review.object, ["metadata", "name"]) in namespace.kubernetes_own
	open := [direction | some direction, _ in directions; not is_denied(direction)]
	count(open) > 0
	path := "joined.networkPolicies"
	msg := concat("", [path, " hold none that denies all ", concat(" and ", open), ": add one with podSelector {} that lists it in policyTypes and has no rules"])
}

# Denied is what is isolated for every pod and opened again for none of those who do not say what they need.
is_denied(direction) if {
	some policy in policies_of_all_pods
	isolates(policy.spec, direction)
	not is_opened(direction)
}

is_opened(direction) if {
	some policy in policies_of_all_pods
	isolates(policy.spec, direction)
	some rule in field.list(policy, ["spec", directions[direction].rules])
	allows_everything(rule, directions[direction].peers)
}

policies_of_all_pods := [policy |
	some policy in field.list(input.review.object, ["joined", "networkPolicies"])
	is_object(field.value(policy, ["spec"]))
	is_everything(field.value(policy, ["spec", "podSelector"]))
]

# A selector without conditions; an absent podSelector is one as well.
is_everything(null)

is_everything(selector) if {
	is_object(selector)
	count(field.map(selector, ["matchLabels"])) == 0
	count(field.list(selector, ["matchExpressions"])) == 0
}

isolates(spec, direction) if direction in field.list(spec, ["policyTypes"])

# What the API server fills in.
isolates(spec, "Ingress") if count(field.list(spec, ["policyTypes"])) == 0

isolates(spec, "Egress") if {
	count(field.list(spec, ["policyTypes"])) == 0
	count(field.list(spec, ["egress"])) > 0
}

allows_everything(rule, peers) if {
	is_object(rule)
	count(field.list(rule, ["ports"])) == 0
	is_anybody(field.list(rule, [peers]))
}

is_anybody([])

is_anybody(peers) if {
	some peer in peers
	is_every_address(field.value(peer, ["ipBlock", "cidr"]))
	count(field.list(peer, ["ipBlock", "except"])) == 0
}

is_anybody(peers) if {
	some peer in peers
	selector := field.value(peer, ["namespaceSelector"])
	selector != null
	is_everything(selector)
	is_everything(field.value(peer, ["podSelector"]))
}

# None of its bits is given: 0.0.0.0/0, 10.0.0.0/0, ::/0.
is_every_address(cidr) if {
	is_string(cidr)
	[_, bits] := text.cut(cidr, "/")
	text.is_made_of(bits, "0")
}
