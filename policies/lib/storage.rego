# StorageClasses as the API server reads them: null is absent, and what is absent has a default.
package lib.storage

import data.lib.text

binding_mode(class) := value if {
	value := class.volumeBindingMode
	value != null
} else := "Immediate"

reclaim_policy(class) := value if {
	value := class.reclaimPolicy
	value != null
} else := "Delete"

# A name as IsQualifiedName of the API machinery accepts it: an optional DNS subdomain, "/", a name of up to 63.
is_qualified_name(qualified) if is_name(qualified)

is_qualified_name(qualified) if {
	[prefix, name] := split(qualified, "/")
	count(prefix) <= 253
	text.is_subdomain(prefix)
	is_name(name)
}

is_name(name) if {
	count(name) <= 63
	text.is_made_of(name, concat("", [text.alphanumerics, "-_."]))
	text.is_bare_of(name, "-_.")
}
