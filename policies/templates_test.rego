package microapps.templates_test

import data.microapps.fixtures

campaign(change) := object.union(
	fixtures.changed({"app": {"template": "campaign"}, "lifecycle": {"ttl_days": 14}, "cost": {"cap_usd": 100}}),
	change,
)

test_a_campaign_within_its_limits_is_fine if {
	fixtures.rules == set() with input as campaign({})
}

test_a_campaign_holds_internal_data_at_most if {
	fixtures.fields("template.limits") == {"/app/template"} with input as campaign({"app": {"data_class": "confidential"}})
	fixtures.fields("template.limits") == {"/app/template"} with input as campaign({"data": {"kinds": ["customer-name"]}})
}

test_plain_templates_go_up_to_regulated if {
	every template in ["internal-dashboard", "approval-form", "event-automation"] {
		fixtures.levels("template.limits") == set() with input as object.union(fixtures.salaries, {"app": {"template": template}})
	}
}

test_a_campaign_costs_100_at_most if {
	fixtures.fields("template.limits") == {"/cost/cap_usd"} with input as campaign({"cost": {"cap_usd": 100.01}})
	fixtures.levels("template.limits") == set() with input as campaign({"cost": {"cap_usd": 100}})
	fixtures.levels("template.limits") == set() with input as json.remove(campaign({}), ["cost"])
	contains(fixtures.fixes("template.limits"), "100 USD") with input as campaign({"cost": {"cap_usd": 250}})
}

test_other_templates_have_no_cap_of_their_own if {
	fixtures.rules == set() with input as fixtures.changed({"cost": {"cap_usd": 101}})
}

test_a_campaign_works_with_four_connectors if {
	every connector in ["crm-contacts-masked", "crm-campaigns", "chat-notify", "email-send"] {
		fixtures.levels("template.limits") == set() with input as campaign({"integrations": [{"connector": connector, "access": "read"}]})
	}
}

test_a_campaign_does_not_work_with_others if {
	every connector in ["crm-contacts", "ticketing", "external-webhook", "hr-directory"] {
		fixtures.fields("template.limits") == {"/integrations/0/connector"} with input as campaign({"integrations": [{"connector": connector, "access": "read", "fields": ["company"]}]})
	}
}

test_the_fix_names_the_masked_twin if {
	contains(fixtures.fixes("template.limits"), "crm-contacts-masked") with input as campaign({"integrations": [{"connector": "crm-contacts", "access": "read", "fields": ["company"]}]})
}

test_a_regulated_template_runs_in_its_own_environment_only if {
	every template, home in {"regulated-eu": "sovereign-eu", "regulated-uk": "sovereign-uk", "regulated-apac": "sovereign-apac"} {
		fixtures.levels("template.limits") == set() with input as fixtures.changed({"app": {"template": template}, "environment": home})
		every environment in {id | some id, _ in data.catalogue.environments} - {home} {
			fixtures.fields("template.limits") == {"/environment"} with input as fixtures.changed({"app": {"template": template}, "environment": environment})
		}
	}
}

test_a_template_that_does_not_exist_is_refused if {
	fixtures.levels("template.limits") == {"hard"} with input as fixtures.app({"template": "anything-goes"})
}

test_the_fix_names_templates_that_bear_the_class_in_this_environment if {
	regulated := campaign({"app": {"data_class": "regulated"}, "environment": "sovereign-eu"})
	fix := fixtures.fixes("template.limits") with input as regulated
	contains(fix, "template approval-form, event-automation, internal-dashboard or regulated-eu)")
}

test_the_fix_names_what_works_where_there_is_no_twin if {
	fix := fixtures.fixes("template.limits") with input as campaign({"integrations": [{"connector": "ticketing", "access": "read"}]})
	contains(fix, "(in the manifest: crm-contacts-masked, crm-campaigns, chat-notify or email-send)")
}
