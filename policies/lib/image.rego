# Image references, read as distribution/reference v0.6.0 reads them: the code behind containerd and the kubelet.
package lib.image

hub := "docker.io"

component := `(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])`

registry_pattern := concat("", [`^(?:`, component, `(?:\.`, component, `)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$`])

segment := `[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`

repository_pattern := concat("", [`^`, segment, `(?:/`, segment, `)*$`])

tag_pattern := `^\w[\w.-]{0,127}$`

# The algorithms that opencontainers/go-digest registers; each has one length, in lower case.
digest_pattern := `^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$`

# The parts of a reference, "docker.io" and "library/" filled in; `tag` and `digest` are null when absent.
# Undefined for what no container runtime would accept.
parse(text) := {"registry": place.registry, "name": name, "tag": tag, "digest": digest} if {
	is_string(text)
	not regex.match(`^[a-f0-9]{64}$`, text) # a bare 64-digit identifier is refused upstream too
	[located, digest] := cut(text, "@")
	place := locate(located)
	[repository, tag] := cut(place.remainder, ":")
	regex.match(registry_pattern, place.registry)
	regex.match(repository_pattern, repository)
	count(repository) <= 255 # RepositoryNameTotalLengthMax
	null_or_match(tag, tag_pattern)
	null_or_match(digest, digest_pattern)
	name := concat("/", [place.registry, repository])
}

# Whether a parsed reference lies in one of the places: "ghcr.io/acme" holds ghcr.io/acme/app, never ghcr.io/acme-evil.
within(reference, places) if {
	some place in places
	is_string(place)
	prefix := canonical_place(place)
	starts_at_boundary(reference.name, prefix)
}

starts_at_boundary(name, prefix) if name == prefix

starts_at_boundary(name, prefix) if startswith(name, concat("", [prefix, "/"]))

canonical_place(place) := concat("/", array.concat([canonical_registry(parts[0])], array.slice(parts, 1, count(parts)))) if {
	parts := split(trim_right(place, "/"), "/")
}

# "a/b" → ["a", "b"], "a" → ["a", null]; only the first separator cuts.
cut(text, separator) := [substring(text, 0, at), substring(text, at + count(separator), -1)] if {
	at := indexof(text, separator)
	at >= 0
} else := [text, null]

locate(text) := {"registry": hub, "remainder": concat("", ["library/", text])} if not contains(text, "/")

locate(text) := {"registry": registry, "remainder": in_library(registry, rest)} if {
	[first, rest] := cut(text, "/")
	rest != null
	is_registry(first)
	registry := canonical_registry(first)
}

locate(text) := {"registry": hub, "remainder": text} if {
	[first, rest] := cut(text, "/")
	rest != null
	not is_registry(first)
}

# The first part of a reference is a registry when it could not be a namespace of Docker Hub.
is_registry("localhost")

is_registry(first) if contains(first, ".")

is_registry(first) if contains(first, ":")

is_registry(first) if lower(first) != first

canonical_registry("index.docker.io") := hub

canonical_registry(registry) := registry if registry != "index.docker.io"

in_library(registry, rest) := concat("", ["library/", rest]) if {
	registry == hub
	not contains(rest, "/")
} else := rest

null_or_match(null, _)

null_or_match(text, pattern) if {
	is_string(text)
	regex.match(pattern, text)
}

# What a rule says of a value that is no reference. The value itself is not repeated: it may hold a password.
unreadable(path, "") := concat("", [path, " is empty: name an image"])

unreadable(path, text) := concat("", [path, " is not an image reference: write registry/repository:tag@digest in lower case"]) if {
	text != ""
	not parse(text)
}
