# Durations as time.ParseDuration of Go reads them: "300ms", "1.5h", "2h45m". A number without a unit is none.
package lib.duration

import data.lib.text

# No unit of the first set is the beginning of another one; those of one letter come after them.
long_units := {"ns": " ", "us": " ", "µs": " ", "μs": " ", "ms": " "}

short_units := {"h": " ", "m": " ", "s": " "}

# Whether a text is a duration of more than nothing.
is_positive(duration) if {
	numbers := numbers_of(trim_prefix(duration, "+"))
	some number in numbers
	trim(number, "0.") != ""
}

# "1h30m" → ["1", "30"]; undefined where something is no number, or has no unit behind it.
numbers_of(duration) := numbers if {
	is_string(duration)
	not contains(duration, " ")
	parts := split(strings.replace_n(short_units, strings.replace_n(long_units, duration)), " ")
	numbers := array.slice(parts, 0, count(parts) - 1)
	parts[count(parts) - 1] == ""
	every number in numbers {
		is_number_text(number)
	}
}

is_number_text(number) if {
	text.is_made_of(number, concat("", [text.digits, "."]))
	count(split(number, ".")) <= 2
	number != "."
}
