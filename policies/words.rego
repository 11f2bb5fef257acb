# How the findings speak: lists and names in a sentence. What only the author of a manifest needs (an id, a member's name)
# stands at the end as "(in the manifest: …)"; in chat that is left out.
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

# Where an app runs: "EU sovereign cloud"
environment(id) := name if {
	name := data.catalogue.environments[id].title
} else := id

environments(ids) := {environment(id) | some id in ids}

# What a role is called, in marks because there are commas in it: “CRM, read only”
role(id) := name if {
	name := sprintf("“%s”", [data.catalogue.roles[id].title])
} else := id

roles(ids) := {role(id) | some id in ids}

connectors(ids) := [connector(id) | some id in ids]

templates(ids) := {template(id) | some id in ids}

# What a field of a connector is called: "who has it"
field(connector_id, id) := name if {
	name := lower(data.catalogue.connectors[connector_id].fields[id].title)
} else := id

fields(connector_id, ids) := [field(connector_id, id) | some id in ids]

# What somebody may do: "reading"
doing(access) := object.get({"read": "reading", "write": "writing", "admin": "full control"}, access, access)

doings(accesses) := [doing(access) | some access in accesses]
