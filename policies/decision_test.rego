package microapps_test

import data.microapps
import data.microapps.approvals
import data.microapps.fixtures
import data.microapps.rulebook

roles := [seat.role | some seat in approvals.required]

# --- Nothing is judged by half the rules

test_a_rulebook_with_a_part_missing_decides_nothing if {
	microapps.decision with input as fixtures.plain
	not microapps.decision with input as fixtures.plain with rulebook.findings as null
}

# --- Approvals

test_low_needs_nobody if {
	roles == [] with input as fixtures.plain
}

test_medium_needs_business_owner_and_security if {
	roles == ["business-owner", "security"] with input as fixtures.customers
}

test_high_needs_security_compliance_and_infra_ops if {
	roles == ["security", "compliance", "infra-ops"] with input as fixtures.salaries
}

test_who_waives_an_override_sits_besides_the_tier if {
	roles == ["security", "compliance", "infra-ops", "business-owner"] with input as object.union(fixtures.salaries, {"cost": {"cap_usd": 501}})
}

test_a_role_that_sits_already_sits_once if {
	roles == ["business-owner", "security"] with input as fixtures.changed({"lifecycle": {"ttl_days": 60}})
	roles == ["business-owner", "security"] with input as fixtures.changed({"cost": {"cap_usd": 501}})
	roles == ["security", "compliance", "infra-ops"] with input as fixtures.changed({"environment": "internal-us"})
}

test_each_seat_asks_for_one if {
	seats := approvals.required with input as fixtures.salaries
	every seat in seats {
		seat.count == 1
	}
}

test_every_override_rule_has_somebody_who_waives_it if {
	data.waived_by == {
		"residency.cross-border": "compliance",
		"access.privileged": "security",
		"lifecycle.ttl": "security",
		"cost.cap": "business-owner",
	}
}

# --- The decision

test_nothing_speaks_against_the_plain_ones if {
	every manifest in [fixtures.plain, fixtures.customers, fixtures.salaries, fixtures.webhook] {
		rulebook.findings == set() with input as manifest
	}
}

test_the_decision_has_the_shape_everybody_relies_on if {
	decision := microapps.decision with input as fixtures.customers with data.revision as "r1"
	object.keys(decision) == {"allow", "findings", "risk", "approvals", "revision"}
	object.keys(decision.risk) == {"tier", "score", "factors"}
	decision.allow == true
	decision.findings == []
	decision.revision == "r1"
}

test_a_hard_finding_alone_stops if {
	decision := microapps.decision with input as fixtures.app({"owner": ""})
	decision.allow == false
}

test_override_and_advise_do_not_stop if {
	decision := microapps.decision with input as object.union(fixtures.using("crm-contacts", "read", ["company"]), {"cost": {"cap_usd": 501}})
	decision.allow == true
	[finding.level | some finding in decision.findings] == ["override", "advise"]
}

test_the_hardest_findings_come_first if {
	manifest := object.union(fixtures.using("crm-contacts", "read", ["company"]), {"app": {"owner": ""}, "cost": {"cap_usd": 501}})
	decision := microapps.decision with input as manifest
	[finding.rule | some finding in decision.findings] == ["tags.required", "cost.cap", "data.minimise"]
}

test_every_finding_says_what_and_how_and_where if {
	every manifest in [
		fixtures.bare,
		fixtures.using("sap", "admin", ["x"]),
		object.union(fixtures.salaries, {"app": {"template": "campaign", "department": "marketing"}, "environment": "internal-us", "cost": {"cap_usd": 900, "forecast_usd": 901}, "lifecycle": {"ttl_days": 91}}),
		object.union(fixtures.webhook, {"network": {"deny_external_sinks": true}, "secrets": {"A": "hunter2"}}),
	] {
		decision := microapps.decision with input as manifest
		count(decision.findings) > 0
		every finding in decision.findings {
			object.keys(finding) == {"rule", "level", "message", "fix", "field"}
			finding.level in {"hard", "override", "advise"}
			startswith(finding.field, "/")
			endswith(finding.message, ".")
			endswith(finding.fix, ".")
			not contains(finding.message, "%!")
			not contains(finding.fix, "%!")

			# Plain words: names of members and ids stand in the brackets that chat leaves out
			not regex.match(`[a-z]_[a-z]|\b(sovereign|internal|crm|hr)-[a-z]|Set the `, regex.replace(finding.fix, ` \(in the manifest: [^()]*\)`, ""))
		}
	}
}

test_missing_sections_do_not_hide_what_is_wrong if {
	decision := microapps.decision with input as object.union(fixtures.bare, {"data": {"kinds": ["salary"]}})
	decision.allow == false
	{finding.rule | some finding in decision.findings} == {"data.class-too-low", "residency.environment", "tags.required"}
	decision.risk.tier == "high"
}

test_an_empty_manifest_is_judged_and_refused if {
	decision := microapps.decision with input as {}
	decision.allow == false
	decision.risk.tier == "high"
}

test_sections_of_the_wrong_kind_do_not_hide_what_is_wrong if {
	decision := microapps.decision with input as {"app": "x", "data": [], "integrations": {"a": 1}, "network": null, "secrets": 3, "access": [], "lifecycle": "", "cost": false}
	decision.allow == false
}

test_without_a_catalogue_nothing_is_decided if {
	not microapps.decision with input as fixtures.plain with data.catalogue as {}
	every part in ["connectors", "templates", "environments", "roles"] {
		partly := object.union(object.remove(data.catalogue, [part]), {part: {}})
		not microapps.decision with input as fixtures.plain with data.catalogue as partly
	}
	not microapps.decision with input as "a manifest"
}

test_without_a_loader_the_revision_is_unversioned if {
	microapps.decision.revision == "unversioned" with input as fixtures.plain
}
