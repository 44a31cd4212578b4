package fleetwright.pprof_routes

import data.lib.entry
import data.lib.field
import data.lib.text

below := "/debug/pprof/"

# What regular expressions are tried on: the paths that net/http/pprof serves, and paths of nothing in particular, which
# tell an expression for everything.
profiles := {"/debug/pprof", "/debug/pprof/"} | {concat("", [below, name]) |
	some name in {"allocs", "block", "cmdline", "goroutine", "heap", "mutex", "profile", "symbol", "threadcreate", "trace"}
}

others := {"/unrelated", "/unrelated/path"}

violation contains {"msg": msg, "details": {"path": route.path}} if {
	some route in ((virtual_service | http_route) | ingress)
	is_string(route.value)
	leads(route.how, route.value)
	msg := concat("", [route.path, " leads to /debug/pprof, which shows what is in memory: match only the paths that callers need"])
}

leads("exact", value) if value == "/debug/pprof"

leads("exact", value) if startswith(value, below)

leads("prefix", value) if is_prefix(value)

# By whole parts of a path, where a slash at the end makes no difference.
leads("parts", value) if is_prefix(concat("", [trim_right(value, "/"), "/"]))

leads("regex", value) if is_only_of_profiles(concat("", ["^(?:", value, ")$"]))

# Some read it as a prefix, some as the beginning of a regular expression in any case, some let * stand for anything.
leads("controller", value) if is_only_of_profiles(concat("", ["^(?i:", value, ")"]))

leads("controller", value) if is_prefix(value)

# By letters: "/deb" is a prefix of /debug/pprof, and so is "/", which is one of everything.
is_prefix(value) if {
	not value in {"", "/"}
	startswith(below, value)
}

is_prefix(value) if startswith(value, below)

is_only_of_profiles(pattern) if {
	regex.is_valid(pattern)
	some path in profiles
	regex.match(pattern, path)
	some other in others
	not regex.match(pattern, other)
}

virtual_service contains route if {
	some index, http in field.list(of_kind("VirtualService"), ["spec", "http"])
	not is_object(field.value(http, ["directResponse"]))
	not is_object(field.value(http, ["redirect"]))
	some route in (of_matches(http, field.item("spec.http", index)) | of_rewrite(http, field.item("spec.http", index)))
}

of_matches(http, place) := {{"path": path, "how": how, "value": value} |
	some index, match in field.list(http, ["match"])
	some how in ["exact", "prefix", "regex"]
	value := in_case(match, how, field.value(match, ["uri", how]))
	path := concat("", [field.item(concat("", [place, ".match"]), index), ".uri.", how])
}

in_case(match, how, value) := lower(value) if {
	match.ignoreUriCase == true
	how != "regex"
} else := value

of_rewrite(http, place) := {{"path": concat("", [place, ".rewrite.", at]), "how": "prefix", "value": value} |
	some at, value in {
		"uri": field.value(http, ["rewrite", "uri"]),
		"uriRegexRewrite.rewrite": before(field.value(http, ["rewrite", "uriRegexRewrite", "rewrite"]), "\\"),
	}
}

# What stands before a part of the request that is put in; null where it is no text.
before(value, sign) := text.cut(value, sign)[0] if {
	is_string(value)
} else := null

http_route contains route if {
	some index, rule in field.list(of_kind("HTTPRoute"), ["spec", "rules"])
	count(field.list(rule, ["backendRefs"])) > 0
	some route in (of_paths(rule, field.item("spec.rules", index)) | of_filters(rule, field.item("spec.rules", index)))
}

readings := {null: "parts", "": "parts", "Exact": "exact", "PathPrefix": "parts", "RegularExpression": "regex"}

of_paths(rule, place) := {{"path": path, "how": readings[type], "value": field.value(match, ["path", "value"])} |
	some index, match in field.list(rule, ["matches"])
	type := field.value(match, ["path", "type"])
	path := concat("", [field.item(concat("", [place, ".matches"]), index), ".path.value"])
}

of_filters(rule, place) := {{"path": path, "how": how, "value": field.value(filter, ["urlRewrite", "path", name])} |
	some holder in array.concat([{"path": place, "of": rule}], backends(rule, place))
	some index, filter in field.list(holder.of, ["filters"])
	some name, how in {"replaceFullPath": "exact", "replacePrefixMatch": "parts"}
	path := concat("", [field.item(concat("", [holder.path, ".filters"]), index), ".urlRewrite.path.", name])
}

# Each may have filters of its own.
backends(rule, place) := [{"path": field.item(concat("", [place, ".backendRefs"]), index), "of": backend} |
	some index, backend in field.list(rule, ["backendRefs"])
]

path_types := {"Exact": "exact", "Prefix": "parts"}

ingress contains {"path": path, "how": how, "value": field.value(entry, ["path"])} if {
	some number, rule in field.list(of_kind("Ingress"), ["spec", "rules"])
	some index, entry in field.list(rule, ["http", "paths"])
	how := object.get(path_types, field.value(entry, ["pathType"]), "controller")
	path := concat("", [field.item(concat("", [field.item("spec.rules", number), ".http.paths"]), index), ".path"])
}

rewrite_target := "nginx.ingress.kubernetes.io/rewrite-target"

ingress contains {"path": path, "how": "prefix", "value": value} if {
	value := before(entry.text(of_kind("Ingress"), ["metadata", "annotations"], rewrite_target), "$")
	path := field.entry("metadata.annotations", rewrite_target)
}

of_kind(kind) := input.review.object if input.review.object.kind == kind
