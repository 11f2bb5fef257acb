# Where data may be kept.
package microapps.residency

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "residency.environment",
	"level": "hard",
	"message": sprintf("'%s' is no environment of the catalogue.", [manifest.environment_id]),
	"fix": sprintf("Use one of %s.", [words.any_of({id | some id, _ in data.catalogue.environments})]),
	"field": "/environment",
} if {
	not data.catalogue.environments[manifest.environment_id]
}

findings contains {
	"rule": "residency.environment",
	"level": "hard",
	"message": sprintf("%s is approved for %s data at most, and this app holds %s data.", [manifest.environment_id, manifest.environment.highest_class, manifest.effective_class]),
	"fix": sprintf("Set the environment to %s.", [words.any_of(enough)]),
	"field": "/environment",
} if {
	manifest.effective_rank > manifest.rank(manifest.environment.highest_class)
}

# Where the data lives, if that is one place we have; else near where it was to run.
enough := {place} if {
	[home] := manifest.residencies
	place := manifest.environment_for(home)
	place != ""
} else := {place} if {
	place := manifest.environment_for(manifest.environment_residency)
	place != ""
} else := {id |
	some id, candidate in data.catalogue.environments
	manifest.rank(candidate.highest_class) >= manifest.effective_rank
}

findings contains {
	"rule": "residency.environment",
	"level": "hard",
	"message": sprintf("Regulated data from %s has to stay there, and %s keeps it in %s.", [
		words.place(manifest.residencies[i]),
		manifest.environment_id,
		words.place(manifest.environment_residency),
	]),
	"fix": home_fix,
	"field": sprintf("/data/residency/%d", [i]),
} if {
	manifest.effective_class == "regulated"
	manifest.environment_residency != ""
	some i in manifest.abroad
}

findings contains {
	"rule": "residency.cross-border",
	"level": "override",
	"message": sprintf("Data from %s would be kept in %s (%s).", [
		words.place(manifest.residencies[i]),
		words.place(manifest.environment_residency),
		manifest.environment_id,
	]),
	"fix": sprintf("%s Or keep it, and compliance decides.", [home_fix]),
	"field": sprintf("/data/residency/%d", [i]),
} if {
	manifest.effective_class in {"internal", "confidential"}
	manifest.environment_residency != ""
	some i in manifest.abroad
}

homes := {residency | some residency in manifest.residencies}

home_fix := sprintf("Set the environment to %s.", [place]) if {
	count(homes) == 1
	some home in homes
	place := manifest.environment_for(home)
	place != ""
} else := sprintf("Make one app for each place: %s.", [words.all_of({place |
	some home in homes
	place := manifest.environment_for(home)
})])
