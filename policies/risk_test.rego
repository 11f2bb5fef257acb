package microapps.risk_test

import data.microapps.fixtures
import data.microapps.risk

# --- The tier

test_low_when_nothing_speaks_for_more if {
	risk.tier == "low" with input as fixtures.plain
	risk.tier == "low" with input as fixtures.bare
	risk.tier == "low" with input as fixtures.using("ticketing", "write", [])
	risk.tier == "low" with input as fixtures.app({"audience": "company"})
}

test_confidential_is_medium if {
	risk.tier == "medium" with input as fixtures.customers
	risk.tier == "medium" with input as fixtures.app({"data_class": "confidential"})
	risk.tier == "medium" with input as fixtures.changed({"data": {"kinds": ["contract"]}})
}

test_an_external_destination_is_medium if {
	risk.tier == "medium" with input as fixtures.webhook
}

test_writing_to_a_confidential_connector_is_medium_whatever_the_fields if {
	risk.tier == "medium" with input as fixtures.using("crm-contacts", "write", ["company"])
	risk.tier == "low" with input as fixtures.using("crm-contacts", "read", ["company"])
}

test_an_external_audience_is_medium if {
	risk.tier == "medium" with input as fixtures.app({"audience": "external"})
}

test_an_override_finding_is_medium_at_least if {
	risk.tier == "medium" with input as fixtures.changed({"lifecycle": {"ttl_days": 60}})
	risk.tier == "medium" with input as fixtures.changed({"cost": {"cap_usd": 501}})
	risk.tier == "medium" with input as fixtures.changed({"cost": {"forecast_usd": 60}})
}

test_hard_and_advise_findings_lift_nothing if {
	risk.tier == "low" with input as fixtures.app({"owner": ""})
	risk.tier == "low" with input as fixtures.changed({"lifecycle": {"ttl_days": 91}})
	risk.tier == "low" with input as fixtures.using("crm-contacts", "read", ["company"])
}

test_regulated_is_high if {
	risk.tier == "high" with input as fixtures.salaries
	risk.tier == "high" with input as fixtures.changed({"data": {"kinds": ["child-data"]}})
}

test_crossing_a_border_is_high_but_not_for_public_data if {
	risk.tier == "high" with input as fixtures.changed({"environment": "internal-us"})
	risk.tier == "low" with input as object.union(fixtures.bare, {"data": {"residency": ["us"]}})
}

test_privileged_access_is_high if {
	risk.tier == "high" with input as fixtures.using("ticketing", "admin", ["ticket"])
	risk.tier == "high" with input as fixtures.changed({"access": {"roles": ["infra-admin"]}})
}

# --- The score

bands := {"low": [0, 33], "medium": [34, 66], "high": [67, 100]}

test_no_set_of_reasons_leaves_its_tier if {
	every tier, band in bands {
		data.risk.base[tier] == band[0]
		data.risk.most[tier] == band[1]
		groups := {group_of(rule) | some rule, _ in data.risk.points[tier]}
		worst := sum([strongest(tier, group) | some group in groups])
		worst > 0
		band[0] + worst <= band[1]
	}
}

strongest(tier, group) := max({points |
	some rule, points in data.risk.points[tier]
	group_of(rule) == group
})

# Of these only one can be true of an app; writing to a confidential system adds to writing to others.
group_of(rule) := split(rule, ".")[0] if {
	split(rule, ".")[0] in {"class", "audience"}
} else := rule

test_the_score_is_the_sum_of_its_factors if {
	every manifest in [fixtures.plain, fixtures.bare, fixtures.customers, fixtures.salaries, fixtures.webhook] {
		risk.score == sum([factor.points | some factor in risk.factors]) with input as manifest
	}
}

test_the_score_lies_in_the_band_of_its_tier if {
	every manifest in [fixtures.plain, fixtures.bare, fixtures.customers, fixtures.salaries, fixtures.webhook, fixtures.app({"audience": "external"})] {
		tier := risk.tier with input as manifest
		score := risk.score with input as manifest
		score >= bands[tier][0]
		score <= bands[tier][1]
	}
}

test_more_reasons_score_higher_inside_a_tier if {
	one := risk.score with input as fixtures.customers
	two := risk.score with input as object.union(fixtures.customers, {"app": {"audience": "external"}})
	three := risk.score with input as object.union(fixtures.customers, {"app": {"audience": "external"}, "lifecycle": {"ttl_days": 60}})
	one < two
	two < three
	small := risk.score with input as fixtures.bare
	larger := risk.score with input as fixtures.plain
	small < larger
}

# --- The factors

test_the_strongest_factor_comes_first_and_says_why if {
	manifest := object.union(fixtures.salaries, {"app": {"audience": "external"}, "lifecycle": {"ttl_days": 60}})
	factors := risk.factors with input as manifest
	factors[0].rule == "class.regulated"
	contains(factors[0].why, "salaries")
	every i, factor in factors {
		every later in array.slice(factors, i, count(factors)) {
			factor.points >= later.points
		}
	}
}

test_an_app_that_hurts_nobody_has_no_factors if {
	risk.factors == [] with input as fixtures.bare
	risk.score == 0 with input as fixtures.bare
}

test_each_factor_is_there_once if {
	manifest := fixtures.changed({"cost": {"cap_usd": 600, "forecast_usd": 700}})
	count([factor | some factor in risk.factors; factor.rule == "cost.cap"]) == 1 with input as manifest
}

test_each_factor_says_its_own_reason if {
	manifest := fixtures.changed({"cost": {"cap_usd": 600}, "lifecycle": {"ttl_days": 60}})
	whys := {factor.rule: factor.why | some factor in risk.factors} with input as manifest
	contains(whys["cost.cap"], "600 USD")
	not contains(whys["cost.cap"], "days")
	contains(whys["lifecycle.ttl"], "60 days")
}

test_a_border_and_a_privilege_are_one_factor_each if {
	manifest := object.union(fixtures.using("ticketing", "admin", ["ticket"]), {"environment": "internal-us"})
	rules := [factor.rule | some factor in risk.factors] with input as manifest
	rules == ["access.privileged", "residency.cross-border", "class.internal", "write.internal"]
}

test_four_connectors_are_many if {
	many := [{"connector": id, "access": "read"} | some id in ["hr-directory", "ticketing", "documents", "warehouse-readonly"]]
	four := {factor.rule | some factor in risk.factors} with input as fixtures.changed({"integrations": many})
	three := {factor.rule | some factor in risk.factors} with input as fixtures.changed({"integrations": array.slice(many, 0, 3)})
	"connectors.many" in four
	not "connectors.many" in three
}

test_writing_counts_by_what_is_written_to if {
	confidential := {factor.rule | some factor in risk.factors} with input as fixtures.using("crm-contacts", "write", ["company"])
	internal := {factor.rule | some factor in risk.factors} with input as fixtures.using("ticketing", "write", ["ticket"])
	confidential == {"write.confidential", "class.internal"}
	internal == {"write.internal", "class.internal"}
}

test_a_reason_that_weighs_nothing_in_a_tier_is_no_factor if {
	factors := risk.factors with input as object.union(fixtures.salaries, {"app": {"audience": "department"}})
	every factor in factors {
		factor.points > 0
	}
}

test_a_class_that_nothing_asks_for_is_a_reason_all_the_same if {
	whys := {factor.rule: factor.why | some factor in risk.factors} with input as object.union(fixtures.bare, {"app": {"data_class": "confidential"}})
	whys["class.confidential"] == "It holds confidential data."
}

test_a_class_is_explained_in_the_builders_words_and_by_fields_only_where_these_alone_make_it if {
	said := {factor.rule: factor.why | some factor in risk.factors} with input as fixtures.salaries
	said["class.regulated"] == "It holds regulated data: salaries."
	read := {factor.rule: factor.why | some factor in risk.factors} with input as fixtures.using("crm-contacts", "read", ["name"])
	contains(read["class.confidential"], "from CRM contacts")
}
