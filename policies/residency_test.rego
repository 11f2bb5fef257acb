package microapps.residency_test

import data.microapps.fixtures

at(environment, residency) := fixtures.changed({"environment": environment, "data": {"residency": residency}})

# --- residency.environment

test_an_environment_below_the_class_is_refused if {
	fixtures.fields("residency.environment") == {"/environment"} with input as object.union(fixtures.salaries, {"environment": "internal-eu"})
}

test_the_fix_names_the_environment_where_the_data_lives if {
	contains(fixtures.fixes("residency.environment"), "sovereign-uk") with input as object.union(fixtures.salaries, {"environment": "internal-uk", "data": {"residency": ["uk"]}})
}

test_the_effective_class_is_what_the_environment_must_bear if {
	fixtures.levels("residency.environment") == {"hard"} with input as fixtures.changed({"data": {"kinds": ["health"]}})
}

test_confidential_data_may_be_in_every_environment if {
	every id, environment in data.catalogue.environments {
		manifest := object.union(fixtures.customers, {"environment": id, "data": {"residency": [environment.residency]}})
		fixtures.levels("residency.environment") == set() with input as manifest
	}
}

test_regulated_data_stays_where_it_lives if {
	manifest := object.union(fixtures.salaries, {"environment": "sovereign-us"})
	fixtures.fields("residency.environment") == {"/data/residency/0"} with input as manifest
	contains(fixtures.fixes("residency.environment"), "sovereign-eu") with input as manifest
}

test_regulated_data_at_home_is_fine if {
	fixtures.levels("residency.environment") == set() with input as fixtures.salaries
	fixtures.levels("residency.environment") == set() with input as object.union(fixtures.salaries, {
		"app": {"template": "internal-dashboard"},
		"environment": "sovereign-us",
		"data": {"residency": ["us"]},
	})
}

test_regulated_data_from_two_places_fits_no_single_one if {
	manifest := object.union(fixtures.salaries, {"data": {"residency": ["eu", "uk"]}})
	fixtures.fields("residency.environment") == {"/data/residency/1"} with input as manifest
	contains(fixtures.fixes("residency.environment"), "sovereign-eu and sovereign-uk") with input as manifest
}

test_regulated_data_abroad_is_refused_not_waived if {
	fixtures.levels("residency.cross-border") == set() with input as object.union(fixtures.salaries, {"environment": "sovereign-us"})
}

test_an_environment_that_does_not_exist_is_refused if {
	fixtures.levels("residency.environment") == {"hard"} with input as fixtures.changed({"environment": "moon-1"})
	fixtures.levels("residency.environment") == {"hard"} with input as json.remove(fixtures.plain, ["environment"])
}

# --- residency.cross-border

test_internal_and_confidential_data_abroad_needs_compliance if {
	fixtures.levels("residency.cross-border") == {"override"} with input as at("internal-us", ["eu"])
	fixtures.levels("residency.cross-border") == {"override"} with input as object.union(fixtures.customers, {"environment": "internal-uk"})
}

test_data_at_home_crosses_no_border if {
	fixtures.levels("residency.cross-border") == set() with input as fixtures.plain
	fixtures.levels("residency.cross-border") == set() with input as at("internal-us", ["us"])
	fixtures.levels("residency.cross-border") == set() with input as at("sovereign-eu", ["eu"])
}

test_public_data_crosses_no_border if {
	manifest := object.union(fixtures.webhook, {"data": {"residency": ["us", "apac"]}})
	fixtures.levels("residency.cross-border") == set() with input as manifest
}

test_each_place_abroad_is_named if {
	fixtures.fields("residency.cross-border") == {"/data/residency/1", "/data/residency/2"} with input as at("internal-eu", ["eu", "uk", "us"])
}

test_no_residency_said_crosses_nothing if {
	fixtures.levels("residency.cross-border") == set() with input as json.remove(fixtures.plain, ["data/residency"])
}

test_where_no_residency_is_said_the_fix_stays_near if {
	manifest := json.remove(object.union(fixtures.salaries, {"environment": "internal-eu"}), ["data/residency"])
	fixtures.fixes("residency.environment") == "Run it in EU sovereign cloud (in the manifest: environment sovereign-eu)." with input as manifest
}

test_where_no_environment_is_near_the_fix_names_all_that_bear_the_class if {
	places := object.remove(data.catalogue.environments, ["sovereign-eu"])
	manifest := object.union(fixtures.salaries, {"environment": "internal-eu"})
	endswith(fixtures.fixes("residency.environment"), "(in the manifest: environment sovereign-apac, sovereign-uk or sovereign-us).") with input as manifest with data.catalogue.environments as places
}

test_an_environment_that_does_not_exist_is_said_once if {
	fixtures.fields("residency.environment") == {"/environment"} with input as object.union(fixtures.salaries, {"environment": "moon-1"})
	fixtures.levels("residency.cross-border") == set() with input as fixtures.changed({"environment": "moon-1"})
}
