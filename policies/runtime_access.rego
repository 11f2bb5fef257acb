# May this person, through this app, do this with these fields, now? Attributes decide, not lists of names.
# input: {subject: person id, or {id, department, roles}, app: a manifest, connector, fields: [], action}
package microapps.access

import data.microapps.words

default allow := false

allow if {
	is_object(input.app)
	count(denied) == 0
}

# Why not, for the person's eyes. Empty exactly when nothing stands against it.
denied contains "The request names no person." if {
	object.get(subject, "id", "") == ""
}

denied contains sprintf("%s is not a connector of the catalogue.", [connector_id]) if {
	not data.catalogue.connectors[connector_id]
}

denied contains sprintf("This app does not use %s.", [words.connector(connector_id)]) if {
	count(uses) == 0
}

denied contains sprintf("This app may not %s %s.", [action, words.connector(connector_id)]) if {
	not action_granted
}

denied contains sprintf("This app does not see the field %s of %s.", [field, words.connector(connector_id)]) if {
	some field in requested_fields
	not field in visible_fields
}

denied contains sprintf("%s is not open to %s.", [words.connector(connector_id), department_name]) if {
	not open_to_subject
}

denied contains sprintf("%s may only be used in an environment approved for %s.", [words.connector(connector_id), regime]) if {
	regime := data.integrations.needs_regime[connector_id]
	not regime in object.get(environment, "regimes", [])
}

denied contains "This app is for another department." if {
	not in_audience
}

# --- Who asks. A person of the directory counts with what the directory says.

subject := object.union({"id": input.subject, "department": "", "roles": []}, object.get(people, input.subject, {})) if {
	is_string(input.subject)
} else := object.union(input.subject, object.get(people, object.get(input.subject, "id", ""), {})) if {
	is_object(input.subject)
} else := {}

people := data.people if {
	is_object(data.people)
} else := {}

department := lower(object.get(subject, "department", ""))

department_name := department if {
	department != ""
} else := "somebody without a department"

# --- For what

connector_id := input.connector if {
	is_string(input.connector)
} else := ""

action := input.action if {
	is_string(input.action)
} else := ""

connector := object.get(data.catalogue.connectors, connector_id, {})

environment := object.get(data.catalogue.environments, object.get(input.app, "environment", ""), {})

uses := [integration |
	some integration in input.app.integrations
	integration.connector == connector_id
]

action_granted if {
	some integration in uses
	action in covers[integration.access]
	offered_by(connector, action)
}

covers := {"read": {"read"}, "write": {"read", "write"}, "admin": {"read", "write", "admin"}}

offered_by(offering, wanted) if wanted in offering.access

offered_by(offering, "admin") if "write" in offering.access

# No fields named means all of them, in the manifest and in the question.
requested_fields := {field | some field in input.fields} if {
	count(input.fields) > 0
} else := {field | some field, _ in connector.fields}

visible_fields contains field if {
	some integration in uses
	some field in object.get(integration, "fields", [])
	connector.fields[field]
}

visible_fields contains field if {
	some integration in uses
	count(object.get(integration, "fields", [])) == 0
	some field, _ in connector.fields
}

open_to_subject if connector.open_to_all == true

open_to_subject if department in connector.departments

in_audience if input.app.app.audience in {"company", "external"}

in_audience if {
	department != ""
	department == lower(object.get(input.app.app, "department", ""))
}

in_audience if subject.id == input.app.app.owner

in_audience if subject.id == input.app.app.co_owner
