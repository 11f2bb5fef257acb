# Who has to sign for a new app with this manifest.
package microapps.approvals

import data.microapps.risk
import data.microapps.rulebook

by_tier := data.approvals[risk.tier]

tier_roles := {seat.role | some seat in by_tier}

# The roles whose signature waives an override finding; security where the numbers name none.
waiving := {object.get(data.waived_by, finding.rule, "security") | some finding in rulebook.override}

besides := waiving - tier_roles

required := array.concat(by_tier, [{"role": role, "count": 1} | some role in besides])
