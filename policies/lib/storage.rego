# StorageClasses as the API server reads them: null is absent, and what is absent has a default.
package lib.storage

binding_mode(class) := value if {
	value := class.volumeBindingMode
	value != null
} else := "Immediate"

reclaim_policy(class) := value if {
	value := class.reclaimPolicy
	value != null
} else := "Delete"

name_pattern := `^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`

subdomain_pattern := `^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$`

# A name as IsQualifiedName of the API machinery accepts it: an optional DNS subdomain, "/", a name of up to 63.
is_qualified_name(text) if regex.match(name_pattern, text)

is_qualified_name(text) if {
	[prefix, name] := split(text, "/")
	count(prefix) <= 253
	regex.match(subdomain_pattern, prefix)
	regex.match(name_pattern, name)
}
