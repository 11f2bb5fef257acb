package microapps.tags_test

import data.microapps.fixtures

tags := {"owner", "co_owner", "cost_centre", "department", "purpose"}

# --- tags.required

test_each_missing_tag_is_named if {
	every tag in tags {
		fixtures.fields("tags.required") == {sprintf("/app/%s", [tag])} with input as json.remove(fixtures.plain, [sprintf("app/%s", [tag])])
	}
}

test_an_empty_tag_is_missing if {
	every tag in tags {
		fixtures.levels("tags.required") == {"hard"} with input as fixtures.app({tag: "  "})
		fixtures.levels("tags.required") == {"hard"} with input as fixtures.app({tag: null})
	}
}

test_all_of_them_are_named_at_once if {
	count(fixtures.fields("tags.required")) == 5 with input as fixtures.bare
}

test_with_every_tag_nothing_is_said if {
	fixtures.levels("tags.required") == set() with input as fixtures.plain
}

test_title_and_audience_are_not_required if {
	fixtures.rules == set() with input as json.remove(fixtures.plain, ["app/title", "app/audience"])
}

# --- owner.conflict

test_one_person_cannot_be_both_owners if {
	fixtures.levels("owner.conflict") == {"hard"} with input as fixtures.app({"co_owner": "ada.keller"})
}

test_the_same_person_in_other_letters_is_the_same_person if {
	fixtures.levels("owner.conflict") == {"hard"} with input as fixtures.app({"co_owner": " Ada.Keller"})
}

test_two_people_are_fine if {
	fixtures.levels("owner.conflict") == set() with input as fixtures.plain
}

test_two_missing_owners_are_missing_not_the_same if {
	manifest := json.remove(fixtures.plain, ["app/owner", "app/co_owner"])
	fixtures.rules == {"tags.required"} with input as manifest
}
