# What each template promises about the apps made from it.
package microapps.templates

import data.microapps.manifest
import data.microapps.words

template_id := manifest.text(manifest.app, "template")

limits := manifest.template_limits

findings contains {
	"rule": "template.limits",
	"level": "hard",
	"message": sprintf("There is no kind of app called '%s'.", [template_id]),
	"fix": sprintf("Use one of %s (in the manifest: %s).", [words.any_of(words.templates(every_template)), words.any_of(every_template)]),
	"field": "/app/template",
} if {
	not data.catalogue.templates[template_id]
}

every_template := {id | some id, _ in data.catalogue.templates}

findings contains {
	"rule": "template.limits",
	"level": "hard",
	"message": sprintf("%s is for %s data at most, and this app holds %s data.", [words.template(template_id), limits.highest_class, manifest.effective_class]),
	"fix": sprintf("Use another kind of app, such as %s, or keep the data %s (in the manifest: template %s).", [
		words.any_of(words.templates(roomier)),
		limits.highest_class,
		words.any_of(roomier),
	]),
	"field": "/app/template",
} if {
	manifest.effective_rank > manifest.rank(limits.highest_class)
}

roomier := {id |
	some id, other in data.catalogue.templates
	manifest.rank(other.limits.highest_class) >= manifest.effective_rank
	object.get(other.limits, "environment", manifest.environment_id) == manifest.environment_id
}

findings contains {
	"rule": "template.limits",
	"level": "hard",
	"message": sprintf("%s has a limit of %v USD a month, and this app has a cap of %v USD.", [words.template(template_id), limits.cap_usd, cap]),
	"fix": sprintf("Lower the cap to %v USD a month or less, or use another kind of app.", [limits.cap_usd]),
	"field": "/cost/cap_usd",
} if {
	cap := input.cost.cap_usd
	cap > limits.cap_usd
}

findings contains {
	"rule": "template.limits",
	"level": "hard",
	"message": sprintf("%s does not work with %s.", [words.template(template_id), words.connector(integration.connector)]),
	"fix": sprintf("Use %s, or another kind of app (in the manifest: %s).", [
		words.any_of(words.connectors(instead(integration.connector))),
		words.any_of(instead(integration.connector)),
	]),
	"field": sprintf("/integrations/%d/connector", [i]),
} if {
	some i, integration in manifest.integrations
	data.catalogue.connectors[integration.connector]
	not integration.connector in object.get(limits, "connectors", [integration.connector])
}

# The masked twin where the template allows it, else what it does allow.
instead(connector) := [twin] if {
	twin := data.catalogue.connectors[connector].masked_twin
	twin in limits.connectors
} else := limits.connectors

findings contains {
	"rule": "template.limits",
	"level": "hard",
	"message": sprintf("%s runs in %s only, and this app names %s.", [words.template(template_id), words.environment(limits.environment), words.environment(manifest.environment_id)]),
	"fix": sprintf("Run it in %s, or use another kind of app (in the manifest: environment %s).", [words.environment(limits.environment), limits.environment]),
	"field": "/environment",
} if {
	limits.environment != manifest.environment_id
}
