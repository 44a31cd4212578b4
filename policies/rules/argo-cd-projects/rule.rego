package fleetwright.argo_cd_projects

import data.lib.field
import data.lib.text

project := input.review.object

# Where Applications may come from and lead to.
ways := {"sourceRepos", "sourceNamespaces", "destinations"}

violation contains {"msg": msg, "details": {"path": path}} if {
	is_default
	some way in ways
	count(field.list(project, ["spec", way])) > 0
	path := concat(".", ["spec", way])
	msg := concat("", [path, " must be empty in the project default: whoever forgets to name a project falls into it"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some path, value in named
	is_string(value)
	is_open(value)
	msg := concat("", [path, " covers more than it names: name what is meant, one by one, without patterns and !"])
}

# Values by their paths.
named[path] := value if {
	some way in {"sourceRepos", "sourceNamespaces"}
	not is_default
	some index, value in field.list(project, ["spec", way])
	path := field.item(concat(".", ["spec", way]), index)
}

named[path] := value if {
	not is_default
	some index, destination in field.list(project, ["spec", "destinations"])
	some part in {"server", "name", "namespace"}
	value := field.value(destination, [part])
	path := concat(".", [field.item("spec.destinations", index), part])
}

named[path] := value if {
	some index, kind in field.list(project, ["spec", "clusterResourceWhitelist"])
	some part in {"group", "kind"}
	value := field.value(kind, [part])
	path := concat(".", [field.item("spec.clusterResourceWhitelist", index), part])
}

is_default if field.value(project, ["metadata", "name"]) == "default"

is_open(value) if contains(value, "*")

is_open(value) if contains(value, "?")

# Argo CD lets in what such an entry does not name.
is_open(value) if startswith(value, "!")

# Sets of letters, alternatives, and what escapes them; brackets are also around an address of IPv6.
is_open(value) if {
	some sign in {"[", "{", "\\"}
	contains(without_address(value), sign)
}

# Argo CD reads an entry of sourceNamespaces between slashes as a regular expression.
is_open(value) if {
	startswith(value, "/")
	endswith(value, "/")
}

# "https://[::1]:6443" → "https:6443"
without_address(value) := concat("", [scheme, rest]) if {
	[scheme, bracketed] := text.cut(value, "://[")
	[address, rest] := text.cut(bracketed, "]")
	text.is_made_of(address, "0123456789abcdefABCDEF:.")
} else := value
