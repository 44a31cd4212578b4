# Where objects keep the images they run: one walk for every kind that holds a pod spec. What is found stands in arrays: a
# set would compare and hash every container whole, at several times the cost of finding it.
package lib.workload

import data.lib.chaos
import data.lib.field

# A pod spec stands in one of these places, whatever the kind is called: a Job, a StatefulSet or a Rollout of
# another controller all keep it at spec.template.spec.
template_places := [
	["spec", "template", "spec"],
	["spec", "jobTemplate", "spec", "template", "spec"],
	["template", "spec"],
]

container_fields := ["containers", "initContainers", "ephemeralContainers"]

# Every pod spec of an object: {"path": "spec.template.spec", "spec": {…}}.
pod_specs(resource) := array.concat(of_pod, of_templates) if {
	of_pod := [{"path": "spec", "spec": resource.spec} | resource.kind == "Pod"]
	of_templates := [{"path": concat(".", place), "spec": spec} |
		some place in template_places
		spec := object.get(resource, place, null)
		is_object(spec)
	]
}

# Every image of an object: {"path": "spec.containers[0].image", "image": …}. An absent image is "", as the API
# server reads null and "" alike.
images(resource) := array.concat(
	array.concat(of_pods(resource), of_operand(resource)),
	array.concat(of_tasks(resource), of_analysis(resource)),
)

of_pods(resource) := [image |
	some pod in pod_specs(resource)
	some image in of_pod(pod)
]

of_pod(pod) := array.concat(of_containers(pod, container_fields), of_volumes(pod))

of_containers(pod, fields) := [{"path": path, "image": image} |
	some place in containers_in(pod, fields)
	path := concat(".", [place.path, "image"])
	image := text_or_empty(place.container, "image")
]

of_volumes(pod) := [{"path": path, "image": image} |
	is_array(pod.spec.volumes)
	some index, volume in pod.spec.volumes
	is_object(volume.image)
	path := concat("", [pod.path, ".volumes[", format_int(index, 10), "].image.reference"])
	image := text_or_empty(volume.image, "reference")
]

# What an operator runs. Where no image is named it takes its own, and a container that names none changes one of these.
operands := {"Alertmanager", "OpenTelemetryCollector", "Prometheus", "PrometheusAgent", "ThanosRuler"}

operand_places := [["spec"], ["spec", "thanos"], ["spec", "targetAllocator"]]

of_operand(resource) := [image |
	resource.kind in operands
	some image in array.concat(named_by_operand(resource), of_pod_of_operand(resource))
	image.image != ""
]

# The image of the program itself, and of those beside it.
named_by_operand(resource) := [{"path": path, "image": image} |
	some place in operand_places
	holder := object.get(resource, place, null)
	is_object(holder)
	path := concat(".", array.concat(place, ["image"]))
	image := text_or_empty(holder, "image")
]

of_pod_of_operand(resource) := array.concat(of_containers(pod, fields), of_volumes(pod)) if {
	pod := {"path": "spec", "spec": object.get(resource, "spec", {})}
	fields := array.concat(container_fields, ["additionalContainers"])
}

# Programs that are steps of a Workflow of Chaos Mesh.
of_tasks(resource) := [image |
	some step in chaos.steps(resource)
	some image in of_task(concat(".", [step.path, "task"]), object.get(step.step, "task", null))
]

of_task(path, task) := array.concat(of_volumes({"path": path, "spec": task}), of_container) if {
	of_container := [{"path": concat(".", [path, "container.image"]), "image": image} |
		is_object(task.container)
		image := text_or_empty(task.container, "image")
	]
}

# Jobs that decide on a Rollout. What an argument puts in is judged in the Job that comes of it.
of_analysis(resource) := [image |
	resource.kind in {"AnalysisTemplate", "ClusterAnalysisTemplate"}
	some index, metric in resource.spec.metrics
	path := concat("", ["spec.metrics[", format_int(index, 10), "].provider.job.spec.template.spec"])
	some image in of_pod({"path": path, "spec": metric.provider.job.spec.template.spec})
	not has_argument(image.image)
]

has_argument(image) if contains(image, "{{")

text_or_empty(holder, name) := value if {
	value := holder[name]
	value != null
} else := ""

# Every pod spec of an object, with its containers and with the annotations that stand beside it:
# {"path": …, "spec": …, "containers": […], "annotations_path": "spec.template.metadata.annotations", "annotations": {…}}.
pods(resource) := [pod |
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
]

# Every container of a pod spec: {"path": "spec.initContainers[0]", "field": "initContainers", "container": {…}}.
containers(pod) := containers_in(pod, container_fields)

containers_in(pod, fields) := [{"path": path, "field": name, "container": container} |
	some name in fields
	some index, container in field.list(pod.spec, [name])
	is_object(container)
	path := field.item(concat(".", [pod.path, name]), index)
]

# Every securityContext, that of the pod and those of its containers: {"path": "spec.securityContext", "context": …}.
security_contexts(pod) := array.concat([pod_context(pod)], of_all) if {
	of_all := [container_context(container) | some container in pod.containers]
}

pod_context(pod) := {
	"path": concat(".", [pod.path, "securityContext"]),
	"context": field.value(pod.spec, ["securityContext"]),
}

container_context(container) := {
	"path": concat(".", [container.path, "securityContext"]),
	"context": field.value(container.container, ["securityContext"]),
}
