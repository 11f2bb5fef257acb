# Where an app may talk to.
package microapps.network

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "network.destination",
	"level": "hard",
	"message": sprintf("The app would send to '%s', which belongs to none of its connections.", [written]),
	"fix": fix(host),
	"field": sprintf("/network/allowed_destinations/%d", [i]),
} if {
	some i, host in manifest.destinations
	not belongs(host)
	written := input.network.allowed_destinations[i]
}

# To the connector at that host
belongs(host) if {
	some integration in manifest.integrations
	lower(data.catalogue.connectors[integration.connector].host) == host
}

# To an external connector, when it is one host and no other connector's.
belongs(host) if {
	count(manifest.external_integrations) > 0
	not manifest.catalogue_hosts[host]
	not contains(host, "*")
	host != ""
}

at_host(host) := {id |
	some id, connector in data.catalogue.connectors
	lower(connector.host) == host
}

external_connectors := {id |
	some id, connector in data.catalogue.connectors
	connector.external == true
}

fix(host) := sprintf("Connect the app to %s, or take the address out (in the manifest: the integration %s).", [words.any_of(words.connectors(at_host(host))), words.any_of(at_host(host))]) if {
	count(at_host(host)) > 0
}

fix(host) := "Write each address in full, without *." if contains(host, "*")

fix(host) := sprintf("Take the address out, or send there through %s (in the manifest: the integration %s).", [words.any_of(words.connectors(external_connectors)), words.any_of(external_connectors)]) if {
	count(at_host(host)) == 0
	not contains(host, "*")
}

# Regulated data never leaves its approved environment; confidential data never leaves the company; and an app
# that promised no external destinations has none.
findings contains {
	"rule": "network.external-sink",
	"level": "hard",
	"message": sprintf("%s to %s.", [objection, input.network.allowed_destinations[i]]),
	"fix": remedy,
	"field": sprintf("/network/allowed_destinations/%d", [i]),
} if {
	some i in manifest.external_destinations
}

findings contains {
	"rule": "network.external-sink",
	"level": "hard",
	"message": sprintf("%s through %s.", [objection, words.connector(connector)]),
	"fix": remedy,
	"field": sprintf("/integrations/%d/connector", [i]),
} if {
	count(manifest.external_destinations) == 0
	some i in manifest.external_integrations
	connector := manifest.integrations[i].connector
}

# Undefined where nothing stands against an external destination.
objection := "Regulated data must not leave the place approved for it, and this app sends" if {
	manifest.effective_class == "regulated"
} else := sprintf("This app holds %s data, which must not go outside, and it sends", [manifest.effective_class]) if {
	manifest.effective_rank >= manifest.rank("confidential")
} else := "The app promises to send nothing outside, and yet it sends" if {
	manifest.deny_external_sinks
}

remedy := sprintf("Take the outside address out. To send something outside, leave the %s data out of this app and do that in one of its own.", [manifest.effective_class]) if {
	manifest.effective_rank >= manifest.rank("confidential")
} else := "Take the outside address out, or take the promise back and let the reviewers look at it (in the manifest: deny_external_sinks false)."
