# How the findings speak: lists and names in a sentence.
package microapps.words

# "a", "a or b", "a, b or c"
any_of(things) := joined([thing | some thing in things], "or")

# "a", "a and b", "a, b and c"
all_of(things) := joined([thing | some thing in things], "and")

joined(things, _) := concat("", things) if count(things) < 2

joined(things, last) := sentence if {
	length := count(things)
	length > 1
	end := length - 1
	sentence := sprintf("%s %s %s", [concat(", ", array.slice(things, 0, end)), last, things[end]])
}

# What a connector is called: "CRM contacts"; its id where the catalogue does not know it.
connector(id) := name if {
	name := data.catalogue.connectors[id].title
} else := id

# What a template is called: "Campaign"
template(id) := name if {
	name := data.catalogue.templates[id].title
} else := id

# A place inside a sentence: "the European Union"
place(residency) := name if {
	name := data.residency.names[residency]
} else := residency

# A kind of data inside a sentence: "salaries"
kind(id) := name if {
	name := data.classification.kinds[id].words
} else := id
