"""A self-assessment: evidence and its times, tasks, handing in."""

import pytest

from epa.errors import RuleBroken
from epa.external_assessment import services as visits
from epa.people.rules import Permission, Role
from epa.reviews import queries as reviews
from epa.reviews.rules import ReviewStatus, Side
from epa.self_assessment import queries, services
from epa.self_assessment.rules import link_fault
from epa.self_assessment.services import NewTask, Shown

LINK = "https://www.example.org/report"


def test_it_is_handed_in_whole_or_says_what_is_missing(make, at):
    review = make.staffed_review()
    lead = review.lead_contact
    make.rate_all(review, Side.PROVIDER, lead, but=("1.1.1", "2.2.E"))
    with pytest.raises(RuleBroken, match=r"Not rated yet: 1\.1\.1, 2\.2\.E\."):
        services.submit(review, actor=lead, at=at)
    assert review.status is ReviewStatus.OPEN
    make.handed_in_review(review)
    assert review.status is ReviewStatus.SUBMITTED
    with pytest.raises(RuleBroken, match="cannot be done now"):
        services.rate(review, [], actor=lead, at=at)


def test_evidence_is_taken_before_and_once_more_after_the_first_day(make, at):
    review = make.staffed_review()
    lead, assessor = review.lead_contact, review.assessors[0].person
    first = services.add_evidence(review, "1.1.1", Shown("Report", link=LINK), actor=lead, at=at)
    assert not first.is_further
    make.handed_in_review(review)
    with pytest.raises(RuleBroken, match="once more between"):
        services.add_evidence(review, "1.1.1", Shown("More", link=LINK), actor=lead, at=at)
    visits.give_feedback(review, "formative_feedback", "No plans seen.", actor=assessor, at=at)
    later = services.add_evidence(review, "1.1.1", Shown("Plans", link=LINK), actor=lead, at=at)
    assert later.is_further
    assert "further_evidence" in reviews.step_days(review)
    with pytest.raises(RuleBroken, match="cannot be done now"):
        services.remove_evidence(first, actor=lead, at=at)


def test_evidence_is_the_providers_own_until_it_is_handed_in(make, at):
    review = make.staffed_review()
    assessor = review.assessors[0].person
    proof = services.add_evidence(
        review, "1.1.1", Shown("Report", link=LINK), actor=review.lead_contact, at=at
    )
    assert queries.evidence_for(assessor, Permission.VIEW_REVIEW, proof.id) is None
    make.handed_in_review(review)
    assert queries.evidence_for(assessor, Permission.VIEW_REVIEW, proof.id) is proof


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (Shown("Nothing"), "Give a file or a link"),
        (Shown("Odd", link="javascript:alert(1)"), "must begin with https"),
        (Shown("Odd", link="https://a b"), "no spaces"),
    ],
)
def test_evidence_is_a_file_or_a_link_to_a_page(make, at, shown, words):
    review = make.opened_review()
    with pytest.raises(RuleBroken, match=words):
        services.add_evidence(review, "1.1.1", shown, actor=review.lead_contact, at=at)


def test_a_link_leads_to_a_page_of_the_web():
    assert link_fault(LINK) is None
    assert link_fault("ftp://example.org/x") == link_fault("https://")


def test_work_is_shared_among_the_providers_people(make, at):
    review = make.opened_review()
    lead = review.lead_contact
    other = make.person(Role.PROVIDER_QUALITY_LEAD, organisation=review.provider)
    stranger = make.person(Role.PROVIDER_QUALITY_LEAD)
    task = services.set_task(
        review, NewTask("1.1", "Ask the coaches", other, None), actor=lead, at=at
    )
    assert queries.open_tasks_of(other) == [task]
    with pytest.raises(RuleBroken, match="provider’s people"):
        services.set_task(review, NewTask("1.1", "Ask", stranger, None), actor=lead, at=at)
    services.finish_task(task, actor=other, at=at)
    assert queries.open_tasks_of(other) == []


def test_the_scottish_standards_end_with_it_and_draw_no_verdict(make):
    review = make.handed_in_review(make.opened_review("scottish_standards", "provider"))
    assert review.status is ReviewStatus.FINAL
    later = make.opened_review(
        "scottish_standards", "provider", lead=review.lead_contact, epao=review.organisation
    )
    assert list(reviews.before(later)) in ([], [review])
