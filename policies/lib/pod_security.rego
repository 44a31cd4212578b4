# The Pod Security Standards as Kubernetes 1.35 enforces them: a function for each control of
# k8s.io/pod-security-admission v0.35.4, called what it is called there. Each gives the faults that it finds in a pod of
# `workload.pods`. Here is the level "baseline" and what both levels share; `pod_security_restricted.rego` has the other.
package lib.pod_security

import data.lib.field
import data.lib.workload

# What the level "baseline" refuses.
baseline(resource) := {fault |
	some pod in workload.pods(resource)
	some fault in union({
		of_both_levels(pod),
		capabilities_baseline(pod),
		host_path_volumes(pod),
		proc_mount(pod),
		seccomp_profile_baseline(pod),
	})
}

of_both_levels(pod) := union({
	app_armor_profile(pod),
	host_namespaces(pod),
	host_ports(pod),
	host_probes_and_host_lifecycle(pod),
	privileged(pod),
	se_linux_options(pod),
	sysctls(pod),
	windows_host_process(pod),
})

# Controls of both levels

app_armor_profile(pod) := app_armor_fields(pod) | app_armor_annotations(pod)

app_armor_fields(pod) := {fault(path, "must be RuntimeDefault or Localhost: leave appArmorProfile out for the default") |
	some place in workload.security_contexts(pod)
	profile := place.context.appArmorProfile
	profile != null
	not is_confined(profile)
	path := concat(".", [place.path, "appArmorProfile.type"])
}

app_armor_annotations(pod) := {fault(path, "must be runtime/default or localhost/…: leave it out for the default") |
	some key, value in pod.annotations
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	not is_confining_annotation(value)
	path := field.entry(pod.annotations_path, key)
}

is_confining_annotation(value) if value in {null, "", "runtime/default"}

is_confining_annotation(value) if startswith(value, "localhost/")

host_namespaces(pod) := {fault(path, "is true: leave it out, the pod then has a namespace of its own") |
	some name in {"hostIPC", "hostNetwork", "hostPID"}
	pod.spec[name] == true
	path := concat(".", [pod.path, name])
}

host_ports(pod) := {fault(path, "takes a port of the node: leave it out, and let a Service lead to the container") |
	some place in pod.containers
	is_array(place.container.ports)
	some index, port in place.container.ports
	not field.value(port, ["hostPort"]) in {null, 0}
	path := concat("", [place.path, ".ports[", format_int(index, 10), "].hostPort"])
}

# The kubelet follows a probe to any host that the node reaches.
host_probes_and_host_lifecycle(pod) := {fault(path, "must be left out: the kubelet then asks the pod itself") |
	some place in pod.containers
	some handler in handlers
	some action in {"httpGet", "tcpSocket"}
	host := object.get(place.container, array.concat(handler, [action, "host"]), null)
	not host in {null, ""}
	path := concat(".", [place.path, concat(".", handler), action, "host"])
}

handlers := {
	["livenessProbe"],
	["readinessProbe"],
	["startupProbe"],
	["lifecycle", "postStart"],
	["lifecycle", "preStop"],
}

privileged(pod) := {fault(path, "is true: leave it out, and add the few rights that the container needs") |
	some place in pod.containers
	place.container.securityContext.privileged == true
	path := concat(".", [place.path, "securityContext.privileged"])
}

se_linux_options(pod) := {fault(path, "is not among the values that keep a container confined: leave it out") |
	some place in workload.security_contexts(pod)
	some name in {"type", "user", "role"}
	value := place.context.seLinuxOptions[name]
	not is_confining_option(name, value)
	path := concat(".", [place.path, "seLinuxOptions", name])
}

is_confining_option(_, value) if value in {null, ""}

is_confining_option("type", value) if {
	value in {"container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
}

sysctls(pod) := {fault(path, "is not among the sysctls that concern the pod alone: leave it out") |
	is_array(pod.spec.securityContext.sysctls)
	some index, sysctl in pod.spec.securityContext.sysctls
	not field.value(sysctl, ["name"]) in safe_sysctls
	path := concat("", [pod.path, ".securityContext.sysctls[", format_int(index, 10), "].name"])
}

safe_sysctls := {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
}

windows_host_process(pod) := {fault(path, "is true: leave it out, the process would run on the node itself") |
	some place in workload.security_contexts(pod)
	place.context.windowsOptions.hostProcess == true
	path := concat(".", [place.path, "windowsOptions.hostProcess"])
}

# Controls of baseline that restricted sharpens

capabilities_baseline(pod) := added_capabilities(pod, {
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
})

added_capabilities(pod, allowed) := {fault(path, words) |
	some place in pod.containers
	added := place.container.securityContext.capabilities.add
	is_array(added)
	some index, capability in added
	not capability in allowed
	path := concat("", [place.path, ".securityContext.capabilities.add[", format_int(index, 10), "]"])
	words := concat("", ["must not be added: only ", concat(", ", sort(allowed)), " may be"])
}

host_path_volumes(pod) := {fault(path, "opens the node's files: use a volume that the cluster provides") |
	some place in volumes(pod)
	field.value(place.volume, ["hostPath"]) != null
	path := concat(".", [place.path, "hostPath"])
}

# In a user namespace what /proc tells is of no use against the node.
proc_mount(pod) := set() if {
	pod.spec.hostUsers == false
} else := proc_mount_restricted(pod)

proc_mount_restricted(pod) := {fault(path, "must be Default, which an absent one means") |
	some place in pod.containers
	mount := place.container.securityContext.procMount
	not mount in {null, "Default"}
	path := concat(".", [place.path, "securityContext.procMount"])
}

seccomp_profile_baseline(pod) := {unconfined_system_calls(place) |
	some place in workload.security_contexts(pod)
	profile := field.value(place.context, ["seccompProfile"])
	profile != null
	not is_confined(profile)
}

# What the controls of both levels share

fault(path, words) := {"path": path, "message": concat(" ", [path, words])}

unconfined_system_calls(place) := fault(
	concat(".", [place.path, "seccompProfile.type"]),
	"must be RuntimeDefault or Localhost: a container without a profile may make every system call",
)

is_confined(profile) if profile.type in {"RuntimeDefault", "Localhost"}

is_windows(pod) if pod.spec.os.name == "windows"

# Where a field stands that a pod may say for all its containers: in each that says it itself, and in the pod where it
# says it or a container leaves it to the pod.
deciding(pod, name) := array.concat(said, left_to_pod) if {
	said := [place | some place in workload.security_contexts(pod); says(place.context, name)]
	left_to_pod := [workload.pod_context(pod) |
		some container in pod.containers
		not says(workload.container_context(container).context, name)
	]
}

says(context, name) if field.value(context, [name]) != null

volumes(pod) := [{"path": path, "volume": volume} |
	is_array(pod.spec.volumes)
	some index, volume in pod.spec.volumes
	is_object(volume)
	path := concat("", [pod.path, ".volumes[", format_int(index, 10), "]"])
]
