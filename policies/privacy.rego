# Personal data of customers is only written where a privacy law protects it.
package microapps.privacy

import data.microapps.manifest
import data.microapps.words

customer_pii := {kind | some kind in manifest.kinds; kind in data.classification.customer_pii}

findings contains {
	"rule": "pii.export",
	"level": "hard",
	"message": sprintf("This app would write %s to %s from %s, where no privacy rules apply.", [
		words.all_of({words.kind(kind) | some kind in customer_pii}),
		words.connector(integration.connector),
		words.environment(manifest.environment_id),
	]),
	"fix": sprintf("Run it where privacy rules apply, in %s, or let it only read (in the manifest: environment %s, or access read).", [
		words.any_of(words.environments(protected_environments)),
		words.any_of(protected_environments),
	]),
	"field": sprintf("/integrations/%d/access", [i]),
} if {
	count(customer_pii) > 0
	not has_privacy_regime(manifest.environment)
	some i, integration in manifest.integrations
	integration.access in {"write", "admin"}
	unmasked_or_external(data.catalogue.connectors[integration.connector])
}

# Unmasked: there is a masked twin of it.
unmasked_or_external(connector) if connector.masked_twin

unmasked_or_external(connector) if connector.external == true

has_privacy_regime(environment) if {
	some regime in environment.regimes
	regime in data.residency.privacy_regimes
}

protected_environments := {id |
	some id, environment in data.catalogue.environments
	has_privacy_regime(environment)
	manifest.rank(environment.highest_class) >= manifest.effective_rank
}
