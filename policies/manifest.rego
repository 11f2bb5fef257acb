# The manifest as the rules look at it. A section that is not there is empty, and a word nobody knows counts
# as the strictest there is: what is missing never hides a violation.
package microapps.manifest

import data.microapps.words

app := section("app")

template := object.get(data.catalogue.templates, text(app, "template"), {})

template_limits := object.get(template, "limits", {})

environment_id := text(input, "environment")

environment := object.get(data.catalogue.environments, environment_id, {})

environment_residency := object.get(environment, "residency", "")

kinds := list(section("data"), "kinds")

residencies := list(section("data"), "residency")

integrations := [integration |
	some raw in list(input, "integrations")
	integration := {
		"connector": text(raw, "connector"),
		"access": text(raw, "access"),
		"fields": list(raw, "fields"),
	}
]

roles := list(section("access"), "roles")

# Hosts in the manifest's order, each without what does not make it another host (case, scheme, port, path).
destinations := [host(raw) | some raw in list(section("network"), "allowed_destinations")]

deny_external_sinks if object.get(section("network"), "deny_external_sinks", false) == true

# Positions of the destinations that are the host of no catalogue connector. A pattern reaches outside as well.
external_destinations := {i |
	some i, name in destinations
	not catalogue_hosts[name]
}

# Positions of the integrations that send to whatever host the manifest names.
external_integrations := {i |
	some i, integration in integrations
	data.catalogue.connectors[integration.connector].external == true
}

reaches_outside if count(external_destinations) > 0

reaches_outside if count(external_integrations) > 0

catalogue_hosts := {lower(connector.host) | some connector in data.catalogue.connectors}

# --- How sensitive the app is

ranks := data.classification.rank

strictest := max([r | some r in ranks])

rank(class) := object.get(ranks, class, strictest)

declared_rank := rank(text(app, "data_class"))

# Everything that asks for a class: {rank, what}
needs contains {"rank": rank(known.class), "what": known.words, "said": true} if {
	some kind in kinds
	known := object.get(data.classification.kinds, kind, {"class": "unknown", "words": kind})
	not kind in data.classification.never
}

needs contains {"rank": rank(connector.class), "what": connector.title} if {
	some integration in integrations
	connector := data.catalogue.connectors[integration.connector]
	count(integration.fields) == 0
}

needs contains {"rank": r, "what": sprintf("%s from %s", [words.all_of(titles), connector.title])} if {
	some integration in integrations
	connector := data.catalogue.connectors[integration.connector]
	fields := [object.get(connector.fields, name, {"title": name, "class": connector.class}) | some name in integration.fields]
	some r in {rank(field.class) | some field in fields}
	titles := [lower(field.title) | some field in fields; rank(field.class) == r]
}

needed_rank := max({0} | {need.rank | some need in needs})

# Rules and tier judge this one: the higher of the declared class and the needed one.
effective_rank := max([declared_rank, needed_rank])

effective_class := class_of(effective_rank)

class_of(wanted) := class if {
	some class, r in ranks
	r == wanted
}

# Positions of the residencies whose data would be kept elsewhere.
abroad := {i |
	some i, residency in residencies
	residency != environment_residency
}

# Public data crosses no border.
crosses_border if {
	effective_rank > rank("public")
	count(abroad) > 0
}

# The environment of this residency with the lowest approved class that is high enough; "" when there is none.
environment_for(residency) := id if {
	fitting := sort([[rank(candidate.highest_class), name] |
		some name, candidate in data.catalogue.environments
		candidate.residency == residency
		rank(candidate.highest_class) >= effective_rank
	])
	id := fitting[0][1]
} else := ""

# --- Reading what may not be there

section(name) := value if {
	value := input[name]
	is_object(value)
} else := {}

list(parent, name) := value if {
	value := parent[name]
	is_array(value)
} else := []

text(parent, name) := trim_space(value) if {
	value := parent[name]
	is_string(value)
} else := ""

host(raw) := name if {
	lowered := lower(trim_space(raw))
	without_scheme := regex.replace(lowered, `^[a-z][a-z0-9+.-]*://`, "")
	authority := regex.replace(without_scheme, `[/?#\\].*`, "")
	machine := regex.replace(authority, `^.*@`, "")
	without_port := regex.replace(machine, `:[0-9]*$`, "")
	name := trim_right(without_port, ".")
} else := ""
