# What somebody may do although a rule forbids it: by agreement, each with an owner, a reason and an end. Whether the end
# has come is judged before a rule is asked, since no rule knows the time.
package lib.exemption

import data.lib.field
import data.lib.text

# Whether an exemption covers the violation at this path.
covers(path) if covering(path) >= 0

# The number of the first exemption that does.
covering(path) := min(numbers) if {
	numbers := {one.number | some one in applying; reaches(one, path)}
	count(numbers) > 0
}

# Exemptions of the object or of what made it: "place" stands before the object's paths in those of its maker.
applying := {{"number": number, "place": identity.place, "paths": field.list(exemption, ["paths"])} |
	some number, exemption in field.list(input.parameters, ["exemptions"])
	exemption.namespace == namespace
	some identity in identities
	exemption.kind == identity.kind
	exemption.group == identity.group
	is_named(exemption, identity)
}

is_named(exemption, identity) if {
	exemption.name == identity.name
	identity.name != ""
}

# Controllers whose names are made while they run.
is_named(exemption, identity) if {
	exemption.name == ""
	identity.is_controller
}

reaches(one, _) if count(one.paths) == 0

reaches(one, path) if {
	some agreed in one.paths
	is_within(concat("", [one.place, path]), agreed)
}

is_within(path, agreed) if path == agreed

is_within(path, agreed) if {
	startswith(path, agreed)
	substring(path, count(agreed), 1) in {".", "["}
}

# "" for objects of the cluster; the API server fills in any other before admission.
namespace := said if {
	said := field.value(input.review.object, ["metadata", "namespace"])
	said != null
} else := ""

identities := own | (controllers | makers)

own := {{"kind": resource.kind, "group": group_of(resource.apiVersion), "name": name, "place": "", "is_controller": false} |
	resource := input.review.object
	name := field.value(resource, ["metadata", "name"])
}

controllers := {{"kind": owner.kind, "group": group_of(owner.apiVersion), "name": owner.name, "place": place_in(owner.kind), "is_controller": true} |
	some owner in controlling
}

controlling := [owner |
	some owner in field.list(input.review.object, ["metadata", "ownerReferences"])
	owner.controller == true
]

place_in(kind) := "spec.template." if {
	input.review.object.kind == "Pod"
	kind in {"DaemonSet", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"}
} else := "spec.jobTemplate." if {
	input.review.object.kind == "Job"
	kind == "CronJob"
} else := ""

# What made the controller of a Pod. Its name is read off the controller's, as Kubernetes puts that together.
makers := by_replica_set | by_job

by_replica_set := {{"kind": maker.kind, "group": maker.group, "name": name, "place": "spec.template.", "is_controller": false} |
	some owner in controlling_pods
	owner.kind == "ReplicaSet"
	group_of(owner.apiVersion) == "apps"
	some maker in replica_set_makers
	hash := object.get(field.map(input.review.object, ["metadata", "labels"]), maker.label, "")
	hash != ""
	suffix := concat("", ["-", hash])
	endswith(owner.name, suffix)
	name := trim_suffix(owner.name, suffix)
}

replica_set_makers := [
	{"label": "pod-template-hash", "kind": "Deployment", "group": "apps"},
	{"label": "rollouts-pod-template-hash", "kind": "Rollout", "group": "argoproj.io"},
]

by_job := {{"kind": "CronJob", "group": "batch", "name": name, "place": "spec.jobTemplate.spec.template.", "is_controller": false} |
	some owner in controlling_pods
	owner.kind == "Job"
	group_of(owner.apiVersion) == "batch"
	parts := split(owner.name, "-")
	last := count(parts) - 1
	text.is_made_of(parts[last], text.digits)
	name := concat("-", array.slice(parts, 0, last))
}

controlling_pods := [owner |
	input.review.object.kind == "Pod"
	some owner in controlling
]

# "apps/v1" → "apps", "v1" → ""
group_of(version) := split(version, "/")[0] if {
	contains(version, "/")
} else := ""
