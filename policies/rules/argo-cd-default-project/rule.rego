package fleetwright.argo_cd_default_project

import data.lib.argo
import data.lib.field

violation contains {"msg": msg, "details": {"path": path}} if {
	some application in argo.applications(input.review.object)
	is_default(application, field.value(application.own, ["spec", "project"]))
	path := concat("", [application.prefix, "spec.project"])
	msg := concat("", [path, " is default, as an absent one is, and belongs to nobody: name the project of a tenant"])
}

is_default(_, "default")

# A generator's template that names none has the set's, which is judged where it stands.
is_default(application, project) if {
	project in {null, ""}
	application.base == {}
}
