# Image references, read as distribution/reference v0.6.0 reads them: the code behind containerd and the kubelet. One
# oddity of it is refused here: a first part such as "my_host.example" that has a dot and is no host name.
package lib.image

import data.lib.text

hub := "docker.io"

host_letters := concat("", [text.alphanumerics, "-"])

repository_letters := concat("", [text.digits, text.lower_letters, "._-"])

tag_letters := concat("", [text.alphanumerics, "_.-"])

# Digits that follow an algorithm which opencontainers/go-digest registers.
digest_lengths := {"sha256": 64, "sha384": 96, "sha512": 128}

hexadecimals := "0123456789abcdef"

# What may not stand between two parts of a name: one dot, one or two underscores or any number of dashes may.
wrong_separators := {"..", "._", "_.", ".-", "-.", "_-", "-_", "___"}

# A reference in parts, or null for what no container runtime would accept.
read(reference) := parts if {
	parts := parse(reference)
} else := null

# The parts of a reference, "docker.io" and "library/" filled in; `tag` and `digest` are null when absent.
parse(reference) := {"registry": place.registry, "name": name, "tag": tag, "digest": digest} if {
	is_string(reference)
	not is_identifier(reference)
	[located, digest] := text.cut(reference, "@")
	place := locate(located)
	[repository, tag] := text.cut(place.remainder, ":")
	is_registry(place.registry)
	is_repository(repository)
	is_absent_or_tag(tag)
	is_absent_or_digest(digest)
	name := concat("/", [place.registry, repository])
}

# Whether a parsed reference lies in one of the places: "ghcr.io/acme" holds ghcr.io/acme/app, never ghcr.io/acme-evil.
is_within(reference, places) if {
	name := concat("", [reference.name, "/"])
	some place in places
	is_string(place)
	startswith(name, canonical_place(place))
}

# "index.docker.io/acme" → "docker.io/acme/"
canonical_place(place) := concat("", [hub, "/", trim_prefix(slashed, "index.docker.io/")]) if {
	slashed := concat("", [trim_right(place, "/"), "/"])
	startswith(slashed, "index.docker.io/")
} else := concat("", [trim_right(place, "/"), "/"])

# The registry that a reference names, and what follows it.
locate(reference) := {"registry": hub, "remainder": concat("", ["library/", reference])} if not contains(reference, "/")

locate(reference) := {"registry": registry, "remainder": in_library(registry, rest)} if {
	[first, rest] := text.cut(reference, "/")
	rest != null
	names_registry(first)
	registry := canonical_registry(first)
}

locate(reference) := {"registry": hub, "remainder": reference} if {
	[first, rest] := text.cut(reference, "/")
	rest != null
	not names_registry(first)
}

# The first part of a reference is a registry when it could not be a namespace of Docker Hub.
names_registry("localhost")

names_registry(first) if contains(first, ".")

names_registry(first) if contains(first, ":")

names_registry(first) if lower(first) != first

canonical_registry("index.docker.io") := hub

canonical_registry(registry) := registry if registry != "index.docker.io"

in_library(registry, rest) := concat("", ["library/", rest]) if {
	registry == hub
	not contains(rest, "/")
} else := rest

is_registry(registry) if {
	[host, port] := text.cut(registry, ":")
	is_host(host)
	is_absent_or_port(port)
}

# An IPv6 address stands in brackets, and its colons are not those of a port.
is_registry(registry) if {
	startswith(registry, "[")
	[address, rest] := text.cut(registry, "]")
	text.is_made_of(substring(address, 1, -1), "0123456789abcdefABCDEF:")
	is_port_after_address(rest)
}

is_port_after_address("")

is_port_after_address(rest) if {
	startswith(rest, ":")
	text.is_made_of(substring(rest, 1, -1), text.digits)
}

is_host(host) if {
	every label in split(host, ".") {
		text.is_made_of(label, host_letters)
		text.is_bare_of(label, "-")
	}
}

is_repository(repository) if {
	count(repository) <= 255 # RepositoryNameTotalLengthMax
	every part in split(repository, "/") {
		text.is_made_of(part, repository_letters)
		text.is_bare_of(part, "._-")
		not has_wrong_separator(part)
	}
}

has_wrong_separator(part) if {
	some separator in wrong_separators
	contains(part, separator)
}

is_absent_or_port(null)

is_absent_or_port(port) if text.is_made_of(port, text.digits)

is_absent_or_tag(null)

is_absent_or_tag(tag) if {
	count(tag) <= 128
	text.is_made_of(tag, tag_letters)
	not startswith(tag, ".")
	not startswith(tag, "-")
}

is_absent_or_digest(null)

is_absent_or_digest(digest) if {
	[algorithm, encoded] := text.cut(digest, ":")
	count(encoded) == digest_lengths[algorithm]
	text.is_made_of(encoded, hexadecimals)
}

# A bare image identifier of 64 digits is refused upstream too.
is_identifier(reference) if {
	count(reference) == 64
	text.is_made_of(reference, hexadecimals)
}

# What a rule says where `read` is null. The value itself is not repeated: it may hold a password.
unreadable(path) := concat("", [path, " names no image: write registry/repository:tag@digest, in lower case"])
