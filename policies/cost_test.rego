package microapps.cost_test

import data.microapps.fixtures

costing(cost) := object.union(json.remove(fixtures.plain, ["cost"]), {"cost": cost})

test_a_cap_above_500_needs_the_business_owner if {
	fixtures.fields("cost.cap") == {"/cost/cap_usd"} with input as costing({"cap_usd": 501})
	fixtures.levels("cost.cap") == {"override"} with input as costing({"cap_usd": 500.01})
}

test_a_cap_up_to_500_is_fine if {
	fixtures.rules == set() with input as costing({"cap_usd": 500})
	fixtures.rules == set() with input as costing({"cap_usd": 0, "forecast_usd": 0})
}

test_a_forecast_above_the_cap_needs_the_business_owner if {
	fixtures.fields("cost.cap") == {"/cost/forecast_usd"} with input as costing({"cap_usd": 50, "forecast_usd": 50.5})
	fixtures.levels("cost.cap") == {"override"} with input as costing({"cap_usd": 0, "forecast_usd": 1})
}

test_a_forecast_up_to_the_cap_is_fine if {
	fixtures.rules == set() with input as costing({"cap_usd": 50, "forecast_usd": 50})
}

test_both_are_said if {
	fixtures.fields("cost.cap") == {"/cost/cap_usd", "/cost/forecast_usd"} with input as costing({"cap_usd": 600, "forecast_usd": 700})
}

test_without_a_cap_the_templates_default_counts if {
	fixtures.levels("cost.cap") == {"override"} with input as costing({"forecast_usd": 51})
	fixtures.levels("cost.cap") == set() with input as costing({"forecast_usd": 50})
	fixtures.levels("cost.cap") == set() with input as costing({})
}

test_the_fix_names_the_number if {
	contains(fixtures.fixes("cost.cap"), "80 USD") with input as costing({"cap_usd": 50, "forecast_usd": 80})
}
