package fleetwright.container_probes

import data.lib.field
import data.lib.workload

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in long_running
	some probe in {"readinessProbe", "livenessProbe"}
	not asks(field.value(place.container, [probe]))
	path := concat(".", [place.path, probe])
	msg := concat("", [path, " must be there and ask something, by httpGet, tcpSocket, grpc or exec"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in long_running
	asks(place.container.readinessProbe)
	decisive(place.container.readinessProbe) == decisive(place.container.livenessProbe)
	path := concat(".", [place.path, "livenessProbe"])
	msg := concat("", [path, " is the readinessProbe: ask for less, or raise failureThreshold, or a busy container is killed"])
}

long_running := [container |
	not input.review.object.kind in {"CronJob", "Job"}
	some pod in workload.pods(input.review.object)
	restart_policy(pod.spec, "Always") == "Always"
	some container in pod.containers
	restart_policy(container.container, usual_policy[container.field]) == "Always"
]

# What a container without a restartPolicy of its own does once it has ended in a pod that goes on.
usual_policy := {"containers": "Always", "initContainers": "Never", "ephemeralContainers": "Never"}

restart_policy(holder, usual) := policy if {
	policy := holder.restartPolicy
	policy != null
} else := usual

asks(probe) if {
	some handler in {"exec", "grpc", "httpGet", "tcpSocket"}
	probe[handler] != null
}

# Everything that a probe says and that is not the default.
decisive(probe) := {[path, value] |
	walk(probe, [path, value])
	not is_object(value)
	not is_array(value)
	not value in {null, 0, ""}
	not defaults[path[count(path) - 1]] == value
}

defaults := {
	"failureThreshold": 3,
	"path": "/",
	"periodSeconds": 10,
	"scheme": "HTTP",
	"successThreshold": 1,
	"timeoutSeconds": 1,
}
