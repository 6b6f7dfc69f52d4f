"""The readers by name, for tests to be named by; the world says who they are."""

READERS = (
    *("administrator", "iqa", "auditor", "assessor", "marker", "second_marker", "invigilator"),
    *("item_author", "item_reviewer", "provider_quality_assessor", "review_moderator"),
    *("provider_quality_lead", "ada", "ben", "cleo", "dan"),
    *("employer", "employer2", "provider", "provider2", "two_hats"),
    *("idle_assessor", "idle_marker", "idle_invigilator"),
    *("other administrator", "other iqa"),
    *("roleless", "former administrator", "disabled", "between the factors", "nobody"),
)
