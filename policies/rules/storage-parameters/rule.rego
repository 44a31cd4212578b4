package fleetwright.storage_parameters

import data.lib.entry
import data.lib.field

most_parameters := 512

most_bytes := 256 * 1024

ebs_types := {"gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"}

parameters := {key: entry.read(value) | some key, value in given} if {
	given := input.review.object.parameters
	is_object(given)
}

texts := {key: value | some key, value in parameters; is_string(value)}

violation contains {"msg": msg, "details": {"path": "parameters"}} if {
	given := input.review.object.parameters
	given != null
	not is_object(given)
	msg := "parameters must be a map of texts by name"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, value in parameters
	not is_string(value)
	path := field.step("parameters", key)
	msg := concat("", [path, " must be a text: put the value in quotes"])
}

violation contains {"msg": msg, "details": {"path": "parameters"}} if {
	count(parameters) > most_parameters
	msg := concat("", ["parameters are more than ", format_int(most_parameters, 10), ", and no class can have that many"])
}

violation contains {"msg": msg, "details": {"path": "parameters"}} if {
	bytes > most_bytes
	msg := concat("", ["parameters have more than ", format_int(most_bytes / 1024, 10), " KiB of names and values, and no class can have that much"])
}

# A text has as many bytes as three quarters of its base64, padding left away.
bytes := floor((count(trim_right(base64.encode(all), "=")) * 3) / 4) if {
	all := concat("", [concat("", [key, value]) | some key, value in texts])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, value in ebs
	lower(key) == "type"
	not value in ebs_types
	value != "" # the driver's own default
	path := field.step("parameters", key)
	msg := concat("", [path, " is no type of EBS volumes: write one of ", concat(", ", sort(ebs_types)), ", spelt so"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, _ in ebs
	lower(key) == "iopspergb"
	"iops" in {lower(other) | some other, _ in ebs}
	path := field.step("parameters", key)
	msg := concat("", [path, " and iops exclude each other: the EBS driver makes no volume with both"])
}

ebs := texts if input.review.object.provisioner == "ebs.csi.aws.com"
