package microapps.access_test

import data.microapps.access
import data.microapps.fixtures

# --- access.privileged

test_admin_access_needs_security if {
	fixtures.levels("access.privileged") == {"override"} with input as fixtures.using("ticketing", "admin", ["ticket"])
	fixtures.fields("access.privileged") == {"/integrations/0/access"} with input as fixtures.using("ticketing", "admin", ["ticket"])
}

test_a_privileged_role_needs_security if {
	fixtures.fields("access.privileged") == {"/access/roles/1"} with input as fixtures.changed({"access": {"roles": ["crm-read-only", "infra-admin"]}})
	fixtures.levels("access.privileged") == {"override"} with input as fixtures.changed({"access": {"roles": ["payments-operator"]}})
}

test_reading_and_writing_are_not_privileged if {
	fixtures.levels("access.privileged") == set() with input as fixtures.using("ticketing", "read", [])
	fixtures.levels("access.privileged") == set() with input as fixtures.using("ticketing", "write", [])
}

test_every_other_role_is_not_privileged if {
	every id, role in data.catalogue.roles {
		expected := {level | level := "override"; role.privileged}
		fixtures.levels("access.privileged") == expected with input as fixtures.changed({"access": {"roles": [id]}})
	}
}

# --- Runtime access

directory := {
	"mia": {"name": "Mia", "department": "marketing", "roles": []},
	"hal": {"name": "Hal", "department": "hr", "roles": []},
	"fay": {"name": "Fay", "department": "finance", "roles": []},
}

ask(subject, app, connector, fields, action) := {"subject": subject, "app": app, "connector": connector, "fields": fields, "action": action}

allowed(request) if access.allow with input as request with data.people as directory

test_what_the_app_declares_its_department_may_do if {
	allowed(ask("mia", fixtures.customers, "crm-contacts", ["name"], "read"))
	allowed(ask("hal", fixtures.salaries, "hr-payroll", ["salary"], "read"))
}

test_a_person_may_be_described_instead_of_named if {
	allowed(ask({"id": "guest", "department": "marketing"}, fixtures.customers, "crm-contacts", ["name"], "read"))
}

test_what_the_directory_says_of_a_person_wins if {
	not allowed(ask({"id": "mia", "department": "hr"}, fixtures.salaries, "hr-payroll", ["salary"], "read"))
}

test_a_field_or_action_beyond_the_manifest_is_denied if {
	not allowed(ask("mia", fixtures.customers, "crm-contacts", ["phone"], "read"))
	not allowed(ask("mia", fixtures.customers, "crm-contacts", ["name", "shoe-size"], "read"))
	not allowed(ask("mia", fixtures.customers, "crm-contacts", ["name"], "write"))
	not allowed(ask("mia", fixtures.customers, "crm-contacts", [], "read"))
	not allowed(ask("mia", fixtures.customers, "crm-contacts", ["name"], "delete"))
}

test_writing_covers_reading_where_the_connector_can_be_read if {
	manifest := object.union(fixtures.using("ticketing", "write", []), {})
	allowed(ask("mia", manifest, "ticketing", ["ticket"], "read"))
	allowed(ask("mia", manifest, "ticketing", [], "write"))
	not allowed(ask("mia", fixtures.using("email-send", "write", []), "email-send", ["subject"], "read"))
}

test_a_connector_the_app_does_not_declare_is_denied if {
	not allowed(ask("mia", fixtures.plain, "crm-contacts", ["company"], "read"))
	not allowed(ask("mia", fixtures.plain, "sap", ["company"], "read"))
}

test_payroll_is_for_finance_and_hr_in_an_approved_environment if {
	company := object.union(fixtures.salaries, {"app": {"audience": "company"}})
	allowed(ask("fay", company, "hr-payroll", ["salary"], "read"))
	not allowed(ask("mia", company, "hr-payroll", ["salary"], "read"))
	not allowed(ask("fay", object.union(company, {"environment": "internal-eu"}), "hr-payroll", ["salary"], "read"))
	not allowed(ask("fay", object.union(company, {"environment": "sovereign-apac"}), "hr-payroll", ["salary"], "read"))
}

test_another_department_is_outside_a_teams_app if {
	not allowed(ask("fay", fixtures.plain, "crm-contacts-masked", ["company"], "read"))
	allowed(ask("fay", fixtures.app({"audience": "company"}), "crm-contacts-masked", ["company"], "read"))
	allowed(ask("fay", fixtures.app({"owner": "fay"}), "crm-contacts-masked", ["company"], "read"))
}

test_an_incomplete_question_is_denied if {
	not access.allow with input as {}
	not access.allow with input as {"subject": "mia"}
	not access.allow with input as ask("", fixtures.plain, "crm-contacts-masked", ["company"], "read")
	not access.allow with input as json.remove(ask("mia", fixtures.plain, "crm-contacts-masked", ["company"], "read"), ["action"])
	not allowed(ask("nobody", fixtures.plain, "crm-contacts-masked", ["company"], "read"))
}

test_a_denial_says_why if {
	request := ask("mia", fixtures.customers, "crm-contacts", ["phone"], "read")
	reasons := access.denied with input as request with data.people as directory
	some why in reasons
	contains(why, "phone")
}

test_nobodys_department_is_not_the_department_of_an_app_without_one if {
	without := json.remove(fixtures.plain, ["app/department"])
	not access.allow with input as ask({"id": "guest"}, without, "crm-contacts-masked", ["company"], "read")
}

test_who_asks_may_be_nobody_at_all if {
	access.subject == {} with input as {"subject": null}
	access.department_name == "somebody without a department" with input as {"subject": null}
}

test_without_a_directory_people_are_who_they_say_they_are if {
	access.subject.department == "hr" with input as {"subject": {"id": "mia", "department": "hr"}} with data.people as "none"
}

test_what_is_no_connector_is_refused_by_name if {
	access.connector_id == "" with input as {"connector": 7}
	not access.allow with input as object.union(ask("mia", fixtures.plain, "crm-contacts-masked", ["company"], "read"), {"connector": 7})
}
