package microapps.lifecycle_test

import data.microapps.fixtures

living(template, days) := fixtures.changed({"app": {"template": template}, "lifecycle": {"ttl_days": days}, "environment": object.get(homes, template, "internal-eu")})

homes := {"regulated-eu": "sovereign-eu"}

test_up_to_the_maximum_nothing_is_said if {
	fixtures.levels("lifecycle.ttl") == set() with input as living("internal-dashboard", 30)
	fixtures.levels("lifecycle.ttl") == set() with input as living("campaign", 14)
	fixtures.levels("lifecycle.ttl") == set() with input as living("regulated-eu", 30)
}

test_above_the_maximum_security_decides if {
	fixtures.levels("lifecycle.ttl") == {"override"} with input as living("internal-dashboard", 31)
	fixtures.levels("lifecycle.ttl") == {"override"} with input as living("internal-dashboard", 90)
	fixtures.levels("lifecycle.ttl") == {"override"} with input as living("campaign", 15)
	fixtures.levels("lifecycle.ttl") == {"override"} with input as living("regulated-eu", 31)
}

test_above_ninety_days_nobody_decides if {
	fixtures.levels("lifecycle.ttl") == {"hard"} with input as living("internal-dashboard", 91)
	fixtures.levels("lifecycle.ttl") == {"hard"} with input as living("campaign", 365)
}

test_no_ttl_said_is_the_templates_own if {
	fixtures.levels("lifecycle.ttl") == set() with input as json.remove(fixtures.plain, ["lifecycle"])
}

test_the_class_maximum_counts_where_it_is_the_stricter if {
	manifest := object.union(fixtures.salaries, {"app": {"template": "internal-dashboard"}, "lifecycle": {"ttl_days": 21}})
	fixtures.levels("lifecycle.ttl") == {"override"} with input as manifest with data.limits.ttl_days_by_class as {"regulated": 20}
	fixtures.levels("lifecycle.ttl") == set() with input as manifest
}

test_the_fix_names_the_number if {
	contains(fixtures.fixes("lifecycle.ttl"), "Let it live 14 days") with input as living("campaign", 20)
}

test_a_template_nobody_knows_does_not_lift_the_limit if {
	fixtures.levels("lifecycle.ttl") == {"override"} with input as living("anything-goes", 31)
}
