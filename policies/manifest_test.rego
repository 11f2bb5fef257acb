package microapps.manifest_test

import data.microapps.fixtures
import data.microapps.manifest

test_the_effective_class_is_the_declared_one_when_nothing_needs_more if {
	manifest.effective_class == "internal" with input as fixtures.plain
}

test_the_effective_class_is_the_needed_one_when_less_is_declared if {
	manifest.effective_class == "regulated" with input as fixtures.changed({"data": {"kinds": ["salary"]}})
}

test_a_class_may_be_raised_above_what_is_needed if {
	manifest.effective_class == "confidential" with input as fixtures.app({"data_class": "confidential"})
}

test_a_class_nobody_knows_counts_as_the_strictest if {
	manifest.effective_class == "regulated" with input as fixtures.app({"data_class": "secret"})
}

test_a_kind_nobody_knows_counts_as_the_strictest if {
	manifest.effective_class == "regulated" with input as fixtures.changed({"data": {"kinds": ["dreams"]}})
}

test_fields_need_their_own_class_and_no_fields_the_connectors if {
	manifest.effective_class == "internal" with input as fixtures.using("crm-contacts", "read", ["company"])
	manifest.effective_class == "confidential" with input as fixtures.using("crm-contacts", "read", ["company", "email"])
	manifest.effective_class == "confidential" with input as fixtures.using("crm-contacts", "read", [])
	manifest.effective_class == "confidential" with input as fixtures.using("crm-contacts", "read", ["shoe-size"])
}

test_what_is_missing_is_empty if {
	manifest.integrations == [] with input as fixtures.bare
	manifest.destinations == [] with input as fixtures.bare
	manifest.roles == [] with input as fixtures.bare
	manifest.effective_class == "public" with input as fixtures.bare
}

test_a_host_is_the_same_host_however_it_is_written if {
	every written in [
		"crm.internal.example.com",
		"CRM.Internal.Example.COM",
		" crm.internal.example.com ",
		"crm.internal.example.com.",
		"crm.internal.example.com:443",
		"https://crm.internal.example.com/v2/contacts?x=1#y",
		"https://someone@crm.internal.example.com:8443/",
	] {
		manifest.host(written) == "crm.internal.example.com"
	}
}

test_a_user_name_or_a_path_that_looks_like_our_host_is_not_the_host if {
	manifest.host("https://crm.internal.example.com@evil.example.org/") == "evil.example.org"
	manifest.host("evil.example.org/crm.internal.example.com") == "evil.example.org"
	manifest.host("evil.example.org?crm.internal.example.com") == "evil.example.org"
	manifest.host(`evil.example.org\@crm.internal.example.com`) == "evil.example.org"
}

test_public_data_crosses_no_border if {
	not manifest.crosses_border with input as object.union(fixtures.bare, {"data": {"residency": ["us"]}})
	manifest.crosses_border with input as fixtures.changed({"data": {"residency": ["us"]}})
}

test_the_environment_for_a_place_is_the_lowest_that_is_enough if {
	manifest.environment_for("uk") == "internal-uk" with input as fixtures.plain
	manifest.environment_for("uk") == "sovereign-uk" with input as fixtures.salaries
	manifest.environment_for("mars") == "" with input as fixtures.plain
}

test_what_is_no_text_names_no_host if {
	manifest.host(null) == ""
	manifest.host(["crm.internal.example.com"]) == ""
}
