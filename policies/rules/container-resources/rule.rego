package fleetwright.container_resources

import data.lib.quantity
import data.lib.workload

# What must be there. A limit is a request too where there is none: the API server fills it in.
needs := [
	{"resource": "cpu", "path": "requests.cpu", "fields": ["requests", "limits"]},
	{"resource": "memory", "path": "requests.memory", "fields": ["requests", "limits"]},
	{"resource": "memory", "path": "limits.memory", "fields": ["limits"]},
]

pods := workload.pods(input.review.object)

violation contains {"msg": msg, "details": {"path": path}} if {
	some pod in pods
	some container in pod.containers
	container.field != "ephemeralContainers"
	some need in needs
	not is_met(need, container.container)
	not is_met(need, pod.spec)
	path := concat(".", [container.path, "resources", need.path])
	msg := concat("", [path, " must be set: what a container takes and nobody reserved is taken from its neighbours"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in places
	some field in {"limits", "requests"}
	some resource in {"cpu", "memory"}
	said := amount(place.holder, field, resource)
	not quantity.read(said) > 0
	path := concat(".", [place.path, "resources", field, resource])
	msg := concat("", [path, " must be a quantity above zero, such as 500m or 1Gi"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in places
	some resource in {"cpu", "memory"}
	limit := quantity.read(amount(place.holder, "limits", resource))
	limit < quantity.read(amount(place.holder, "requests", resource))
	limit > 0
	path := concat(".", [place.path, "resources.limits", resource])
	msg := concat("", [path, " is below the request: raise it, or request less"])
}

# A pod may state resources for all its containers together.
places := array.concat(of_pods, of_containers) if {
	of_pods := [{"path": pod.path, "holder": pod.spec} | some pod in pods]
	of_containers := [{"path": container.path, "holder": container.container} |
		some pod in pods
		some container in pod.containers
	]
}

is_met(need, holder) if {
	some field in need.fields
	amount(holder, field, need.resource)
}

# What is said, undefined where nothing is. The API server reads a quantity that is null as zero.
amount(holder, field, resource) := read(holder.resources[field][resource])

read(null) := 0

read(said) := said if said != null
