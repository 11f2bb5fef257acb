package microapps.words_test

import data.microapps.words

test_what_is_known_is_called_by_its_name if {
	words.connector("crm-contacts") == data.catalogue.connectors["crm-contacts"].title
	words.template("campaign") == data.catalogue.templates.campaign.title
	words.place("eu") == data.residency.names.eu
	words.kind("salary") == data.classification.kinds.salary.words
	words.environment("sovereign-eu") == data.catalogue.environments["sovereign-eu"].title
	words.role("crm-read-only") == sprintf("“%s”", [data.catalogue.roles["crm-read-only"].title])
	words.field("crm-contacts", "email") == "e-mail"
	words.doing("read") == "reading"
}

test_what_is_unknown_is_called_by_its_id if {
	words.connector("no-such") == "no-such"
	words.template("no-such") == "no-such"
	words.place("mars") == "mars"
	words.kind("no-such") == "no-such"
	words.environment("no-such") == "no-such"
	words.role("no-such") == "no-such"
	words.field("crm-contacts", "no-such") == "no-such"
	words.doing("no-such") == "no-such"
}
