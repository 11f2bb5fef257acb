# Who may have how much power over a system.
package microapps.access

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "access.privileged",
	"level": "override",
	"message": sprintf("The app asks for admin access to %s.", [words.connector(integration.connector)]),
	"fix": sprintf("Set the access to %s, or keep it, and security decides.", [lesser(integration.connector)]),
	"field": sprintf("/integrations/%d/access", [i]),
} if {
	some i, integration in manifest.integrations
	integration.access == "admin"
}

lesser(connector) := words.any_of(data.catalogue.connectors[connector].access) if {
	data.catalogue.connectors[connector]
} else := "read"

findings contains {
	"rule": "access.privileged",
	"level": "override",
	"message": sprintf("The role %s is a privileged one.", [object.get(data.catalogue.roles[role], "title", role)]),
	"fix": "Use a role with fewer rights, or keep it, and security decides.",
	"field": sprintf("/access/roles/%d", [i]),
} if {
	some i, role in manifest.roles
	data.catalogue.roles[role].privileged == true
}
