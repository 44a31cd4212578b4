# Claims to volumes, wherever an object makes them: itself, for each of its pods, or for as long as a pod lives.
package lib.claim

import data.lib.entry
import data.lib.field
import data.lib.workload

# The class of a claim stood here before there was a field, and counts more than the field where both are said.
beta := "volume.beta.kubernetes.io/storage-class"

# Every claim of an object: {"path": "spec.volumeClaimTemplates[0]", "claim": {…}}; "" is the path of an object that is one.
claims(resource) := (of_itself(resource) | of_templates(resource)) | (of_pods(resource) | of_operand(resource))

of_itself(resource) := {{"path": "", "claim": resource} | resource.kind == "PersistentVolumeClaim"}

# A StatefulSet, or what an operator makes one of.
of_templates(resource) := {{"path": path, "claim": template} |
	some index, template in field.list(resource, ["spec", "volumeClaimTemplates"])
	path := field.item("spec.volumeClaimTemplates", index)
}

of_pods(resource) := {claim |
	some pod in workload.pod_specs(resource)
	some claim in of_volumes(pod)
}

of_volumes(pod) := {{"path": path, "claim": template} |
	some index, volume in field.list(pod.spec, ["volumes"])
	template := field.value(volume, ["ephemeral", "volumeClaimTemplate"])
	template != null
	path := concat("", [pod.path, ".volumes[", format_int(index, 10), "].ephemeral.volumeClaimTemplate"])
}

# What the operators of Prometheus and of the collector make of their resources.
of_operand(resource) := of_volumes({"path": "spec", "spec": field.map(resource, ["spec"])}) | of_storage(resource) if {
	resource.kind in workload.operands
} else := set()

of_storage(resource) := {{"path": concat(".", place), "claim": template} |
	some place in [["spec", "storage", "volumeClaimTemplate"], ["spec", "storage", "ephemeral", "volumeClaimTemplate"]]
	template := field.value(resource, place)
	template != null
}

# The class that a claim names, and where: {"path": …, "class": …}; null is none, which asks for the default one.
class_of(place) := {"path": step(place, field.entry("metadata.annotations", beta)), "class": class} if {
	class := entry.text(place.claim, ["metadata", "annotations"], beta)
	class != null
} else := {
	"path": step(place, "spec.storageClassName"),
	"class": field.value(place.claim, ["spec", "storageClassName"]),
}

# Whether a claim says which of the volumes that were made by hand it asks for.
chooses_volume(place) if not field.value(place.claim, ["spec", "volumeName"]) in {null, ""}

# An empty one matches every volume.
chooses_volume(place) if count(field.map(place.claim, ["spec", "selector", "matchLabels"])) > 0

chooses_volume(place) if count(field.list(place.claim, ["spec", "selector", "matchExpressions"])) > 0

step(place, inner) := inner if {
	place.path == ""
} else := concat(".", [place.path, inner])
