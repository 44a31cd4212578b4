package fleetwright.gateway_hosts

import data.lib.field

plain := {"grpc", "grpc-web", "http", "http2"}

servers[path] := server if {
	some index, server in field.list(input.review.object, ["spec", "servers"])
	path := field.item("spec.servers", index)
}

# A host may begin with the namespace whose routes it admits: "shop/*" is every host, "*/shop.example.com" is one.
violation contains {"msg": msg, "details": {"path": path}} if {
	some place, server in servers
	some index, host in field.list(server, ["hosts"])
	is_string(host)
	parts := split(host, "/")
	parts[count(parts) - 1] == "*"
	path := field.item(concat("", [place, ".hosts"]), index)
	msg := concat("", [path, " is every host: name the hosts that this gateway serves"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, server in servers
	some bound in ["minProtocolVersion", "maxProtocolVersion"]
	not field.value(server, ["tls", bound]) in {null, "", "TLS_AUTO", "TLSV1_2", "TLSV1_3"}
	path := concat(".", [place, "tls", bound])
	msg := concat("", [path, " must be TLSV1_2 or TLSV1_3: what is older is broken"])
}

# The proxy reads protocols in any case.
violation contains {"msg": msg, "details": {"path": path}} if {
	some place, server in servers
	protocol := field.value(server, ["port", "protocol"])
	is_string(protocol)
	lower(protocol) in plain
	field.value(server, ["tls", "httpsRedirect"]) != true
	path := concat(".", [place, "tls.httpsRedirect"])
	msg := concat("", [path, " must be true for a server of plain text: callers belong on HTTPS"])
}
