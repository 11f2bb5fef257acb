# What is documented of the manifests in samples/ is what the rules say of them.
# granted-*: at once. signed-*: allowed, but people must sign. refused-*: stopped. no-manifest-*: not one by form.
package microapps.samples_test

import data.microapps

documented := {
	"granted-lunch-picker": {"tier": "low", "rules": set(), "roles": []},
	"granted-campaign": {"tier": "low", "rules": set(), "roles": []},
	"granted-timer": {"tier": "low", "rules": set(), "roles": []},
	"granted-could-be-masked": {"tier": "low", "rules": {"data.minimise"}, "roles": []},
	"signed-customer-names": {"tier": "medium", "rules": set(), "roles": ["business-owner", "security"]},
	"signed-partner-webhook": {"tier": "medium", "rules": set(), "roles": ["business-owner", "security"]},
	"signed-long-life": {"tier": "medium", "rules": {"lifecycle.ttl"}, "roles": ["business-owner", "security"]},
	"signed-dear": {"tier": "medium", "rules": {"cost.cap"}, "roles": ["business-owner", "security"]},
	"signed-salaries": {"tier": "high", "rules": set(), "roles": ["security", "compliance", "infra-ops"]},
	"signed-salaries-us": {"tier": "high", "rules": set(), "roles": ["security", "compliance", "infra-ops"]},
	"signed-abroad": {"tier": "high", "rules": {"residency.cross-border"}, "roles": ["security", "compliance", "infra-ops"]},
	"signed-admin": {"tier": "high", "rules": {"access.privileged"}, "roles": ["security", "compliance", "infra-ops"]},
	"signed-payments": {"tier": "high", "rules": {"access.privileged"}, "roles": ["security", "compliance", "infra-ops"]},
	"refused-class-too-low": {"tier": "medium", "rules": {"data.class-too-low"}},
	"refused-credentials": {"tier": "low", "rules": {"data.credentials"}},
	"refused-unknown-connector": {"tier": "low", "rules": {"integration.unknown"}},
	"refused-department": {"tier": "medium", "rules": {"integration.department"}},
	"refused-payroll-place": {"tier": "high", "rules": {"integration.department"}},
	"refused-access-beyond-role": {"tier": "medium", "rules": {"integration.access"}},
	"refused-unknown-field": {"tier": "low", "rules": {"integration.access"}},
	"refused-undeclared-destination": {"tier": "low", "rules": {"network.destination"}},
	"refused-webhook-to-our-own-host": {"tier": "medium", "rules": {"network.destination"}},
	"refused-external-sink": {"tier": "medium", "rules": {"network.external-sink"}},
	"refused-regulated-leaves": {"tier": "high", "rules": {"network.external-sink"}},
	"refused-sink-denied": {"tier": "medium", "rules": {"network.external-sink"}},
	"refused-environment-too-low": {"tier": "high", "rules": {"residency.environment"}},
	"refused-two-residencies": {"tier": "high", "rules": {"residency.environment"}},
	"refused-campaign-limits": {"tier": "medium", "rules": {"template.limits"}},
	"refused-regulated-template-elsewhere": {"tier": "high", "rules": {"template.limits"}},
	"refused-pii-export": {"tier": "medium", "rules": {"pii.export"}},
	"refused-secret-literal": {"tier": "low", "rules": {"secrets.literal"}},
	"refused-too-long": {"tier": "low", "rules": {"lifecycle.ttl"}},
	"refused-tags": {"tier": "low", "rules": {"tags.required"}},
	"refused-one-owner": {"tier": "low", "rules": {"owner.conflict"}},
	"refused-much": {"tier": "high", "rules": {
		"data.class-too-low", "integration.department", "network.destination", "network.external-sink",
		"residency.environment", "template.limits", "lifecycle.ttl", "cost.cap", "owner.conflict",
	}},
}

decision(name) := report if {
	report := microapps.decision with input as data.samples[name]
}

test_every_sample_is_documented if {
	{name | some name, _ in data.samples; not startswith(name, "no-manifest-")} == object.keys(documented)
}

test_every_sample_has_its_documented_tier if {
	every name, expected in documented {
		decision(name).risk.tier == expected.tier
	}
}

test_every_sample_has_its_documented_findings_and_no_other if {
	every name, expected in documented {
		{finding.rule | some finding in decision(name).findings} == expected.rules
	}
}

test_every_sample_has_its_documented_outcome if {
	every name, _ in documented {
		outcome(decision(name)) == split(name, "-")[0]
	}
}

test_every_sample_has_its_documented_seats if {
	every name, expected in documented {
		seats := [seat.role | some seat in decision(name).approvals]
		seats == object.get(expected, "roles", seats)
	}
}

outcome(report) := "refused" if {
	not report.allow
} else := "signed" if {
	count(report.approvals) > 0
} else := "granted"

rules := {
	"data.class-too-low", "data.credentials", "data.minimise", "integration.unknown", "integration.department", "integration.access",
	"network.destination", "network.external-sink", "residency.environment", "residency.cross-border", "template.limits", "pii.export",
	"secrets.literal", "access.privileged", "lifecycle.ttl", "cost.cap", "tags.required", "owner.conflict",
}

test_every_rule_of_the_table_has_a_sample_and_there_are_no_others if {
	{rule | some expected in documented; some rule in expected.rules} == rules
}
