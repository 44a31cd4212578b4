# Configurations of collectors as objects: spec.config of the OpenTelemetry operator's OpenTelemetryCollector.
package lib.collector

import data.lib.field

# v1alpha1 keeps a text there, which no rule reads.
is_text(resource) if is_string(resource.spec.config)

as_text := "spec.config is a text, which no rule reads: write the collector as opentelemetry.io/v1beta1, where it is an object"

# One part of the configuration by component, such as `receivers`; undefined where it is none that the API server takes.
section(resource, name) := value if {
	value := object_or_empty(resource.spec.config, name)
	is_object(value)
}

# What a component is told. One that is named and told nothing has its defaults.
settings(components, id) := value if {
	value := object_or_empty(components, id)
	is_object(value)
} else := {}

# Every pipeline: {"path": "spec.config.service.pipelines.traces", "pipeline": {…}}.
pipelines(resource) := {{"path": path, "pipeline": pipeline} |
	some id, pipeline in section(resource, "service").pipelines
	is_object(pipeline)
	path := field.step("spec.config.service.pipelines", id)
}

# Names of a pipeline's components: [] where it has none, undefined where they are no list.
named(pipeline, role) := value if {
	value := pipeline[role]
	is_array(value)
} else := [] if {
	object.get(pipeline, role, null) == null
}

# "batch" of "batch/traces".
type_of(id) := split(id, "/")[0]

# Whether the collector itself puts in the value when it starts: "${env:LIMIT}".
is_reference(value) if {
	is_string(value)
	contains(value, "${")
}

object_or_empty(holder, name) := value if {
	value := holder[name]
	value != null
} else := {}
