package fleetwright.run_as_non_root

import data.lib.field
import data.lib.workload

violation contains {"msg": msg, "details": {"path": path}} if {
	some pod in workload.pods(input.review.object)
	some container in pod.containers
	place := deciding(pod, container)
	not place.context.runAsNonRoot == true
	path := concat(".", [place.path, "runAsNonRoot"])
	msg := concat("", [path, " must be true, for the pod or for each of its containers: else the image may choose root"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some pod in workload.pods(input.review.object)
	some place in workload.security_contexts(pod)
	place.context.runAsUser == 0
	path := concat(".", [place.path, "runAsUser"])
	msg := concat("", [path, " is 0, which is root: name another user, or leave it to the image"])
}

# The container's own word counts; where it says nothing, the pod's.
deciding(pod, container) := place if {
	place := workload.container_context(container)
	field.value(place.context, ["runAsNonRoot"]) != null
} else := workload.pod_context(pod)
