package fleetwright.exposed_services

import data.lib.field
import data.lib.text

# How a load balancer is asked for that only the cloud's own network reaches.
of_the_inside := {
	"cloud.google.com/load-balancer-type": "Internal",
	"networking.gke.io/load-balancer-type": "Internal",
	"service.beta.kubernetes.io/aws-load-balancer-internal": "true",
	"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
	"service.beta.kubernetes.io/azure-load-balancer-internal": "true",
	"service.beta.kubernetes.io/oci-load-balancer-internal": "true",
	"service.beta.kubernetes.io/openstack-internal-load-balancer": "true",
}

# On AWS this one is asked first, whatever the older annotation says.
aws_scheme := "service.beta.kubernetes.io/aws-load-balancer-scheme"

violation contains {"msg": msg, "details": {"path": "spec.type"}} if {
	service.spec.type == "NodePort"
	msg := "spec.type is NodePort, which opens a port on every node: use ClusterIP, and a route of a gateway"
}

violation contains {"msg": msg, "details": {"path": "spec.externalIPs"}} if {
	count(field.list(service, ["spec", "externalIPs"])) > 0
	msg := "spec.externalIPs takes over traffic to addresses that nobody gave to the Service: leave it out"
}

violation contains {"msg": msg, "details": {"path": "spec.loadBalancerSourceRanges"}} if {
	service.spec.type == "LoadBalancer"
	not field.value(service, ["metadata", "namespace"]) in input.parameters.namespaces
	not is_internal
	not is_bounded
	msg := "spec.loadBalancerSourceRanges does not bound who may call: name narrower ranges, ask for an internal load balancer, or use a route of a gateway"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some index, rule in field.list(ingress, ["spec", "rules"])
	not is_host(field.value(rule, ["host"]))
	path := concat("", [field.item("spec.rules", index), ".host"])
	msg := concat("", [path, " takes requests to hosts of others: name one host, without *"])
}

violation contains {"msg": msg, "details": {"path": "spec.rules"}} if {
	count(field.list(ingress, ["spec", "rules"])) == 0
	msg := "spec.rules is empty, so that every request that no other Ingress takes comes here: name the hosts"
}

service := input.review.object if input.review.object.kind == "Service"

ingress := input.review.object if input.review.object.kind == "Ingress"

annotations := field.map(service, ["metadata", "annotations"])

is_internal if {
	some annotation, value in of_the_inside
	annotations[annotation] == value
	field.value(annotations, [aws_scheme]) in {null, "", "internal"}
}

is_bounded if {
	ranges := field.list(service, ["spec", "loadBalancerSourceRanges"])
	count(ranges) > 0
	every range in ranges {
		[_, bits] := text.cut(trim_space(range), "/")
		text.is_made_of(bits, text.digits)
		to_number(bits) >= 7
	}
}

is_host(host) if {
	is_string(host)
	host != ""
	not contains(host, "*")
}
