# Where data may be kept.
package microapps.residency

import data.microapps.manifest
import data.microapps.words

findings contains {
	"rule": "residency.environment",
	"level": "hard",
	"message": sprintf("There is no place called '%s' to run in.", [manifest.environment_id]),
	"fix": sprintf("Use one of %s (in the manifest: %s).", [words.any_of(words.environments(everywhere)), words.any_of(everywhere)]),
	"field": "/environment",
} if {
	not data.catalogue.environments[manifest.environment_id]
}

everywhere := {id | some id, _ in data.catalogue.environments}

findings contains {
	"rule": "residency.environment",
	"level": "hard",
	"message": sprintf("%s is approved for %s data at most, and this app holds %s data.", [words.environment(manifest.environment_id), manifest.environment.highest_class, manifest.effective_class]),
	"fix": sprintf("Run it in %s (in the manifest: environment %s).", [words.any_of(words.environments(enough)), words.any_of(enough)]),
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
		words.environment(manifest.environment_id),
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
		words.environment(manifest.environment_id),
	]),
	"fix": sprintf("%s Or keep it, and compliance decides.", [home_fix]),
	"field": sprintf("/data/residency/%d", [i]),
} if {
	manifest.effective_class in {"internal", "confidential"}
	manifest.environment_residency != ""
	some i in manifest.abroad
}

homes := {residency | some residency in manifest.residencies}

home_fix := sprintf("Run it in %s (in the manifest: environment %s).", [words.environment(place), place]) if {
	count(homes) == 1
	some home in homes
	place := manifest.environment_for(home)
	place != ""
} else := sprintf("Make one app for each place: %s (in the manifest: environment %s).", [words.all_of(words.environments(each_home)), words.all_of(each_home)])

each_home := {place |
	some home in homes
	place := manifest.environment_for(home)
}
