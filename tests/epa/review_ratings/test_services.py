"""Ratings: versions, two people at once, figures, and what they come to."""

from decimal import Decimal
from fractions import Fraction

import pytest

from epa.errors import RuleBroken
from epa.review_ratings import pages, queries, services
from epa.review_ratings.rules import differences
from epa.review_ratings.services import Given
from epa.reviews.queries import framework_of
from epa.reviews.rules import Side

OWN = Side.PROVIDER


def test_nobody_overwrites_somebody_else_unseen(make, at):
    review = make.opened_review()
    actor = review.lead_contact

    def rate(**given):
        return services.rate(review, OWN, [Given("1.1.1", **given)], actor=actor, at=at)

    (first,) = rate(seen="", level="some", words="Mostly")
    with pytest.raises(RuleBroken, match=r"1\.1\.1: .* changed it meanwhile") as refused:
        rate(seen="", level="little")
    assert refused.value.field == "level_1_1_1"
    assert rate(seen=str(first.id), level="some", words="Mostly") == []
    (second,) = rate(seen=str(first.id), level="substantial")
    assert (second.version, len(queries.history_of(review, OWN, "1.1.1"))) == (2, 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given("2.2.A", "", value=Decimal(5), has_nothing=True), "give a figure, or say"),
        (Given("2.2.A", "", value=Decimal(5), counted=3), "of how many"),
        (Given("2.2.A", "", value=Decimal(5), counted=30, counted_of=20), "of how many"),
        (Given("9.9.9", "", level="some"), "no criterion"),
    ],
)
def test_it_names_what_does_not_hold_together(make, at, given, words):
    review = make.opened_review()
    with pytest.raises(RuleBroken, match=words):
        services.rate(review, OWN, [given], actor=review.lead_contact, at=at)


def test_it_is_scored_by_the_digits_that_were_written(make):
    review = make.opened_review()
    make.rate_all(review, OWN, review.lead_contact)
    rows = queries.ratings_of(review, OWN)
    outcome = queries.outcome_of(review, rows)
    assert queries.missing_from(review, rows) == []
    assert (outcome.outcome, rows["2.2.A"].value) == ("excellent", "43.1")
    verdict = pages.verdict_of(review, outcome)
    assert (verdict.word, verdict.is_indicative, verdict.missing) == ("Excellent", True, 0)
    assert verdict.score == "95.76%"  # 95.7625, cut


def test_a_score_is_never_rounded_into_the_next_band():
    assert pages.cut(Fraction(8999999, 100000)) == "89.99"


def test_an_empty_calculation_is_rated_and_earns_nothing(make, at):
    review = make.opened_review()
    given = Given("2.2.A", "", has_nothing=True)
    services.rate(review, OWN, [given], actor=review.lead_contact, at=at)
    rows = queries.ratings_of(review, OWN)
    assert "2.2.A" not in queries.missing_from(review, rows)
    assert pages.rating_words(framework_of(review), rows["2.2.A"]) == "Nothing to count"


def test_differences_are_steps_of_the_scale(make):
    seqf = framework_of(make.opened_review())
    own = {"1.1.1": "substantial", "1.1.2": "some", "1.1.3": "some"}
    found = differences(seqf, own, {"1.1.1": "little", "1.1.2": "some", "2.1.1": "some"})
    assert [(one.code, one.words) for one in found] == [
        ("1.1.1", "2 steps lower"),
        ("1.1.2", "the same"),
    ]


def test_linked_criteria_of_matrix_that_disagree_are_told(make, at):
    review = make.opened_review("matrix")
    make.rate_all(review, OWN, review.lead_contact, but=("1.1",))
    given = Given("1.1", "", level="not_met")
    services.rate(review, OWN, [given], actor=review.lead_contact, at=at)
    verdict = pages.verdict_of(review, queries.outcome_of(review, queries.ratings_of(review, OWN)))
    assert verdict.word == "Not accredited"
    assert ("1.1 and 3.2", "Not met and Met") in {one[:2] for one in verdict.disagreements}
