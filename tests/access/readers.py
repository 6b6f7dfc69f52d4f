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

# One reader of each role, and each way to have none: by these PostgreSQL is asked, where a request
# costs most. Those who differ from them only in what is theirs ask on SQLite.
ONE_OF_EACH = frozenset(
    {
        *("administrator", "iqa", "auditor", "assessor", "invigilator", "ada"),
        *("marker", "second_marker"),  # one has marked the answer that waits for the other
        *("item_author", "item_reviewer", "provider_quality_assessor", "review_moderator"),
        *("provider_quality_lead", "employer", "provider", "roleless", "disabled", "nobody"),
    }
)
