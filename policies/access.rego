# Who may have how much power over a system.
package microapps.access

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "access.privileged",
	"level": "override",
	"message": sprintf("The app asks for full control of %s.", [words.connector(integration.connector)]),
	"fix": sprintf("Ask for %s only, or keep it, and security decides (in the manifest: access %s).", [
		words.any_of(words.doings(lesser(integration.connector))),
		words.any_of(lesser(integration.connector)),
	]),
	"field": sprintf("/integrations/%d/access", [i]),
} if {
	some i, integration in manifest.integrations
	integration.access == "admin"
}

lesser(connector) := data.catalogue.connectors[connector].access if {
	data.catalogue.connectors[connector]
} else := ["read"]

findings contains {
	"rule": "access.privileged",
	"level": "override",
	"message": sprintf("The role %s comes with special rights.", [words.role(role)]),
	"fix": "Use a role with fewer rights, or keep it, and security decides.",
	"field": sprintf("/access/roles/%d", [i]),
} if {
	some i, role in manifest.roles
	data.catalogue.roles[role].privileged == true
}
