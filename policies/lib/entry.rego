# Entries of maps of texts, such as labels. A field that is null is absent, but an entry that is null is there: the API server
# reads it as the empty text.
package lib.entry

import data.lib.field

# The entry of the map at a place; null when there is none.
text(holder, place, name) := read(found) if {
	found := field.map(holder, place)[name]
} else := null

read(null) := ""

read(said) := said if said != null
