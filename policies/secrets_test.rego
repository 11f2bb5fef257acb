package microapps.secrets_test

import data.microapps.fixtures
import data.microapps.secrets

holding(value) := object.union(fixtures.plain, {"secrets": {"KEY": value}})

about(purpose) := fixtures.app({"purpose": purpose})

test_references_of_the_three_kinds_are_fine if {
	every value in ["vault://kv/marketing/where2eat#crm_token", "azurekv://team-vault/crm-token", "awssm://eu-central-1/crm", "VAULT://kv/x"] {
		fixtures.rules == set() with input as holding(value)
	}
}

test_everything_else_under_secrets_is_a_literal if {
	every value in ["hunter2", "", "   ", "vault://", "vault:kv/x", "https://vault.example.com/kv", "env://CRM_TOKEN", "vault://kv/x y", "see vault://kv/x", 42, null] {
		fixtures.fields("secrets.literal") == {"/secrets/KEY"} with input as holding(value)
	}
}

test_no_secrets_are_fine if {
	fixtures.rules == set() with input as json.remove(fixtures.plain, ["secrets"])
}

test_a_name_with_a_slash_is_pointed_at_properly if {
	fixtures.fields("secrets.literal") == {"/secrets/a~1b~0c"} with input as object.union(fixtures.plain, {"secrets": {"a/b~c": "hunter2"}})
}

# Split, so that no scanner takes these made-up examples for real ones
examples := [
	concat("", ["AKIA", "IOSFODNN7EXAMPLE"]),
	concat("", ["gh", "p_0123456789abcdefghijABCDEFGHIJ012345"]),
	concat("", ["github", "_pat_0123456789abcdefghijABCDEFGHIJ"]),
	concat("", ["xox", "b-123456789012-abcdefghij"]),
	concat("", ["sk_", "live_0123456789abcdef"]),
	concat("", ["glp", "at-0123456789abcdefghij"]),
	concat("", ["-----BEGIN RSA ", "PRIVATE KEY-----"]),
	concat("", ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0.x"]),
	concat("", ["postgres://app:", "hunter2@db.internal.example.com/app"]),
	concat("", ["https://hooks.slack.com/", "services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"]),
	"password: hunter22",
	"the password is S3cret!x",
	"api_key=abc123def456",
	"Authorization: Bearer abc123def456",
	concat("", ["zK8qW3nR5tY7", "uP1sD4fG6hJ9kL2xC0vB"]),
]

test_what_looks_like_a_secret_is_found_wherever_it_stands if {
	every example in examples {
		fixtures.fields("secrets.literal") == {"/app/purpose"} with input as about(sprintf("We use %s for this", [example]))
	}
}

test_a_secret_in_a_title_a_host_or_the_name_of_a_secret_is_found if {
	fixtures.fields("secrets.literal") == {"/app/title"} with input as fixtures.app({"title": examples[0]})
	"/network/allowed_destinations/0" in fixtures.fields("secrets.literal") with input as fixtures.changed({"network": {"allowed_destinations": [examples[8]]}})
	fixtures.fields("secrets.literal") == {"/secrets/AKIAIOSFODNN7EXAMPLE"} with input as object.union(fixtures.plain, {"secrets": {"AKIAIOSFODNN7EXAMPLE": "vault://kv/x"}})
}

test_ordinary_words_are_no_secrets if {
	every purpose in [
		"Reset a password for colleagues who forgot theirs",
		"Password: required",
		"Secret Santa2026: who gives whom",
		"Track the token budget of every team",
		"See https://wiki.example.com/how-to?page=2 for details",
		"Order number 4711-0815-2026-ABCDEF for 7f3e2a10-1b2c-7d3e-8f40-5a6b7c8d9e0f",
		"Marketing/Campaigns2026/QuarterlyReviewsAndBudgets",
		"Key accounts of the year",
		"The token: vault://kv/team-1/app#token2",
	] {
		fixtures.levels("secrets.literal") == set() with input as about(purpose)
	}
}

test_no_message_repeats_the_secret if {
	said := concat(" ", [fixtures.words_of("secrets.literal"), fixtures.fixes("secrets.literal")]) with input as about(examples[0])
	not contains(said, examples[0])
}

test_one_literal_is_said_once if {
	count(secrets.findings) == 1 with input as holding(examples[0])
}
