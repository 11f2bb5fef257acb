# How sensitive the data is, and whether the app says so.
package microapps.classification

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "data.class-too-low",
	"level": "hard",
	"message": sprintf("The app is marked %s, but there is %s data in it: %s.", [
		manifest.app.data_class,
		manifest.effective_class,
		words.all_of(reasons),
	]),
	"fix": sprintf("Mark it as %s, or leave out %s%s (in the manifest: data_class %s).", [
		manifest.effective_class,
		words.all_of(reasons),
		masked_instead,
		manifest.effective_class,
	]),
	"field": "/app/data_class",
} if {
	manifest.needed_rank > manifest.declared_rank
}

reasons := {need.what | some need in manifest.needs; need.rank == manifest.needed_rank}

# The way to keep the lower class, where the catalogue has one.
masked_instead := sprintf(": %s shows the same without personal data", [words.any_of(words.connectors(twins))]) if {
	count(twins) > 0
} else := ""

twins := {twin |
	some integration in manifest.integrations
	integration.access == "read"
	twin := data.catalogue.connectors[integration.connector].masked_twin
}

findings contains {
	"rule": "data.credentials",
	"level": "hard",
	"message": "An app never handles passwords or access keys as its data.",
	"fix": "Take passwords and keys out of the app's data. If it has to sign in somewhere, name the place in the vault where the password is, never the password itself (in the manifest: secrets, such as vault://kv/team/app#token).",
	"field": sprintf("/data/kinds/%d", [i]),
} if {
	some i, kind in manifest.kinds
	kind in data.classification.never
}

findings contains {
	"rule": "data.minimise",
	"level": "advise",
	"message": sprintf("%s shows what this app asks of %s, with personal data masked.", [words.connector(twin_id), words.connector(integration.connector)]),
	"fix": sprintf("Use %s instead of %s, with %s (in the manifest: %s with the fields %s).", [
		words.connector(twin_id),
		words.connector(integration.connector),
		words.all_of(words.fields(twin_id, counterparts)),
		twin_id,
		words.all_of(counterparts),
	]),
	"field": sprintf("/integrations/%d/connector", [i]),
} if {
	some i, integration in manifest.integrations
	integration.access == "read"
	twin_id := data.catalogue.connectors[integration.connector].masked_twin
	asked := asked_fields(integration)
	counterparts := [counterpart(twin_id, name) | some name in asked]
	count(counterparts) == count(asked)
}

# No fields named means all of them.
asked_fields(integration) := integration.fields if {
	count(integration.fields) > 0
} else := [name | some name, _ in data.catalogue.connectors[integration.connector].fields]

# The field of the masked twin that does the same: of the same name, or masked.
counterpart(twin_id, name) := name if {
	data.catalogue.connectors[twin_id].fields[name]
} else := masked if {
	masked := sprintf("masked-%s", [name])
	data.catalogue.connectors[twin_id].fields[masked]
}
