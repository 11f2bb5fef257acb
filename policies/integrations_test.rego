package microapps.integrations_test

import data.microapps.fixtures

# --- integration.unknown

test_a_connector_that_is_not_in_the_catalogue_is_refused if {
	fixtures.levels("integration.unknown") == {"hard"} with input as fixtures.using("crm-contact", "read", ["company"])
}

test_an_id_is_exact if {
	fixtures.levels("integration.unknown") == {"hard"} with input as fixtures.using("CRM-contacts", "read", [])
}

test_an_entry_without_a_connector_is_unknown if {
	fixtures.fields("integration.unknown") == {"/integrations/0/connector"} with input as fixtures.changed({"integrations": [{"access": "read"}]})
}

test_only_the_unknown_one_is_named if {
	manifest := fixtures.changed({"integrations": [{"connector": "hr-directory", "access": "read"}, {"connector": "sap", "access": "read"}]})
	fixtures.fields("integration.unknown") == {"/integrations/1/connector"} with input as manifest
}

test_the_fix_names_connectors_that_sound_alike if {
	contains(fixtures.fixes("integration.unknown"), "crm-contacts-masked") with input as fixtures.using("crm-people", "read", [])
	not contains(fixtures.fixes("integration.unknown"), "ticketing") with input as fixtures.using("crm-people", "read", [])
	contains(fixtures.fixes("integration.unknown"), "ticketing") with input as fixtures.using("sap", "read", [])
}

test_catalogue_connectors_are_known if {
	every id, _ in data.catalogue.connectors {
		fixtures.levels("integration.unknown") == set() with input as fixtures.using(id, "read", [])
	}
}

# --- integration.department

test_a_connector_closed_to_the_department_is_refused if {
	fixtures.levels("integration.department") == {"hard"} with input as fixtures.using("finance-ledger", "read", ["account"])
}

test_no_department_opens_nothing if {
	without := json.remove(fixtures.customers, ["app/department"])
	fixtures.levels("integration.department") == {"hard"} with input as without
}

test_an_open_connector_is_open_without_a_department if {
	without := json.remove(fixtures.plain, ["app/department"])
	fixtures.levels("integration.department") == set() with input as without
}

test_the_message_names_the_department_or_says_that_there_is_none if {
	contains(fixtures.words_of("integration.department"), "belongs to marketing") with input as fixtures.using("finance-ledger", "read", ["account"])
	contains(fixtures.words_of("integration.department"), "names no department") with input as json.remove(fixtures.customers, ["app/department"])
}

test_the_departments_of_the_connector_may_use_it if {
	every department in ["marketing", "sales", "support", "Sales"] {
		fixtures.levels("integration.department") == set() with input as object.union(fixtures.customers, {"app": {"department": department}})
	}
}

test_payroll_is_for_finance_and_hr if {
	fixtures.levels("integration.department") == {"hard"} with input as object.union(fixtures.salaries, {"app": {"department": "marketing"}})
	fixtures.levels("integration.department") == set() with input as object.union(fixtures.salaries, {"app": {"department": "finance"}})
	fixtures.levels("integration.department") == set() with input as fixtures.salaries
}

test_payroll_needs_an_environment_approved_for_payroll if {
	every environment in ["internal-eu", "internal-us", "sovereign-apac", "nowhere"] {
		fixtures.fields("integration.department") == {"/environment"} with input as object.union(fixtures.salaries, {"environment": environment})
	}
	every environment in ["sovereign-eu", "sovereign-uk", "sovereign-us"] {
		fixtures.fields("integration.department") == set() with input as object.union(fixtures.salaries, {"environment": environment})
	}
}

test_the_fix_for_payroll_names_the_environment_where_the_data_lives if {
	contains(fixtures.fixes("integration.department"), "Run it in EU sovereign cloud (in the manifest: environment sovereign-eu).") with input as object.union(fixtures.salaries, {"environment": "internal-eu"})
	elsewhere := object.union(fixtures.salaries, {"environment": "sovereign-apac", "data": {"residency": ["apac"]}})
	contains(fixtures.fixes("integration.department"), "(in the manifest: environment sovereign-eu, sovereign-uk or sovereign-us).") with input as elsewhere
}

# --- integration.access

test_access_the_connector_does_not_offer_is_refused if {
	fixtures.fields("integration.access") == {"/integrations/0/access"} with input as fixtures.using("hr-directory", "write", ["name"])
	fixtures.fields("integration.access") == {"/integrations/0/access"} with input as fixtures.using("email-send", "read", ["subject"])
}

test_access_the_connector_offers_is_fine if {
	fixtures.levels("integration.access") == set() with input as fixtures.using("ticketing", "read", ["ticket"])
	fixtures.levels("integration.access") == set() with input as fixtures.using("ticketing", "write", ["ticket"])
	fixtures.levels("integration.access") == set() with input as fixtures.using("email-send", "write", [])
}

test_admin_is_judged_elsewhere_where_writing_is_possible if {
	fixtures.levels("integration.access") == set() with input as fixtures.using("ticketing", "admin", ["ticket"])
	fixtures.levels("integration.access") == set() with input as object.union(fixtures.using("ticketing", "admin", ["ticket"]), {"access": {"roles": ["ticketing-read"]}})
}

test_admin_is_impossible_where_writing_is if {
	fixtures.fields("integration.access") == {"/integrations/0/access"} with input as fixtures.using("hr-directory", "admin", ["name"])
}

test_a_field_the_connector_does_not_have_is_refused if {
	fixtures.fields("integration.access") == {"/integrations/0/fields/1"} with input as fixtures.using("hr-directory", "read", ["name", "salary"])
}

test_access_beyond_the_role_is_refused if {
	manifest := object.union(fixtures.customers, {
		"integrations": [{"connector": "crm-contacts", "access": "write", "fields": ["name"]}],
		"access": {"roles": ["crm-read-only"]},
	})
	fixtures.fields("integration.access") == {"/integrations/0/access"} with input as manifest
	contains(fixtures.fixes("integration.access"), "(in the manifest: access read, or use the role crm-read-write).") with input as manifest
}

test_two_roles_add_up if {
	manifest := object.union(fixtures.customers, {
		"integrations": [{"connector": "crm-contacts", "access": "write", "fields": ["name"]}],
		"access": {"roles": ["crm-read-only", "crm-read-write"]},
	})
	fixtures.levels("integration.access") == set() with input as manifest
}

test_a_role_says_nothing_of_a_connector_it_does_not_speak_of if {
	manifest := fixtures.changed({
		"integrations": [{"connector": "chat-notify", "access": "write", "fields": ["text"]}],
		"network": {"allowed_destinations": ["chat.internal.example.com"]},
	})
	fixtures.rules == set() with input as manifest
}

limited := {"narrow": {"title": "Narrow", "privileged": false, "grants": {"hr-directory": {"access": ["read"], "fields": ["name", "team"]}}}}

test_a_field_beyond_the_role_is_refused if {
	manifest := object.union(fixtures.using("hr-directory", "read", ["name", "desk"]), {"access": {"roles": ["narrow"]}})
	fixtures.fields("integration.access") == {"/integrations/0/fields/1"} with input as manifest with data.catalogue.roles as limited
}

test_all_fields_are_beyond_a_role_that_exposes_some if {
	manifest := object.union(fixtures.using("hr-directory", "read", []), {"access": {"roles": ["narrow"]}})
	fixtures.fields("integration.access") == {"/integrations/0/fields"} with input as manifest with data.catalogue.roles as limited
}

test_fields_within_the_role_are_fine if {
	manifest := object.union(fixtures.using("hr-directory", "read", ["name"]), {"access": {"roles": ["narrow"]}})
	fixtures.levels("integration.access") == set() with input as manifest with data.catalogue.roles as limited
}

test_a_role_that_does_not_exist_is_refused if {
	fixtures.fields("integration.access") == {"/access/roles/1"} with input as fixtures.changed({"access": {"roles": ["crm-read-only", "crm-root"]}})
}

test_all_fields_are_fine_where_the_role_exposes_all if {
	manifest := object.union(fixtures.using("hr-directory", "read", []), {"access": {"roles": ["hr-directory-read"]}})
	fixtures.levels("integration.access") == set() with input as manifest
}

test_the_fix_names_no_role_where_none_gives_more if {
	manifest := object.union(fixtures.using("hr-directory", "read", ["name", "desk"]), {"access": {"roles": ["narrow"]}})
	fixtures.fixes("integration.access") == "Ask for name and team only (in the manifest: name and team)." with input as manifest with data.catalogue.roles as limited
	wider := object.union(limited, {"wide": {"privileged": false, "grants": {"hr-directory": {"access": ["read"], "fields": ["desk"]}}}})
	fixtures.fixes("integration.access") == "Ask for name and team only, or use the role wide (in the manifest: name and team, or use the role wide)." with input as manifest with data.catalogue.roles as wider
	privileged := object.union(wider, {"wide": {"privileged": true}})
	fixtures.fixes("integration.access") == "Ask for name and team only (in the manifest: name and team)." with input as manifest with data.catalogue.roles as privileged
}

test_no_role_is_offered_where_none_fits if {
	roles := {"crm-read-only": {"privileged": false, "grants": {"crm-contacts": {"access": ["read"]}}}}
	asked := object.union(fixtures.customers, {"integrations": [{"connector": "crm-contacts", "access": "write", "fields": ["name"]}]})
	endswith(fixtures.fixes("integration.access"), "Ask for reading (in the manifest: access read).") with input as asked with data.catalogue.roles as roles
}
