# How long an app may live before somebody looks at it again.
package microapps.lifecycle

import data.microapps.manifest

ttl := input.lifecycle.ttl_days

# The stricter of the template's maximum and the class's.
longest := min([object.get(manifest.template_limits, "ttl_days", by_class), by_class])

by_class := data.limits.ttl_days_by_class[manifest.effective_class]

findings contains {
	"rule": "lifecycle.ttl",
	"level": "override",
	"message": sprintf("The app would live %v days; %v is the most without a signature.", [ttl, longest]),
	"fix": sprintf("Let it live %v days, since one click renews it; or keep %v, and security decides.", [longest, ttl]),
	"field": "/lifecycle/ttl_days",
} if {
	ttl > longest
	ttl <= data.limits.ttl_days
}

findings contains {
	"rule": "lifecycle.ttl",
	"level": "hard",
	"message": sprintf("The app would live %v days; no app lives longer than %v without being renewed.", [ttl, data.limits.ttl_days]),
	"fix": sprintf("Let it live %v days, since one click renews it; or %v at most, and security decides.", [longest, data.limits.ttl_days]),
	"field": "/lifecycle/ttl_days",
} if {
	ttl > data.limits.ttl_days
}
