package microapps.network_test

import data.microapps.fixtures
import data.microapps.manifest

to(hosts) := fixtures.changed({"network": {"allowed_destinations": hosts}})

# --- network.destination

test_the_host_of_a_declared_connector_is_fine if {
	fixtures.levels("network.destination") == set() with input as fixtures.plain
}

test_hosts_compare_without_regard_to_case if {
	fixtures.rules == set() with input as to(["CRM.Internal.Example.Com"])
}

test_the_host_of_a_connector_that_is_not_declared_is_refused if {
	fixtures.fields("network.destination") == {"/network/allowed_destinations/1"} with input as to(["crm.internal.example.com", "ledger.internal.example.com"])
	contains(fixtures.fixes("network.destination"), "finance-ledger") with input as to(["ledger.internal.example.com"])
}

test_a_host_of_nobody_is_refused if {
	fixtures.levels("network.destination") == {"hard"} with input as to(["hooks.partner.example.org"])
}

test_a_host_inside_our_domain_that_is_no_connectors_is_refused if {
	fixtures.levels("network.destination") == {"hard"} with input as to(["x.crm.internal.example.com"])
}

test_the_webhook_takes_the_hosts_of_nobody_else if {
	fixtures.rules == set() with input as fixtures.webhook
}

test_the_host_of_another_connector_never_belongs_to_the_webhook if {
	every host in ["payroll.internal.example.com", "PAYROLL.internal.example.com", "https://payroll.internal.example.com./", "crm.internal.example.com"] {
		fixtures.levels("network.destination") == {"hard"} with input as object.union(fixtures.webhook, {"network": {"allowed_destinations": [host]}})
	}
}

test_a_pattern_is_no_host if {
	fixtures.levels("network.destination") == {"hard"} with input as object.union(fixtures.webhook, {"network": {"allowed_destinations": ["*.internal.example.com"]}})
}

test_no_destination_is_fine if {
	fixtures.rules == set() with input as to([])
	fixtures.rules == set() with input as json.remove(fixtures.plain, ["network"])
}

test_the_host_of_an_unknown_connector_is_refused if {
	fixtures.levels("network.destination") == {"hard"} with input as fixtures.changed({
		"integrations": [{"connector": "sap", "access": "read"}],
		"network": {"allowed_destinations": ["sap.internal.example.com"]},
	})
}

# --- network.external-sink

test_public_and_internal_data_may_go_outside_where_the_manifest_allows_it if {
	every class in ["public", "internal"] {
		fixtures.levels("network.external-sink") == set() with input as object.union(fixtures.webhook, {"app": {"data_class": class}})
	}
}

test_confidential_and_regulated_data_never_goes_outside if {
	every class in ["confidential", "regulated"] {
		fixtures.levels("network.external-sink") == {"hard"} with input as object.union(fixtures.webhook, {"app": {"data_class": class}})
	}
}

test_the_effective_class_counts if {
	fixtures.levels("network.external-sink") == {"hard"} with input as object.union(fixtures.webhook, {"data": {"kinds": ["contract"]}})
}

test_regulated_data_stays_in_its_approved_environment if {
	manifest := object.union(fixtures.salaries, {
		"integrations": array.concat(fixtures.salaries.integrations, [{"connector": "external-webhook", "access": "write", "fields": ["payload"]}]),
		"network": {"allowed_destinations": ["payroll.internal.example.com", "hooks.partner.example.org"], "deny_external_sinks": false},
	})
	fixtures.rules == {"network.external-sink"} with input as manifest
	fixtures.fields("network.external-sink") == {"/network/allowed_destinations/1"} with input as manifest
	contains(fixtures.words_of("network.external-sink"), "the place approved for it") with input as manifest
}

test_deny_external_sinks_is_kept if {
	fixtures.levels("network.external-sink") == {"hard"} with input as object.union(fixtures.webhook, {"network": {"deny_external_sinks": true}})
}

test_deny_external_sinks_that_is_not_said_denies_nothing if {
	fixtures.levels("network.external-sink") == set() with input as json.remove(fixtures.webhook, ["network/deny_external_sinks"])
}

test_an_undeclared_outside_host_is_a_sink_as_well if {
	fixtures.rules == {"network.destination", "network.external-sink"} with input as to(["hooks.partner.example.org"])
}

test_our_own_hosts_are_not_outside if {
	fixtures.levels("network.external-sink") == set() with input as fixtures.salaries
	fixtures.levels("network.external-sink") == set() with input as to(["Ledger.internal.example.com"])
}

test_a_webhook_that_names_no_host_is_outside_all_the_same if {
	manifest := object.union(fixtures.webhook, {"app": {"data_class": "confidential"}, "network": {"allowed_destinations": []}})
	fixtures.fields("network.external-sink") == {"/integrations/0/connector"} with input as manifest
}

test_what_is_external if {
	manifest.external_destinations == {1} with input as to(["crm.internal.example.com", "example.org"])
	manifest.external_destinations == set() with input as fixtures.bare
}

test_an_empty_host_is_no_host if {
	fixtures.levels("network.destination") == {"hard"} with input as object.union(fixtures.webhook, {"network": {"allowed_destinations": [""]}})
}

test_the_fixes_name_what_can_be_done if {
	contains(fixtures.fixes("network.destination"), "(in the manifest: the integration external-webhook).") with input as to(["hooks.partner.example.org"])
	contains(fixtures.fixes("network.external-sink"), "deny_external_sinks false") with input as object.union(fixtures.webhook, {"network": {"deny_external_sinks": true}})
	contains(fixtures.fixes("network.external-sink"), "leave the confidential data out") with input as object.union(fixtures.webhook, {"app": {"data_class": "confidential"}})
}
