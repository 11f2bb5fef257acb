# Secrets are references; a secret itself never stands in a manifest. No message repeats what it found.
package microapps.secrets

import data.microapps.manifest
import data.microapps.words

schemes := words.any_of([sprintf("%s://…", [scheme]) | some scheme in data.secrets.schemes])

reference := sprintf(`^(?i:%s)://[^\s]+$`, [concat("|", data.secrets.schemes)])

findings contains {
	"rule": "secrets.literal",
	"level": "hard",
	"message": sprintf("The password or key %s is written out in the app's description.", [name]),
	"fix": sprintf("Put it into the vault and write only its place there, %s. Then replace it by a new one: it has been seen.", [schemes]),
	"field": pointer(["secrets", name]),
} if {
	some name, value in manifest.section("secrets")
	not is_reference(value)
}

is_reference(value) if {
	is_string(value)
	regex.match(reference, trim_space(value))
}

findings contains {
	"rule": "secrets.literal",
	"level": "hard",
	"message": sprintf("Something in %s looks like a password or a key.", [pointer(path)]),
	"fix": sprintf("Take it out and put it into the vault; write only its place there, %s (in the manifest: secrets). Then replace it by a new one: it has been seen.", [schemes]),
	"field": pointer(path),
} if {
	some path in suspicious
	not literal_already(path)
}

# Already said by the rule above
literal_already(path) if {
	path[0] == "secrets"
	not is_reference(input.secrets[path[1]])
}

# Places are written down only where there is something to point at: nearly always there is nothing
suspicious contains path if {
	count(giveaways) > 0
	walk(input, [path, value])
	value in giveaways
}

# The shortest form has eight signs: a://b:c@
giveaways contains value if {
	walk(input, [_, value])
	is_string(value)
	count(value) > 7
	looks_like_secret(value)
}

suspicious contains ["secrets", name] if {
	some name, _ in manifest.section("secrets")
	looks_like_secret(name)
}

looks_like_secret(value) if regex.match(known_forms, value)

# "password: hunter2" is one, "password: required" is not: what is given away has a digit or a sign in it.
looks_like_secret(value) if {
	regex.match(assignment, value)
	some [_, _, given] in regex.find_all_string_submatch_n(assignment, value, -1)
	regex.match(`[0-9!$%^&*+=~?]`, given)
	not regex.match(reference, given)
}

assignment := `(?i)(password|passwd|passphrase|pwd|secret|api[ _-]?key|access[ _-]?key|account[ _-]?key|token|authorization)["']?\s*(?:[:=]|\bis\b)\s*(?:bearer\s+|basic\s+)?["']?([^\s"',;]{6,})`

# A long run without a pattern, as generators make them
looks_like_secret(value) if {
	count(value) > 31
	some run in regex.find_n(`[A-Za-z0-9+]{32,}`, value, -1)
	regex.match(`[A-Z]`, run)
	regex.match(`[a-z]`, run)
	regex.match(`[0-9]`, run)
}

known_forms := concat("|", [
	`-----BEGIN [A-Z ]*PRIVATE KEY`,
	# AWS, Google, Azure
	`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
	`\bAIza[0-9A-Za-z_-]{35}`,
	`\bAccountKey=[A-Za-z0-9+/=]{20,}`,
	`[?&]sig=[A-Za-z0-9%+/]{20,}`,
	# GitHub, GitLab, npm, Slack, Stripe, OpenAI, SendGrid
	`\bgh[pousr]_[0-9A-Za-z]{30,}`,
	`\bgithub_pat_[0-9A-Za-z_]{30,}`,
	`\bglpat-[0-9A-Za-z_-]{20,}`,
	`\bnpm_[0-9A-Za-z]{30,}`,
	`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`,
	`hooks\.slack\.com/services/T[0-9A-Z]+/`,
	`\b[srp]k_(?:live|test)_[0-9A-Za-z]{10,}`,
	`\bsk-[0-9A-Za-z_-]{20,}`,
	`\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`,
	# Vault tokens, JSON web tokens, a password inside a URL
	`\bhv[sb]\.[0-9A-Za-z_-]{20,}`,
	`\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}`,
	`[a-z][a-z0-9+.-]*://[^\s:/@]+:[^\s:/@]+@`,
])

pointer(path) := sprintf("/%s", [concat("/", [escaped | some part in path; escaped := replace(replace(sprintf("%v", [part]), "~", "~0"), "/", "~1")])])
