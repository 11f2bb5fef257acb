# Manifests for the tests of the rules, and short ways to ask what was found.
package microapps.fixtures

import data.microapps.rulebook

# Low: nothing stands against it
plain := {
	"app": {
		"name": "where2eat",
		"title": "Where2Eat",
		"purpose": "Pick a lunch place for the team",
		"template": "internal-dashboard",
		"data_class": "internal",
		"department": "marketing",
		"audience": "team",
		"owner": "ada.keller",
		"co_owner": "jonas.lindqvist",
		"cost_centre": "MKT-120",
	},
	"data": {"kinds": ["internal-documents"], "residency": ["eu"]},
	"integrations": [{"connector": "crm-contacts-masked", "access": "read", "fields": ["company", "segment"]}],
	"network": {"allowed_destinations": ["crm.internal.example.com"], "deny_external_sinks": true},
	"environment": "internal-eu",
	"secrets": {"CRM_TOKEN": "vault://kv/marketing/where2eat#crm_token"},
	"access": {"roles": ["crm-read-only"]},
	"lifecycle": {"ttl_days": 30},
	"cost": {"cap_usd": 50, "forecast_usd": 12},
}

# Only what a manifest must have
bare := {
	"app": {"name": "tiny", "template": "internal-dashboard", "data_class": "public"},
	"data": {"kinds": ["none"]},
	"environment": "internal-eu",
}

# Confidential: customers by name, read
customers := object.union(plain, {
	"app": {"data_class": "confidential"},
	"data": {"kinds": ["customer-name", "customer-contact"]},
	"integrations": [{"connector": "crm-contacts", "access": "read", "fields": ["name", "email"]}],
})

# Regulated: salaries, where they may be
salaries := object.union(plain, {
	"app": {"template": "regulated-eu", "data_class": "regulated", "department": "hr"},
	"data": {"kinds": ["salary"]},
	"integrations": [{"connector": "hr-payroll", "access": "read", "fields": ["employee", "salary"]}],
	"network": {"allowed_destinations": ["payroll.internal.example.com"]},
	"environment": "sovereign-eu",
	"access": {"roles": ["payroll-read"]},
})

# Public data sent to a partner
webhook := object.union(plain, {
	"app": {"data_class": "public"},
	"data": {"kinds": ["published"]},
	"integrations": [{"connector": "external-webhook", "access": "write", "fields": ["payload"]}],
	"network": {"allowed_destinations": ["hooks.partner.example.org"], "deny_external_sinks": false},
	"access": {"roles": []},
})

changed(change) := object.union(plain, change)

app(change) := object.union(plain, {"app": change})

# One connector, its host and no roles
using(connector, access, fields) := object.union(plain, {
	"integrations": [{"connector": connector, "access": access, "fields": fields}],
	"network": {"allowed_destinations": [host | host := data.catalogue.connectors[connector].host]},
	"access": {"roles": []},
})

levels(rule) := {finding.level | some finding in rulebook.findings; finding.rule == rule}

fields(rule) := {finding.field | some finding in rulebook.findings; finding.rule == rule}

fixes(rule) := concat(" ", sort([finding.fix | some finding in rulebook.findings; finding.rule == rule]))

words_of(rule) := concat(" ", sort([finding.message | some finding in rulebook.findings; finding.rule == rule]))

rules := {finding.rule | some finding in rulebook.findings}
