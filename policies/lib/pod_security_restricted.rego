# The level "restricted" of the Pod Security Standards: the controls that it has beside those of both levels, called what
# they are called in k8s.io/pod-security-admission v0.35.4.
package lib.pod_security_restricted

import data.lib.field
import data.lib.pod_security
import data.lib.workload

# What the level "restricted" refuses. Four of its controls stand in the place of milder ones.
restricted(resource) := {fault |
	some pod in workload.pods(resource)
	some fault in union({
		pod_security.of_both_levels(pod),
		capabilities_restricted(pod),
		restricted_volumes(pod),
		pod_security.proc_mount_restricted(pod),
		seccomp_profile_restricted(pod),
		allow_privilege_escalation(pod),
		run_as_non_root(pod),
		run_as_user(pod),
	})
}

allow_privilege_escalation(pod) := {pod_security.fault(path, "must be false: else a program may gain rights that its container has not") |
	not pod_security.is_windows(pod)
	some place in pod.containers
	not place.container.securityContext.allowPrivilegeEscalation == false
	path := concat(".", [place.path, "securityContext.allowPrivilegeEscalation"])
}

# Windows knows no capabilities that could be dropped.
capabilities_restricted(pod) := pod_security.capabilities_baseline(pod) if {
	pod_security.is_windows(pod)
} else := pod_security.added_capabilities(pod, {"NET_BIND_SERVICE"}) | kept_capabilities(pod)

kept_capabilities(pod) := {pod_security.fault(path, "must hold ALL: add NET_BIND_SERVICE if the container listens below port 1024") |
	some place in pod.containers
	not drops_all(place.container)
	path := concat(".", [place.path, "securityContext.capabilities.drop"])
}

drops_all(container) if {
	dropped := container.securityContext.capabilities.drop
	is_array(dropped)
	"ALL" in dropped
}

# A source that is not known here is refused: a newer Kubernetes may have one that reaches the node. A volume without a
# source becomes an emptyDir.
restricted_volumes(pod) := {pod_security.fault(path, words) |
	some place in pod_security.volumes(pod)
	some source, value in place.volume
	value != null
	not source in ({"name"} | volume_sources)
	path := concat(".", [place.path, source])
	words := concat("", ["is no source of volumes that may be used: use ", concat(", ", sort(volume_sources))])
}

volume_sources := {
	"configMap",
	"csi",
	"downwardAPI",
	"emptyDir",
	"ephemeral",
	"image",
	"persistentVolumeClaim",
	"projected",
	"secret",
}

# Root in a user namespace is nobody on the node.
run_as_non_root(pod) := set() if {
	pod.spec.hostUsers == false
} else := {pod_security.fault(path, "must be true, for the pod or for each of its containers") |
	some place in pod_security.deciding(pod, "runAsNonRoot")
	not place.context.runAsNonRoot == true
	path := concat(".", [place.path, "runAsNonRoot"])
}

run_as_user(pod) := set() if {
	pod.spec.hostUsers == false
} else := {pod_security.fault(path, "is 0, which is root: name another user, or leave it to the image") |
	some place in workload.security_contexts(pod)
	place.context.runAsUser == 0
	path := concat(".", [place.path, "runAsUser"])
}

# Windows knows no profiles.
seccomp_profile_restricted(pod) := pod_security.seccomp_profile_baseline(pod) if {
	pod_security.is_windows(pod)
} else := {pod_security.unconfined_system_calls(place) |
	some place in pod_security.deciding(pod, "seccompProfile")
	not pod_security.is_confined(field.value(place.context, ["seccompProfile"]))
}
