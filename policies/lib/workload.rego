# Where objects keep the images they run: one walk for every kind that holds a pod spec.
package lib.workload

# A pod spec stands in one of these places, whatever the kind is called: a Job, a StatefulSet or a Rollout of
# another controller all keep it at spec.template.spec.
template_places := [
	["spec", "template", "spec"],
	["spec", "jobTemplate", "spec", "template", "spec"],
	["template", "spec"],
]

container_fields := ["containers", "initContainers", "ephemeralContainers"]

# Every pod spec of an object: {"path": "spec.template.spec", "spec": {…}}.
pod_specs(resource) := of_pod | of_templates if {
	of_pod := {{"path": "spec", "spec": resource.spec} | resource.kind == "Pod"}
	of_templates := {{"path": concat(".", place), "spec": spec} |
		some place in template_places
		spec := object.get(resource, place, null)
		is_object(spec)
	}
}

# Every image of an object: {"path": "spec.containers[0].image", "image": …}. An absent image is "", as the API
# server reads null and "" alike.
images(resource) := of_containers(resource) | of_volumes(resource)

of_containers(resource) := {{"path": path, "image": image} |
	some pod in pod_specs(resource)
	some field in container_fields
	containers := pod.spec[field]
	is_array(containers)
	some index, container in containers
	is_object(container)
	path := concat("", [pod.path, ".", field, "[", format_int(index, 10), "].image"])
	image := text_or_empty(container, "image")
}

of_volumes(resource) := {{"path": path, "image": image} |
	some pod in pod_specs(resource)
	is_array(pod.spec.volumes)
	some index, volume in pod.spec.volumes
	is_object(volume.image)
	path := concat("", [pod.path, ".volumes[", format_int(index, 10), "].image.reference"])
	image := text_or_empty(volume.image, "reference")
}

text_or_empty(holder, field) := value if {
	value := holder[field]
	value != null
} else := ""

# Every pod spec of an object, with its containers and with the annotations that stand beside it:
# {"path": …, "spec": …, "containers": {…}, "annotations_path": "spec.template.metadata.annotations", "annotations": {…}}.
pods(resource) := {pod |
	some found in pod_specs(resource)
	is_object(found.spec)
	annotations_path := concat("", [trim_suffix(found.path, "spec"), "metadata.annotations"])
	pod := {
		"path": found.path,
		"spec": found.spec,
		"containers": containers(found),
		"annotations_path": annotations_path,
		"annotations": object.get(resource, split(annotations_path, "."), null),
	}
}

# Every container of a pod spec: {"path": "spec.initContainers[0]", "field": "initContainers", "container": {…}}.
containers(pod) := {{"path": path, "field": field, "container": container} |
	some field in container_fields
	is_array(pod.spec[field])
	some index, container in pod.spec[field]
	is_object(container)
	path := concat("", [pod.path, ".", field, "[", format_int(index, 10), "]"])
}

# Every securityContext, that of the pod and those of its containers: {"path": "spec.securityContext", "context": …}.
security_contexts(pod) := {pod_context(pod)} | {container_context(container) | some container in pod.containers}

pod_context(pod) := {
	"path": concat(".", [pod.path, "securityContext"]),
	"context": value_of(pod.spec, "securityContext"),
}

container_context(container) := {
	"path": concat(".", [container.path, "securityContext"]),
	"context": value_of(container.container, "securityContext"),
}

# What a field says, or null where it says nothing: the API server reads null and absent alike.
value_of(holder, field) := value if {
	value := holder[field]
} else := null
