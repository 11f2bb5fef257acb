# The policy report: what the bot, its check command and every OPA client ask for (data.microapps.decision).
package microapps

import data.microapps.approvals
import data.microapps.risk
import data.microapps.rulebook

# Undefined without a catalogue, or when a part of the rulebook is missing: nothing is judged by half the rules.
decision := {
	"allow": count(rulebook.hard) == 0,
	"findings": rulebook.in_order,
	"risk": {"tier": risk.tier, "score": risk.score, "factors": risk.factors},
	"approvals": approvals.required,
	"revision": revision,
} if {
	is_object(input)
	is_set(rulebook.findings)
	count(data.catalogue.connectors) > 0
	count(data.catalogue.templates) > 0
	count(data.catalogue.environments) > 0
	count(data.catalogue.roles) > 0
}

default revision := "unversioned"

revision := data.revision
