# Texts by their letters. Compiled rules would build the automaton of a regular expression anew for each object, at half
# a millisecond for an image reference; these cost a hundredth of that.
package lib.text

digits := "0123456789"

lower_letters := "abcdefghijklmnopqrstuvwxyz"

upper_letters := upper(lower_letters)

alphanumerics := concat("", [digits, lower_letters, upper_letters])

# Whether a text has at least one letter, and only letters out of a set.
is_made_of(text, letters) if {
	text != ""
	trim(text, letters) == ""
}

# Whether a text begins and ends with something other than these letters.
is_bare_of(text, letters) if trim(text, letters) == text

# A DNS subdomain (RFC 1123) without a bound on its length: lower case, labels between dots.
is_subdomain(text) if {
	every label in split(text, ".") {
		is_made_of(label, concat("", [digits, lower_letters, "-"]))
		is_bare_of(label, "-")
	}
}

# "a/b" → ["a", "b"], "a" → ["a", null]; only the first separator cuts.
cut(text, separator) := [substring(text, 0, at), substring(text, at + count(separator), -1)] if {
	at := indexof(text, separator)
	at >= 0
} else := [text, null]
