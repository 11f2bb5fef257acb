package microapps.classification_test

import data.microapps.fixtures

# --- data.class-too-low

test_a_kind_above_the_declared_class_is_refused if {
	fixtures.levels("data.class-too-low") == {"hard"} with input as fixtures.changed({"data": {"kinds": ["customer-name"]}})
}

test_a_field_above_the_declared_class_is_refused if {
	fixtures.levels("data.class-too-low") == {"hard"} with input as fixtures.using("crm-contacts", "read", ["company", "email"])
}

test_no_fields_named_count_as_all_of_them if {
	fixtures.levels("data.class-too-low") == {"hard"} with input as fixtures.using("crm-contacts", "read", [])
}

test_a_class_that_is_high_enough_or_higher_is_fine if {
	every class in ["internal", "confidential", "regulated"] {
		fixtures.levels("data.class-too-low") == set() with input as fixtures.app({"data_class": class})
	}
}

test_harmless_fields_of_a_confidential_connector_need_no_more_than_their_class if {
	fixtures.levels("data.class-too-low") == set() with input as fixtures.using("crm-contacts", "read", ["company", "segment"])
}

test_every_kind_needs_the_class_of_the_table if {
	every kind, class in {
		"none": "public", "published": "public",
		"internal-documents": "internal", "employee-contact": "internal", "usage-metrics": "internal",
		"customer-name": "confidential", "customer-contact": "confidential", "employee-record": "confidential",
		"contract": "confidential", "financial-plan": "confidential", "trade-secret": "confidential",
		"salary": "regulated", "health": "regulated", "payment-card": "regulated",
		"government-id": "regulated", "customer-financial": "regulated", "child-data": "regulated",
	} {
		data.classification.kinds[kind].class == class
	}
}

test_the_fix_names_the_class_and_the_masked_twin if {
	contains(fixtures.fixes("data.class-too-low"), "confidential") with input as fixtures.using("crm-contacts", "read", ["email"])
	contains(fixtures.fixes("data.class-too-low"), "CRM contacts (masked) shows the same") with input as fixtures.using("crm-contacts", "read", ["email"])
}

test_the_fix_names_no_twin_where_none_would_do if {
	not contains(fixtures.fixes("data.class-too-low"), "shows the same") with input as fixtures.changed({"data": {"kinds": ["contract"]}, "integrations": []})
	not contains(fixtures.fixes("data.class-too-low"), "shows the same") with input as fixtures.using("crm-contacts", "write", ["email"])
}

# --- data.credentials

test_credentials_are_refused_whatever_the_class if {
	every class in ["public", "internal", "confidential", "regulated"] {
		fixtures.levels("data.credentials") == {"hard"} with input as fixtures.changed({"app": {"data_class": class}, "data": {"kinds": ["credentials"]}})
	}
}

test_credentials_are_found_among_other_kinds if {
	fixtures.fields("data.credentials") == {"/data/kinds/1"} with input as fixtures.changed({"data": {"kinds": ["usage-metrics", "credentials"]}})
}

test_other_kinds_are_no_credentials if {
	fixtures.levels("data.credentials") == set() with input as fixtures.salaries
}

# --- data.minimise

test_unmasked_fields_with_a_masked_twin_are_advised_against if {
	fixtures.levels("data.minimise") == {"advise"} with input as fixtures.using("crm-contacts", "read", ["company", "segment"])
	fixtures.levels("data.minimise") == {"advise"} with input as fixtures.using("crm-contacts", "read", ["name"])
}

test_the_advice_names_the_twin_and_its_fields if {
	fix := fixtures.fixes("data.minimise") with input as fixtures.using("crm-contacts", "read", ["company", "name"])
	contains(fix, "crm-contacts-masked")
	contains(fix, "company and masked-name")
}

test_where_the_twin_would_not_do_nothing_is_advised if {
	fixtures.levels("data.minimise") == set() with input as fixtures.using("crm-contacts", "read", ["company", "email"])
	fixtures.levels("data.minimise") == set() with input as fixtures.using("crm-contacts", "write", ["company"])
}

test_no_fields_named_are_all_of_them_and_those_the_twin_does_not_have if {
	fixtures.levels("data.minimise") == set() with input as fixtures.using("crm-contacts", "read", [])
}

test_the_twin_itself_and_connectors_without_one_are_fine if {
	fixtures.levels("data.minimise") == set() with input as fixtures.plain
	fixtures.levels("data.minimise") == set() with input as fixtures.using("hr-directory", "read", ["name"])
}
