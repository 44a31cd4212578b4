# Quantities as the API server reads them: "500m", "0.5", "1Gi", "1e3", or a plain number. Amounts are whole numbers of
# 10^-18, so that equal quantities are equal however they are written.
package lib.quantity

import data.lib.text

factors := {
	"n": power(0),
	"u": power(3),
	"m": power(6),
	"": power(9),
	"k": power(12),
	"M": power(15),
	"G": power(18),
	"T": power(21),
	"P": power(24),
	"E": power(27),
	"Ki": 1024 * power(9),
	"Mi": 1048576 * power(9),
	"Gi": 1073741824 * power(9),
	"Ti": 1099511627776 * power(9),
	"Pi": 1125899906842624 * power(9),
	"Ei": 1152921504606846976 * power(9),
}

# What a quantity amounts to, or null for what is no quantity.
read(quantity) := amount if {
	amount := parse(quantity)
} else := null

# A preview may hold a number where the API server keeps a text. The API server rounds to billionths, too.
parse(quantity) := round(quantity * power(9)) * power(9) if is_number(quantity)

parse(quantity) := (sign * billionths(number)) * factor(suffix) if {
	is_string(quantity)
	[sign, unsigned] := read_sign(trim_space(quantity))
	suffix := trim_left(unsigned, concat("", [text.digits, "."]))
	number := substring(unsigned, 0, count(unsigned) - count(suffix))
}

# "1.5" → 1500000000. Digits may be missing on one side of the dot.
billionths(number) := to_whole(concat("", [whole, substring(concat("", [fraction, zeros]), 0, 9)])) if {
	trim(number, ".") != ""
	[whole, rest] := text.cut(number, ".")
	fraction := fraction_of(rest)
	trim(concat("", [whole, fraction]), text.digits) == ""
}

fraction_of(null) := ""

fraction_of(rest) := rest if is_string(rest)

# A number has no leading zeros in JSON.
to_whole(digits) := to_number(stripped) if {
	stripped := trim_left(digits, "0")
	stripped != ""
} else := 0

factor(suffix) := factors[suffix]

factor(suffix) := power(9 + (sign * to_whole(digits))) if {
	startswith(lower(suffix), "e")
	[sign, digits] := read_sign(substring(suffix, 1, -1))
	text.is_made_of(digits, text.digits)
}

read_sign(number) := [-1, substring(number, 1, -1)] if {
	startswith(number, "-")
} else := [1, trim_prefix(number, "+")]

# Ten to a power, as far as there are quantities of that size.
power(exponent) := to_number(concat("", ["1", substring(zeros, 0, exponent)])) if {
	exponent >= 0
	exponent <= count(zeros)
}

zeros := "000000000000000000000000000000000000"
