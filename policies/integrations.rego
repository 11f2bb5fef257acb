# Which connectors an app may use, by whom, and for what.
package microapps.integrations

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "integration.unknown",
	"level": "hard",
	"message": sprintf("There is no approved connection called '%s'.", [integration.connector]),
	"fix": sprintf("Use an approved one, such as %s, or ask the governance team to add it (in the manifest: %s).", [
		words.any_of(words.connectors(suggestions(integration.connector))),
		words.any_of(suggestions(integration.connector)),
	]),
	"field": sprintf("/integrations/%d/connector", [i]),
} if {
	some i, integration in manifest.integrations
	not data.catalogue.connectors[integration.connector]
}

# The connectors that share a word with what was written; all of them when none does.
suggestions(wanted) := alike if {
	parts := {part | some part in split(lower(wanted), "-"); part != ""}
	alike := {id |
		some id, _ in data.catalogue.connectors
		some part in split(id, "-")
		part in parts
	}
	count(alike) > 0
} else := {id | some id, _ in data.catalogue.connectors}

department := lower(manifest.text(manifest.app, "department"))

open_to(connector, _) if connector.open_to_all == true

open_to(connector, who) if who in connector.departments

findings contains {
	"rule": "integration.department",
	"level": "hard",
	"message": sprintf("%s is open to %s only, and this app %s.", [connector.title, words.all_of(connector.departments), belongs]),
	"fix": sprintf("Leave %s out, or let somebody in %s own the app (in the manifest: %s).", [connector.title, words.any_of(connector.departments), integration.connector]),
	"field": sprintf("/integrations/%d/connector", [i]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	not open_to(connector, department)
}

belongs := "names no department" if {
	department == ""
} else := sprintf("belongs to %s", [department])

findings contains {
	"rule": "integration.department",
	"level": "hard",
	"message": sprintf("%s may only be used in a place approved for %s, and %s is not.", [connector.title, regime, words.environment(manifest.environment_id)]),
	"fix": sprintf("Run it in %s%s (in the manifest: environment %s).", [
		words.any_of(words.environments(approved(regime))),
		only_there,
		words.any_of(approved(regime)),
	]),
	"field": "/environment",
} if {
	some integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	regime := data.integrations.needs_regime[integration.connector]
	not regime in object.get(manifest.environment, "regimes", [])
}

# The approved environments where the app's data lives; all approved ones when there is none.
approved(regime) := near if {
	near := {id |
		some id, environment in data.catalogue.environments
		regime in environment.regimes
		environment.residency in manifest.residencies
	}
	count(near) > 0
} else := {id |
	some id, environment in data.catalogue.environments
	regime in environment.regimes
}

only_there := ", with data of people there only" if {
	count(manifest.abroad) > 0
} else := ""

# --- Access and fields: what the connector offers

findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("%s cannot be used for %s; it offers %s.", [connector.title, words.doing(integration.access), words.all_of(words.doings(connector.access))]),
	"fix": sprintf("Ask for %s (in the manifest: access %s).", [words.any_of(words.doings(connector.access)), words.any_of(connector.access)]),
	"field": sprintf("/integrations/%d/access", [i]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	not offered(connector, integration.access)
}

offered(connector, access) if access in connector.access

# Admin is possible wherever writing is; whether it may be, access.privileged asks.
offered(connector, "admin") if "write" in connector.access

findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("%s has no field '%s'.", [connector.title, name]),
	"fix": sprintf("Take it out, or use one of %s (in the manifest: %s).", [
		words.any_of(words.fields(integration.connector, {known | some known, _ in connector.fields})),
		words.any_of({known | some known, _ in connector.fields}),
	]),
	"field": sprintf("/integrations/%d/fields/%d", [i, j]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	some j, name in integration.fields
	not connector.fields[name]
}

# --- Access and fields: what the app's role templates expose, for each connector that they speak of

findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("There is no role called '%s'.", [role]),
	"fix": sprintf("Use one of %s (in the manifest: %s).", [words.any_of(words.roles(every_role)), words.any_of(every_role)]),
	"field": sprintf("/access/roles/%d", [i]),
} if {
	some i, role in manifest.roles
	not data.catalogue.roles[role]
}

every_role := {id | some id, _ in data.catalogue.roles}

grants(connector) := [grant |
	some role in manifest.roles
	grant := data.catalogue.roles[role].grants[connector]
]

granting(connector) := {role |
	some role in manifest.roles
	data.catalogue.roles[role].grants[connector]
}

findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("The app asks for %s in %s, and its role %s does not allow it.", [
		words.doing(integration.access),
		connector.title,
		words.all_of(words.roles(granting(integration.connector))),
	]),
	"fix": sprintf("Ask for %s%s (in the manifest: access %s%s).", [
		words.any_of(words.doings(given)),
		or_role(words.roles(allowing(integration.connector, integration.access))),
		words.any_of(given),
		or_role(allowing(integration.connector, integration.access)),
	]),
	"field": sprintf("/integrations/%d/access", [i]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	integration.access in connector.access
	count(grants(integration.connector)) > 0
	given := {access | some grant in grants(integration.connector); some access in grant.access}
	not integration.access in given
}

# The roles that allow it and come without special rights
allowing(connector, access) := {id |
	some id, role in data.catalogue.roles
	access in role.grants[connector].access
	not role.privileged
}

or_role(fitting) := sprintf(", or use the role %s", [words.any_of(fitting)]) if {
	count(fitting) > 0
} else := ""

findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("The app's role %s does not show the field %s of %s.", [
		words.all_of(words.roles(granting(integration.connector))),
		words.field(integration.connector, name),
		connector.title,
	]),
	"fix": sprintf("Ask for %s only%s (in the manifest: %s%s).", [
		words.all_of(words.fields(integration.connector, exposed)),
		or_role(words.roles(showing(integration.connector, name))),
		words.all_of(exposed),
		or_role(showing(integration.connector, name)),
	]),
	"field": sprintf("/integrations/%d/fields/%d", [i, j]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	some j, name in integration.fields
	connector.fields[name]
	count(grants(integration.connector)) > 0
	exposed := {field | some grant in grants(integration.connector); some field in grant.fields}
	not name in exposed
}

# No fields named means all of them: then the role has to expose all of them.
findings contains {
	"rule": "integration.access",
	"level": "hard",
	"message": sprintf("No fields of %s are named, which means all of them, and the app's role %s does not show %s.", [
		connector.title,
		words.all_of(words.roles(granting(integration.connector))),
		words.all_of(words.fields(integration.connector, hidden)),
	]),
	"fix": sprintf("Say which fields the app needs, out of %s (in the manifest: %s).", [
		words.any_of(words.fields(integration.connector, exposed)),
		words.any_of(exposed),
	]),
	"field": sprintf("/integrations/%d/fields", [i]),
} if {
	some i, integration in manifest.integrations
	connector := data.catalogue.connectors[integration.connector]
	count(integration.fields) == 0
	count(grants(integration.connector)) > 0
	exposed := {field | some grant in grants(integration.connector); some field in grant.fields}
	hidden := {field | some field, _ in connector.fields} - exposed
	count(hidden) > 0
}

showing(connector, field) := {id |
	some id, role in data.catalogue.roles
	field in role.grants[connector].fields
	not role.privileged
}
