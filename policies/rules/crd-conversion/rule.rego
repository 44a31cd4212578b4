package fleetwright.crd_conversion

spec := input.review.object.spec

versions := [version |
	is_array(spec.versions)
	some version in spec.versions
]

violation contains {"msg": msg, "details": {"path": "spec.versions"}} if {
	count(versions) > 0
	count([version | some version in versions; version.storage == true]) != 1
	msg := "spec.versions must have exactly one version with storage: true, in which objects are kept"
}

uses_webhook if spec.conversion.strategy == "Webhook"

webhook := spec.conversion.webhook

violation contains {"msg": msg, "details": {"path": path}} if {
	uses_webhook
	not has_address
	path := "spec.conversion.webhook.clientConfig"
	msg := concat("", [path, " must have a service or a url: without it no object can be converted"])
}

has_address if is_object(webhook.clientConfig.service)

has_address if {
	is_string(webhook.clientConfig.url)
	webhook.clientConfig.url != ""
}

violation contains {"msg": msg, "details": {"path": path}} if {
	uses_webhook
	not understands_v1
	path := "spec.conversion.webhook.conversionReviewVersions"
	msg := concat("", [path, " must have v1, the one version of reviews that is not deprecated"])
}

understands_v1 if {
	is_array(webhook.conversionReviewVersions)
	"v1" in webhook.conversionReviewVersions
}

violation contains {"msg": msg, "details": {"path": path}} if {
	not uses_webhook
	schemas_differ
	path := "spec.conversion.strategy"
	msg := concat("", [
		path,
		" is not Webhook, so that a conversion drops every field that the other version lacks, and the schemas of ",
		concat(", ", [version.name | some version in live; is_string(version.name)]),
		" differ: convert with a webhook, or give each of them the same schema",
	])
}

# Most schemas are equal as they stand: to compare those first costs a tenth.
schemas_differ if {
	count({object.get(version, "schema", null) | some version in live}) > 1
	count({meaning(version) | some version in live}) > 1
}

# Versions that objects are written or kept in.
live := [version | some version in versions; is_live(version)]

is_live(version) if version.served == true

is_live(version) if version.storage == true

# What a schema refuses and drops: every value in it with its place, but for prose, and for defaults, which are written
# into an object before it is converted.
meaning(version) := {[place(path), value] |
	walk(version.schema.openAPIV3Schema, [path, value])
	value != null
	is_leaf(value)
	not is_prose(path, value)
	not is_default(path)
}

# The order of plain values, such as those of enum and required, says nothing.
place(path) := array.slice(path, 0, last) if {
	last := count(path) - 1
	is_number(path[last])
} else := path

is_leaf(value) if {
	not is_array(value)
	not has_fields(value)
}

has_fields(value) if {
	is_object(value)
	count(value) > 0
}

# Properties may be called so as well, but a property is no text, and stands below properties.
is_prose(path, value) if {
	is_string(value)
	path[count(path) - 1] in {"description", "title"}
}

is_default(path) if {
	some index, "default" in path
	not is_property(path, index)
}

is_property(path, index) if path[index - 1] == "properties"
