"""The report's way: handed in whole, moderated by a third, sent, disputed, final, certified."""

from datetime import timedelta

import pytest

from epa.errors import Conflict, RuleBroken
from epa.external_assessment import services as visits
from epa.external_assessment.services import Reply
from epa.review_ratings.queries import ratings_of
from epa.review_ratings.services import Given
from epa.review_reports import queries, services
from epa.review_reports.services import Words
from epa.reviews.rules import ReviewStatus, Side


def test_the_lead_hands_in_what_is_whole(make, at):
    review = make.handed_in_review()
    lead, second = (one.person for one in review.assessors)
    with pytest.raises(RuleBroken, match=r"76 criteria are not rated.*recipients are not written"):
        services.hand_in(review, actor=lead, at=at)
    make.assessed_review(review)
    with pytest.raises(RuleBroken, match=f"This is for {lead.name}"):
        services.hand_in(review, actor=second, at=at)
    services.hand_in(review, actor=lead, at=at)
    assert review.status is ReviewStatus.HANDED_IN


def test_two_who_write_at_once_lose_nothing(make, at):
    review = make.assessed_review()
    lead, second = (one.person for one in review.assessors)
    words = Words("Eleven.", "Warm.", "All.")
    services.write(review, words, seen=1, actor=second, at=at)
    with pytest.raises(Conflict, match="has written meanwhile"):
        services.write(review, words, seen=1, actor=lead, at=at)


def test_the_moderator_returns_single_criteria(make, at):
    review = make.review_at(ReviewStatus.HANDED_IN)
    lead, moderator = review.assessors[0].person, review.moderator
    with pytest.raises(RuleBroken, match="Mark the criteria"):
        services.give_back(review, actor=moderator, at=at)
    remark = services.remark(review, "1.1.1", "Not borne out.", actor=moderator, at=at)
    with pytest.raises(RuleBroken, match="Criteria are marked"):
        services.accept(review, actor=moderator, at=at)
    services.give_back(review, actor=moderator, at=at)
    assert review.status is ReviewStatus.RETURNED
    with pytest.raises(RuleBroken, match="Returned by the moderator"):
        visits.rate(review, [Given("1.1.2", "", level="some")], actor=lead, at=at)
    with pytest.raises(RuleBroken, match="remarks are not settled"):
        services.hand_in(review, actor=lead, at=at)
    seen = str(ratings_of(review, Side.ASSESSORS)["1.1.1"].id)
    visits.settle(remark, "So it is.", Given("1.1.1", seen, level="some"), actor=lead, at=at)
    services.hand_in(review, actor=lead, at=at)
    services.accept(review, actor=moderator, at=at)
    assert review.status is ReviewStatus.MODERATED


def test_facts_are_disputed_in_five_working_days_and_answered(make, at):
    review = make.review_at(ReviewStatus.ISSUED)
    lead, provider = review.assessors[0].person, review.lead_contact
    last = at + timedelta(days=7)  # Tuesday to Tuesday: five working days
    fact = services.dispute(review, None, "We are eleven.", actor=provider, at=last)
    with pytest.raises(RuleBroken, match="until 16 June 2026"):
        services.dispute(review, None, "Late.", actor=provider, at=last + timedelta(days=1))
    with pytest.raises(RuleBroken, match="Answer every"):
        services.finish(review, actor=lead, at=at)
    visits.answer(fact, Reply(True, "Put right."), actor=lead, at=at)
    with pytest.raises(RuleBroken, match="has until 16 June 2026"):
        services.finish(review, actor=lead, at=last)
    services.write(review, Words("Eleven.", "Warm.", "All."), seen=1, actor=lead, at=at)
    final = services.finish(review, actor=lead, at=last + timedelta(days=1))
    first = queries.issued_of(review)[1]
    assert (first.content["background"], final.content["background"]) == (
        "A small team.",
        "Eleven.",
    )
    assert final.is_final


def test_a_rating_that_changes_after_sending_is_moderated_again(make, at):
    review = make.review_at(ReviewStatus.ISSUED)
    lead = review.assessors[0].person
    fact = services.dispute(review, "1.1.1", "No.", actor=review.lead_contact, at=at)
    seen = str(ratings_of(review, Side.ASSESSORS)["1.1.1"].id)
    reply = Reply(True, "Right.", Given("1.1.1", seen, level="some"))
    visits.answer(fact, reply, actor=lead, at=at)
    assert review.status is ReviewStatus.HANDED_IN
    services.accept(review, actor=review.moderator, at=at)
    services.send(review, actor=lead, at=at)
    assert [one.number for one in queries.issued_of(review)] == [2, 1]


def test_the_certificate_is_indicative_and_issued_once(make, at):
    review = make.certified_review()
    certificate = queries.certificate_of(review)
    assert (certificate.mark, certificate.is_indicative) == ("Excellent", True)
    assert certificate.number.startswith("SEQF-2026-")
    with pytest.raises(RuleBroken, match="issued already"):
        services.certify(review, actor=review.opened_by, at=at)


def test_no_mark_gives_no_certificate(make, at):
    review = make.review_at(ReviewStatus.FINAL, level=0)
    assert services.mark_earned(review) is None
    with pytest.raises(RuleBroken, match="earned no mark"):
        services.certify(review, actor=review.opened_by, at=at)


@pytest.mark.parametrize("framework", ["matrix", "iep_qif"])
def test_other_frameworks_go_the_same_way(make, framework):
    review = make.review_at(ReviewStatus.FINAL, framework=framework)
    assert services.mark_earned(review) == ("Accredited" if framework == "matrix" else None)
