package fleetwright.argo_cd_pruning

import data.lib.argo
import data.lib.field

automated := ["spec", "syncPolicy", "automated"]

label := "fleetwright.dev/prune"

violation contains {"msg": msg, "details": {"path": path}} if {
	some application in automatic
	is_on(application, "allowEmpty")
	path := concat("", [application.prefix, "spec.syncPolicy.automated.allowEmpty"])
	msg := concat("", [path, " lets an empty repository delete everything: leave it out"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some application in automatic
	is_on(application, "prune")
	not is_asked_for(argo.said(application, ["metadata", "labels", label]))
	path := concat("", [application.prefix, "spec.syncPolicy.automated.prune"])
	msg := concat("", [path, " deletes what leaves the repository: say so by the label ", label, ", \"true\", or leave it out"])
}

# Those that are synced without anybody asking. A generator's template that says nothing of it has the set's, which is
# judged where it stands.
automatic contains application if {
	some application in argo.applications(input.review.object)
	is_object(field.value(application.own, automated))
	argo.said(application, array.concat(automated, ["enabled"])) != false
}

is_on(application, setting) if not argo.said(application, array.concat(automated, [setting])) in {null, false}

is_asked_for("true")

is_asked_for(value) if argo.is_templated(value)
