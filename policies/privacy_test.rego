package microapps.privacy_test

import data.microapps.fixtures

writing(kinds, connector, environment) := object.union(fixtures.customers, {
	"data": {"kinds": kinds, "residency": ["us"]},
	"integrations": [{"connector": connector, "access": "write", "fields": []}],
	"access": {"roles": []},
	"environment": environment,
})

test_customer_pii_is_not_written_where_no_privacy_law_applies if {
	every kind in ["customer-name", "customer-contact", "customer-financial"] {
		fixtures.levels("pii.export") == {"hard"} with input as writing([kind], "crm-contacts", "internal-us")
		fixtures.levels("pii.export") == {"hard"} with input as writing([kind], "external-webhook", "internal-us")
	}
}

test_admin_access_writes_as_well if {
	manifest := object.union(writing(["customer-name"], "crm-contacts", "internal-us"), {"integrations": [{"connector": "crm-contacts", "access": "admin"}]})
	fixtures.levels("pii.export") == {"hard"} with input as manifest
}

test_where_a_privacy_law_applies_it_may_be_written if {
	every environment in {id | some id, _ in data.catalogue.environments} - {"internal-us"} {
		fixtures.levels("pii.export") == set() with input as writing(["customer-name"], "crm-contacts", environment)
	}
}

test_reading_is_no_export if {
	manifest := object.union(fixtures.customers, {"environment": "internal-us", "data": {"residency": ["us"]}})
	fixtures.levels("pii.export") == set() with input as manifest
}

test_other_kinds_are_no_customer_pii if {
	every kind in ["contract", "employee-record", "usage-metrics"] {
		fixtures.levels("pii.export") == set() with input as writing([kind], "crm-contacts", "internal-us")
	}
}

test_writing_to_a_system_without_unmasked_contacts_is_no_export if {
	fixtures.levels("pii.export") == set() with input as writing(["customer-name"], "ticketing", "internal-us")
}

test_payroll_and_card_approvals_are_no_privacy_law if {
	places := object.union(data.catalogue.environments, {"internal-us": {"regimes": ["PCI", "payroll"]}})
	fixtures.levels("pii.export") == {"hard"} with input as writing(["customer-name"], "crm-contacts", "internal-us") with data.catalogue.environments as places
}

test_the_fix_names_environments if {
	contains(fixtures.fixes("pii.export"), "sovereign-us") with input as writing(["customer-name"], "crm-contacts", "internal-us")
}

test_the_fix_names_only_environments_that_bear_the_class if {
	fix := fixtures.fixes("pii.export") with input as writing(["customer-financial"], "crm-contacts", "internal-us")
	contains(fix, "sovereign-us")
	not contains(fix, "internal-eu")
}
