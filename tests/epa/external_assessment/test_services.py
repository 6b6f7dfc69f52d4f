"""The assessors' work: who sees what when, interviews, feedback, challenges, the timetable."""

from datetime import time, timedelta

import pytest

from epa.clock import london_date
from epa.errors import NotAllowed, RuleBroken
from epa.external_assessment import queries, services
from epa.external_assessment.rules import Slot
from epa.external_assessment.services import Heard, Reply
from epa.review_ratings.queries import ratings_of
from epa.review_ratings.services import Given
from epa.reviews import queries as reviews
from epa.reviews.rules import Side


def test_the_assessors_rate_once_it_is_handed_in_and_the_provider_reads_it_at_the_end(make, at):
    review = make.staffed_review()
    first, second = (one.person for one in review.assessors)
    with pytest.raises(RuleBroken, match="Self-assessment"):
        services.rate(review, [Given("1.1.1", "", level="some")], actor=first, at=at)
    make.handed_in_review(review)
    provider = reviews.part_of(review.lead_contact, review)
    make.rate_all(review, Side.ASSESSORS, first, but=("1.1.1",))
    services.rate(review, [Given("1.1.1", "", level="some")], actor=second, at=at)
    services.give_feedback(review, "formative_feedback", "Good.", actor=first, at=at)
    assert not reviews.sees(review, provider, Side.ASSESSORS)
    services.give_feedback(review, "summative_feedback", "Good.", actor=first, at=at)
    assert reviews.sees(review, provider, Side.ASSESSORS)
    assert ratings_of(review, Side.ASSESSORS)["1.1.1"].rated_by is second


def test_feedback_comes_in_order_and_the_closing_one_with_a_score(make, at):
    review = make.handed_in_review()
    lead = review.assessors[0].person

    def tell(step):
        services.give_feedback(review, step, "Good.", actor=lead, at=at)

    with pytest.raises(RuleBroken, match="first day comes first"):
        tell("summative_feedback")
    tell("formative_feedback")
    with pytest.raises(RuleBroken, match="Rate every criterion"):
        tell("summative_feedback")


def test_an_interview_is_noted_once_and_not_ahead_of_its_day(make, at):
    review, today = make.handed_in_review(), london_date(at)
    lead = review.assessors[0].person

    def hear(reference, day=today):
        heard = Heard("clients", reference, day, "Content.")
        return services.note_interview(review, heard, actor=lead, at=at)

    hear("Client 1")
    with pytest.raises(RuleBroken, match="noted already"):
        hear("client 1")
    with pytest.raises(RuleBroken, match="must not be to come"):
        hear("Client 2", today + timedelta(days=1))
    assert "Jobseekers and employees: 1 heard, 3 needed" in queries.lacking(review)


def test_a_challenge_waits_for_the_closing_meeting_and_may_change_a_rating(make, at):
    review = make.handed_in_review()
    lead, provider = review.assessors[0].person, review.lead_contact
    with pytest.raises(RuleBroken, match="closing meeting first"):
        services.raise_challenge(review, "1.1.1", "We do.", actor=provider, at=at)
    make.assessed_review(review, level=1)
    with pytest.raises(RuleBroken, match=r"at the closing meeting of 9 June 2026"):
        services.raise_challenge(
            review, "1.1.1", "We do.", actor=provider, at=at + timedelta(days=1)
        )
    challenge = services.raise_challenge(review, "1.1.1", "We do.", actor=provider, at=at)
    assert "1 of the provider’s objections are not answered" in queries.lacking(review)
    now = ratings_of(review, Side.ASSESSORS)["1.1.1"]
    change = Given("1.1.1", str(now.id), level="substantial")
    with pytest.raises(RuleBroken, match="rating stays"):
        services.answer(challenge, Reply(False, "No.", change), actor=lead, at=at)
    services.answer(challenge, Reply(True, "Yes.", change), actor=lead, at=at)
    assert ratings_of(review, Side.ASSESSORS)["1.1.1"].level == "substantial"
    assert queries.lacking(review) == []


def test_the_timetable_begins_with_the_standard_blocks_and_is_edited(make, at):
    review = make.staffed_review()
    provider = review.lead_contact
    with pytest.raises(RuleBroken, match="standard blocks first"):
        services.agree_timetable(review, actor=provider, at=at)
    services.begin_timetable(review, actor=provider, at=at)
    blocks = queries.timetable_of(review)
    assert len(blocks) == len(reviews.framework_of(review).cycle.visit.timetable)
    services.remove_block(blocks[0], actor=review.assessors[0].person, at=at)
    short = Slot(1, time(9), time(9, 15), "Tea")
    services.keep_block(review, short, actor=provider, at=at)
    with pytest.raises(RuleBroken, match="“Tea” is from 09:00"):
        services.keep_block(review, short, actor=provider, at=at)
    tea = queries.timetable_of(review)[0]
    services.keep_block(
        review, Slot(1, time(9), time(9, 30), "Tea"), actor=provider, at=at, block=tea
    )
    with pytest.raises(NotAllowed):
        services.keep_block(review, short, actor=review.opened_by, at=at)
    services.agree_timetable(review, actor=provider, at=at)
    assert "schedule" in reviews.step_days(review)
