# Who an app belongs to, who pays, and what it is for.
package microapps.tags

import data.microapps.manifest

required := {
	"owner": {"what": "owner", "fix": "Name the person who looks after the app."},
	"co_owner": {"what": "second owner", "fix": "Name a colleague who gets what the owner does not answer."},
	"cost_centre": {"what": "cost centre", "fix": "Name the cost centre that pays, such as MKT-120."},
	"department": {"what": "department", "fix": "Name the department the app is for, such as marketing."},
	"purpose": {"what": "purpose", "fix": "Say in one sentence what the app is for."},
}

findings contains {
	"rule": "tags.required",
	"level": "hard",
	"message": sprintf("The app has no %s yet.", [tag.what]),
	"fix": tag.fix,
	"field": sprintf("/app/%s", [name]),
} if {
	some name, tag in required
	manifest.text(manifest.app, name) == ""
}

findings contains {
	"rule": "owner.conflict",
	"level": "hard",
	"message": "Owner and second owner are the same person, so nobody would step in.",
	"fix": "Name a colleague as the second owner.",
	"field": "/app/co_owner",
} if {
	owner := lower(manifest.text(manifest.app, "owner"))
	owner != ""
	owner == lower(manifest.text(manifest.app, "co_owner"))
}
