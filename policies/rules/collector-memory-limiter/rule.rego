package fleetwright.collector_memory_limiter

import data.lib.collector
import data.lib.duration
import data.lib.field

resource := input.review.object

violation contains {"msg": collector.as_text, "details": {"path": "spec.config"}} if collector.is_text(resource)

violation contains {"msg": msg, "details": {"path": path}} if {
	some pipeline in collector.pipelines(resource)
	first := first_of(pipeline.pipeline)
	not is_limiter(first)
	path := concat(".", [pipeline.path, "processors"])
	msg := concat("", [path, " must begin with memory_limiter: behind another processor it cannot hold back who sends"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some limiter in limiters
	not is_set_or_reference(limiter.settings, "check_interval")
	path := concat(".", [limiter.path, "check_interval"])
	msg := concat("", [path, " must be a duration of more than 0 with its unit, such as 1s: memory is never looked at otherwise"])
}

violation contains {"msg": msg, "details": {"path": limiter.path}} if {
	some limiter in limiters
	not has_limit(limiter.settings)
	msg := concat("", [limiter.path, " has no limit: set limit_mib to more than 0, or limit_percentage to 1–100"])
}

# "" for a pipeline without processors; undefined where the API server would refuse what stands there.
first_of(pipeline) := id if {
	id := array.concat(collector.named(pipeline, "processors"), [""])[0]
	is_string(id)
}

is_limiter(id) if collector.type_of(id) == "memory_limiter"

# Those that are configured, and those that pipelines begin with: these need a configuration.
limiters contains {"path": path, "settings": settings} if {
	processors := collector.section(resource, "processors")
	some id in (configured(processors) | begun_with)
	is_limiter(id)
	path := field.step("spec.config.processors", id)
	settings := collector.settings(processors, id)
}

configured(processors) := {id | some id, settings in processors; settings != null}

begun_with contains first_of(pipeline.pipeline) if some pipeline in collector.pipelines(resource)

is_set_or_reference(settings, name) if duration.is_positive(settings[name])

is_set_or_reference(settings, name) if collector.is_reference(settings[name])

has_limit(settings) if is_positive(settings.limit_mib)

has_limit(settings) if {
	is_positive(settings.limit_percentage)
	settings.limit_percentage <= 100
}

has_limit(settings) if collector.is_reference(settings.limit_mib)

has_limit(settings) if collector.is_reference(settings.limit_percentage)

is_positive(value) if {
	is_number(value)
	value > 0
}
