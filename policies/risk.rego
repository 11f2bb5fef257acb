# How much an app can hurt. The tier decides who is asked; the score orders inside a tier.
package microapps.risk

import data.microapps.manifest
import data.microapps.rulebook
import data.microapps.words

tier := "high" if {
	some reason in reasons
	reason.tier == "high"
} else := "medium" if {
	some reason in reasons
	reason.tier == "medium"
} else := "low"

# --- The reasons, each with the tier it leads to by itself

reasons contains {"rule": "class.regulated", "tier": "high", "why": sprintf("It holds regulated data%s.", [because])} if {
	manifest.effective_class == "regulated"
}

reasons contains {"rule": "residency.cross-border", "tier": "high", "why": sprintf("Data from %s would be kept in %s.", [
	words.all_of({words.place(manifest.residencies[i]) | some i in manifest.abroad}),
	words.place(manifest.environment_residency),
])} if {
	manifest.crosses_border
}

reasons contains {"rule": "access.privileged", "tier": "high", "why": "It has privileged access."} if {
	some finding in rulebook.override
	finding.rule == "access.privileged"
}

reasons contains {"rule": "class.confidential", "tier": "medium", "why": sprintf("It holds confidential data%s.", [because])} if {
	manifest.effective_class == "confidential"
}

reasons contains {"rule": "network.external", "tier": "medium", "why": sprintf("It sends data outside the company%s.", [outside])} if {
	manifest.reaches_outside
}

reasons contains {"rule": "write.confidential", "tier": "medium", "why": sprintf("It can change data in %s.", [words.all_of(sensitive_writes)])} if {
	count(sensitive_writes) > 0
}

reasons contains {"rule": "audience.external", "tier": "medium", "why": "People outside the company will use it."} if {
	manifest.app.audience == "external"
}

# Every other rule that somebody has to waive
reasons contains {"rule": rule, "tier": "medium", "why": concat(" ", sort([finding.message |
	some finding in rulebook.override
	finding.rule == rule
]))} if {
	some rule in {finding.rule | some finding in rulebook.override}
	not rule in {"residency.cross-border", "access.privileged"}
}

reasons contains {"rule": "class.internal", "tier": "low", "why": "It holds internal data."} if {
	manifest.effective_class == "internal"
}

reasons contains {"rule": "write.internal", "tier": "low", "why": sprintf("It can add or change things in %s.", [words.all_of(plain_writes)])} if {
	count(plain_writes) > 0
}

reasons contains {"rule": "audience.company", "tier": "low", "why": "The whole company will use it."} if {
	manifest.app.audience == "company"
}

reasons contains {"rule": "audience.department", "tier": "low", "why": "A whole department will use it."} if {
	manifest.app.audience == "department"
}

reasons contains {"rule": "connectors.many", "tier": "low", "why": sprintf("It brings together %d systems.", [count(manifest.integrations)])} if {
	count(manifest.integrations) >= data.risk.many_connectors
}

sensitive_writes := {connector.title |
	some connector in written
	manifest.rank(connector.class) >= manifest.rank("confidential")
}

plain_writes := {connector.title |
	some connector in written
	manifest.rank(connector.class) < manifest.rank("confidential")
}

written contains data.catalogue.connectors[integration.connector] if {
	some integration in manifest.integrations
	integration.access in {"write", "admin"}
}

because := sprintf(": %s", [words.all_of(causes)]) if {
	count(causes) > 0
} else := ""

# What the builder said, in their words; the connectors' fields where these alone make the class
causes := said if {
	count(said) > 0
} else := {need.what | some need in manifest.needs; need.rank == manifest.effective_rank}

said := {need.what | some need in manifest.needs; need.rank == manifest.effective_rank; need.said}

outside := sprintf(": %s", [words.all_of({manifest.destinations[i] | some i in manifest.external_destinations})]) if {
	count(manifest.external_destinations) > 0
} else := ""

# --- The score: the reason that makes the tier lifts it to the tier's base, the others add to it

points(reason) := object.get(data.risk.points[tier], reason.rule, 0)

# The strongest reason of the tier itself; undefined when a low tier has none.
leading := rule if {
	ranked := sort([[0 - points(reason), reason.rule] | some reason in reasons; reason.tier == tier])
	rule := ranked[0][1]
}

share(reason) := points(reason) + data.risk.base[tier] if {
	reason.rule == leading
} else := points(reason)

factors := [entry[2] |
	some entry in sort([[0 - share(reason), reason.rule, factor] |
		some reason in reasons
		share(reason) > 0
		factor := {"rule": reason.rule, "points": share(reason), "why": reason.why}
	])
]

score := min([sum([factor.points | some factor in factors]), data.risk.most[tier]])
