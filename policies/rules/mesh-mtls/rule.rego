package fleetwright.mesh_mtls

import data.lib.field

inherited := {null, "", "UNSET"}

peers := input.review.object if input.review.object.kind == "PeerAuthentication"

destination := input.review.object if input.review.object.kind == "DestinationRule"

violation contains {"msg": msg, "details": {"path": path}} if {
	some path, mode in accepted
	not mode in inherited
	mode != "STRICT"
	msg := concat("", [path, " must be STRICT: anything else accepts plain text, from whoever can reach the port"])
}

violation contains {"msg": msg, "details": {"path": "spec.mtls.mode"}} if {
	is_mesh_wide
	accepted["spec.mtls.mode"] in inherited
	msg := "spec.mtls.mode must say STRICT for the whole mesh: it is what all others inherit, and unsaid it means PERMISSIVE"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, policy in policies
	tls := policy.tls
	is_object(tls)
	not field.value(tls, ["mode"]) in {"ISTIO_MUTUAL", "MUTUAL", "SIMPLE"}
	path := concat("", [place, ".tls.mode"])
	msg := concat("", [path, " turns TLS off, as an absent mode does: leave tls out, and the mesh uses its own"])
}

# Modes by their paths: of all ports, and of single ones.
accepted := object.union({"spec.mtls.mode": field.value(peers, ["spec", "mtls", "mode"])}, of_ports)

of_ports := {path: field.value(settings, ["mode"]) |
	some port, settings in field.map(peers, ["spec", "portLevelMtls"])
	path := concat("", [field.entry("spec.portLevelMtls", port), ".mode"])
}

is_mesh_wide if {
	peers.metadata.namespace == "istio-system"
	field.map(peers, ["spec", "selector", "matchLabels"]) == {}
}

# Policies by their paths: of the host, of its subsets, and of single ports of either.
policies := object.union(of_hosts, of_host_ports)

of_hosts := object.union({"spec.trafficPolicy": field.map(destination, ["spec", "trafficPolicy"])}, of_subsets)

of_subsets := {path: field.map(subset, ["trafficPolicy"]) |
	some index, subset in field.list(destination, ["spec", "subsets"])
	path := concat("", [field.item("spec.subsets", index), ".trafficPolicy"])
}

of_host_ports := {path: settings |
	some place, policy in of_hosts
	some index, settings in field.list(policy, ["portLevelSettings"])
	path := field.item(concat("", [place, ".portLevelSettings"]), index)
}
