# Fields of an object, where null is absent, and what has another type than the API server accepts is passed over.
package lib.field

import data.lib.text

# The value at a place, such as ["spec", "project"]; null when there is none.
value(holder, place) := object.get(holder, place, null) if {
	is_object(holder)
} else := null

list(holder, place) := found if {
	found := object.get(holder, place, null)
	is_array(found)
} else := []

map(holder, place) := found if {
	found := object.get(holder, place, null)
	is_object(found)
} else := {}

# "rules", 0 → "rules[0]"
item(path, index) := concat("", [path, "[", format_int(index, 10), "]"])

# "metadata.labels", "a.b/c" → "metadata.labels[\"a.b/c\"]"
entry(path, key) := concat("", [path, "[\"", strings.replace_n({"\\": "\\\\", "\"": "\\\""}, key), "\"]"])

# The same where a plain name needs no brackets: "parameters", "type" → "parameters.type"
step(path, name) := concat(".", [path, name]) if {
	text.is_made_of(name, concat("", [text.alphanumerics, "_-"]))
} else := entry(path, name)
