# The Applications of Argo CD that an object speaks of: itself, or what an ApplicationSet makes them from.
package lib.argo

import data.lib.field

# Each with the beginning of its paths, what it says, and the template that holds where it says nothing.
applications(resource) := (of_itself(resource) | of_set(resource)) | of_generators(resource)

of_itself(resource) := {{"prefix": "", "own": resource, "base": {}} | resource.kind == "Application"}

of_set(resource) := {{"prefix": "spec.template.", "own": field.map(resource, ["spec", "template"]), "base": {}} |
	resource.kind == "ApplicationSet"
}

# A generator may bring a template, and what that leaves out comes from the set's. Templates of the generators inside a
# matrix or merge are ignored by Argo CD.
of_generators(resource) := {application |
	resource.kind == "ApplicationSet"
	some index, generator in field.list(resource, ["spec", "generators"])
	is_object(generator)
	some kind, settings in generator
	is_object(settings.template)
	application := {
		"prefix": concat("", [field.item("spec.generators", index), ".", kind, ".template."]),
		"own": settings.template,
		"base": field.map(resource, ["spec", "template"]),
	}
}

# What holds for an Application at a place; null when nothing is said.
said(application, place) := own if {
	own := field.value(application.own, place)
	own != null
} else := field.value(application.base, place)

# Whether Argo CD fills the value in. What comes of it is not judged here: the Application that it makes is.
is_templated(value) if {
	is_string(value)
	contains(value, "{{")
}
