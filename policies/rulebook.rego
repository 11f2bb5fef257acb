# All that the rules say of one manifest.
package microapps.rulebook

import data.microapps.access
import data.microapps.classification
import data.microapps.cost
import data.microapps.integrations
import data.microapps.lifecycle
import data.microapps.network
import data.microapps.privacy
import data.microapps.residency
import data.microapps.secrets
import data.microapps.tags
import data.microapps.templates

findings := union({
	classification.findings,
	integrations.findings,
	network.findings,
	residency.findings,
	templates.findings,
	privacy.findings,
	secrets.findings,
	access.findings,
	lifecycle.findings,
	cost.findings,
	tags.findings,
})

hard := {finding | some finding in findings; finding.level == "hard"}

override := {finding | some finding in findings; finding.level == "override"}

# Hardest first, then by rule and place.
weight := {"hard": 0, "override": 1, "advise": 2}

in_order := [entry[3] |
	some entry in sort([[weight[finding.level], finding.rule, finding.field, finding] | some finding in findings])
]
