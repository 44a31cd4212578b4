package fleetwright.collector_batching

import data.lib.collector
import data.lib.duration
import data.lib.field

resource := input.review.object

violation contains {"msg": collector.as_text, "details": {"path": "spec.config"}} if collector.is_text(resource)

violation contains {"msg": msg, "details": {"path": path}} if {
	some pipeline in collector.pipelines(resource)
	not exporters_batch(pipeline.pipeline)
	last := last_of(pipeline.pipeline)
	not is_batch(last)
	path := concat(".", [pipeline.path, "processors"])
	msg := concat("", [path, " must end with batch, or each exporter must have sending_queue.batch: each piece is sent by itself otherwise"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some pipeline in collector.pipelines(resource)
	not exporters_batch(pipeline.pipeline)
	last := last_of(pipeline.pipeline)
	is_batch(last)
	not waits(last)
	path := concat(".", [field.step("spec.config.processors", last), "timeout"])
	msg := concat("", [path, " must be a duration of more than 0 with its unit, such as 200ms: batch waits for nothing otherwise"])
}

# "" for a pipeline without processors; undefined where the API server would refuse what stands there.
last_of(pipeline) := id if {
	id := array.concat(array.reverse(collector.named(pipeline, "processors")), [""])[0]
	is_string(id)
}

is_batch(id) if collector.type_of(id) == "batch"

# Where nothing is said, a batch waits for 200ms.
waits(id) if {
	settings := collector.settings(collector.section(resource, "processors"), id)
	is_absent_or_positive(settings, "timeout")
}

exporters_batch(pipeline) if {
	exporters := collector.named(pipeline, "exporters")
	count(exporters) > 0
	every exporter in exporters {
		batches(exporter)
	}
}

batches(exporter) if {
	queue := collector.settings(collector.section(resource, "exporters"), exporter).sending_queue
	is_object(queue.batch)
	object.get(queue, "enabled", true) != false
	is_absent_or_positive(queue.batch, "flush_timeout")
}

# The collector does not start with a flush_timeout that is none.
batches(exporter) if {
	queue := collector.settings(collector.section(resource, "exporters"), exporter).sending_queue
	object.get(queue, "enabled", true) != false
	collector.is_reference(queue.batch.flush_timeout)
}

# A connector: another pipeline receives what this one exports.
batches(exporter) if {
	object.get(collector.section(resource, "exporters"), exporter, null) == null
	some other in collector.pipelines(resource)
	exporter in collector.named(other.pipeline, "receivers")
}

# What the API server refuses is not judged here.
batches(_) if not collector.section(resource, "exporters")

batches(exporter) if not is_string(exporter)

is_absent_or_positive(settings, name) if object.get(settings, name, null) == null

is_absent_or_positive(settings, name) if duration.is_positive(settings[name])
