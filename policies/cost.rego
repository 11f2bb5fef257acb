# What an app may cost.
package microapps.cost

import data.microapps.manifest

forecast := input.cost.forecast_usd

# An app that names no cap gets its template's.
cap := input.cost.cap_usd if {
	is_number(input.cost.cap_usd)
} else := manifest.template.defaults.cap_usd

findings contains {
	"rule": "cost.cap",
	"level": "override",
	"message": sprintf("The cap of %v USD a month is above the %v USD that need no signature.", [cap, data.limits.cap_usd]),
	"fix": sprintf("Lower the cap to %v USD a month or less, or keep it, and the business owner decides.", [data.limits.cap_usd]),
	"field": "/cost/cap_usd",
} if {
	cap > data.limits.cap_usd
}

findings contains {
	"rule": "cost.cap",
	"level": "override",
	"message": sprintf("The app is expected to cost %v USD a month, more than its cap of %v USD.", [forecast, cap]),
	"fix": sprintf("Raise the cap to %v USD a month, make the app cheaper, or keep it, and the business owner decides.", [forecast]),
	"field": "/cost/forecast_usd",
} if {
	forecast > cap
}
