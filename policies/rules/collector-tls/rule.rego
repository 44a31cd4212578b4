package fleetwright.collector_tls

import data.lib.collector
import data.lib.field
import data.lib.text

resource := input.review.object

# Receivers that serve HTTP or gRPC at one endpoint; those with several have `protocols`.
single_servers := {
	"collectd",
	"datadog",
	"faro",
	"influxdb",
	"opencensus",
	"prometheus_remote_write",
	"prometheusremotewrite",
	"sapm",
	"signalfx",
	"splunk_hec",
	"webhook_event",
	"webhookevent",
	"zipkin",
}

violation contains {"msg": collector.as_text, "details": {"path": "spec.config"}} if collector.is_text(resource)

violation contains {"msg": msg, "details": {"path": path}} if {
	some server in servers
	not is_loopback(object.get(server.settings, "endpoint", ""))
	not startswith(object.get(server.settings, "transport", ""), "unix")
	not has_certificate(server.settings)
	path := concat(".", [server.path, "tls"])
	msg := concat("", [path, " must have cert_file and key_file: others can reach this receiver, unless its endpoint is localhost or a socket of a file"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some client in clients
	tls := client.settings.tls
	is_object(tls)
	some name in {"insecure", "insecure_skip_verify"}
	not object.get(tls, name, null) in {null, false}
	not is_local(client.settings)
	path := concat(".", [client.path, "tls", name])
	msg := concat("", [path, " must be left out: ", consequence[name]])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some client in clients
	some place, endpoint in endpoints(client.settings)
	startswith(lower(endpoint), "http://")
	not is_loopback(endpoint)
	path := concat(".", [client.path, place])
	msg := concat("", [path, " must begin with https://: everybody on the way reads what is sent otherwise"])
}

consequence := {
	"insecure": "everybody on the way reads what is sent otherwise",
	"insecure_skip_verify": "whoever answers is taken for the right one otherwise, name the CA in ca_file instead",
}

# A protocol is open when it is named: the API server keeps null where it has no schema, and the operator fills it in.
servers contains {"path": path, "settings": collector.settings(receiver.protocols, protocol)} if {
	some id, receiver in collector.section(resource, "receivers")
	is_object(receiver.protocols)
	some protocol, _ in receiver.protocols
	path := field.step(concat(".", [field.step("spec.config.receivers", id), "protocols"]), protocol)
}

servers contains {"path": path, "settings": collector.settings(receivers, id)} if {
	receivers := collector.section(resource, "receivers")
	some id, _ in receivers
	collector.type_of(id) in single_servers
	path := field.step("spec.config.receivers", id)
}

has_certificate(settings) if {
	is_given(settings.tls, {"cert_file", "cert_pem"})
	is_given(settings.tls, {"key_file", "key_pem"})
}

is_given(settings, fields) if {
	some name in fields
	is_string(settings[name])
	settings[name] != ""
}

# Exporters, and what in them sends by itself, such as protocol.otlp of load_balancing. Headers are anybody's own.
clients contains {"path": path, "settings": settings} if {
	some id, exporter in collector.section(resource, "exporters")
	walk(exporter, [steps, settings])
	is_object(settings)
	not "headers" in steps
	every step in steps {
		is_string(step)
	}
	path := concat(".", array.concat([field.step("spec.config.exporters", id)], steps))
}

# Endpoints of a client by their place: `endpoint`, `traces_endpoint`, each of `endpoints`.
endpoints(settings) := object.union(single, listed) if {
	single := {name: value |
		some name, value in settings
		is_string(value)
		is_endpoint(name)
	}
	listed := {place: value |
		is_array(settings.endpoints)
		some index, value in settings.endpoints
		is_string(value)
		place := concat("", ["endpoints[", format_int(index, 10), "]"])
	}
}

is_endpoint("endpoint")

is_endpoint(name) if endswith(name, "_endpoint")

# Not every field that ends so: proxy_url is the way, and no end.
is_endpoint(name) if name in {"api_url", "ingest_url"}

is_local(settings) if {
	found := endpoints(settings)
	count(found) > 0
	every _, endpoint in found {
		is_loopback(endpoint)
	}
}

# Whether an address leads to this very machine: "127.0.0.1:4317", "http://localhost:4318/v1/traces".
is_loopback(address) if {
	parts := split(lower(address), "://")
	authority := split(replace(replace(parts[count(parts) - 1], "?", "/"), "#", "/"), "/")[0]
	users := split(authority, "@")
	is_loopback_host(host_of(users[count(users) - 1]))
}

host_of(place) := trim_prefix(text.cut(place, "]")[0], "[") if startswith(place, "[")

host_of(place) := text.cut(place, ":")[0] if not startswith(place, "[")

is_loopback_host("localhost")

is_loopback_host("::1")

is_loopback_host(host) if {
	startswith(host, "127.")
	text.is_made_of(host, concat("", [text.digits, "."]))
}
