"""A review's own steps: opening, days, people, notes, the end; and whose turn it is."""

from datetime import date, timedelta

import pytest

from epa.client_data import services as client_data
from epa.errors import RuleBroken
from epa.people import services as people
from epa.people.rules import ConflictKind, OrganisationKind, Permission, Role
from epa.reviews import queries, services, turns
from epa.reviews.rules import ReviewStatus, Side

DAY = date(2026, 6, 24)


def codes(review):
    return [one.code for one in turns.turns(review)]


def test_it_is_pinned_to_a_version_and_waits_for_three_things(make):
    review = make.opened_review()
    assert (review.framework_code, review.framework_version) == ("seqf", "2024.1")
    assert codes(review) == ["days", "assessors_named", "self_assessment", "schedule"]
    assert turns.turns(review)[2].due_on is None


def test_its_days_give_every_step_a_last_day(make, at):
    review = make.opened_review()
    services.set_days(review, DAY, DAY + timedelta(days=1), actor=review.opened_by, at=at)
    due = {one.code: one.due_on for one in turns.turns(review)}
    assert due["self_assessment"] == due["schedule"] == due["client_list"] == date(2026, 6, 10)
    with pytest.raises(RuleBroken, match="must not be before"):
        services.set_days(review, DAY, date(2026, 6, 1), actor=review.opened_by, at=at)


def test_nobody_assesses_with_a_conflict_or_moderates_their_own(make, at):
    review = make.opened_review()
    epao, office = review.organisation, review.opened_by
    first, second = (make.person(Role.PROVIDER_QUALITY_ASSESSOR, organisation=epao) for _ in "12")
    moderator = make.person(Role.REVIEW_MODERATOR, organisation=epao)
    outsider = make.person(Role.PROVIDER_QUALITY_ASSESSOR)
    people.declare_conflict(
        second,
        people.Declaration(
            ConflictKind.PROVIDER, "Worked there", with_organisation=review.provider
        ),
        actor=second,
        at=at,
    )

    def named(*assessors, by=moderator):
        services.allocate(review, assessors, assessors[0], by, actor=office, at=at)

    with pytest.raises(RuleBroken) as refused:
        named(first, second)
    assert [one.field for one in refused.value.each] == ["assessor_2"]
    assert "training provider" in refused.value.message
    with pytest.raises(RuleBroken, match="2 different people"):
        named(first, first)
    with pytest.raises(RuleBroken, match="no provider-quality assessor"):
        named(first, outsider)
    make.role(first, Role.REVIEW_MODERATOR, epao)
    third = make.person(Role.PROVIDER_QUALITY_ASSESSOR, organisation=epao)
    with pytest.raises(RuleBroken, match="Somebody who does not"):
        named(first, third, by=first)
    named(first, third)
    assert [one.person for one in review.assessors] == [first, third]
    assert "assessors_named" in queries.step_days(review)


def test_each_reaches_the_reviews_of_their_part_and_no_other(make):
    review, other = make.staffed_review(), make.opened_review()
    lead, moderator = review.assessors[0].person, review.moderator
    idle = make.person(Role.PROVIDER_QUALITY_ASSESSOR, organisation=review.organisation)
    reached = {
        person: queries.review_for(person, Permission.VIEW_REVIEW, review.id) is review
        for person in (review.opened_by, review.lead_contact, lead, moderator, idle)
    }
    assert list(reached.values()) == [True, True, True, True, False]
    assert queries.review_for(other.lead_contact, Permission.VIEW_REVIEW, review.id) is None
    part = queries.part_of(lead, review)
    assert not queries.sees(review, part, Side.PROVIDER)
    assert queries.sees(review, part, Side.ASSESSORS)
    assert not queries.sees(review, queries.part_of(moderator, review), Side.ASSESSORS)


def test_it_goes_the_whole_way_and_counts_its_upkeep(make):
    review = make.certified_review()
    assert review.status is ReviewStatus.FINAL
    assert queries.step_days(review)["final_report"] == date(2026, 6, 9)
    assert queries.upkeep_due_on(review) == date(2027, 6, 9)
    assert codes(review) == ["action_plan", "yearly_upkeep"]


@pytest.mark.parametrize(
    ("kinds", "name", "gives"),
    [
        ((OrganisationKind.EPAO,), "British Association for Supported Employment", False),
        ((OrganisationKind.EPAO, OrganisationKind.AWARDING_BODY), "Somebody else", False),
        (
            (OrganisationKind.EPAO, OrganisationKind.AWARDING_BODY),
            "British Association for Supported Employment",
            True,
        ),
    ],
)
def test_only_the_recorded_awarding_body_gives_the_mark_itself(make, kinds, name, gives):
    review = make.opened_review(epao=make.organisation(*kinds, name=name))
    assert queries.is_awarding_body(review) is gives


def test_a_party_of_the_scottish_standards_looks_at_its_own_expectations(make, at):
    partnership = make.opened_review("scottish_standards", "partnership")
    assert len(queries.criteria_of(partnership)) == 14
    assert "quarterly_report" not in codes(partnership)
    review = make.opened_review("scottish_standards", "provider")
    assert codes(review) == ["self_assessment", "quarterly_report"]
    due = {one.code: one.due_on for one in turns.turns(review)}
    assert due["quarterly_report"] == date(2026, 9, 9)
    services.note_step(review, "quarterly_report", "", actor=review.lead_contact, at=at)
    with pytest.raises(RuleBroken, match="Choose the step"):
        services.note_step(review, "self_assessment", "", actor=review.lead_contact, at=at)
    with pytest.raises(RuleBroken, match="whose expectations"):
        make.opened_review("scottish_standards")


def test_one_that_is_withdrawn_waits_for_nobody(make, at):
    review = make.staffed_review()
    services.withdraw(review, "The service closes", actor=review.opened_by, at=at)
    assert codes(review) == []
    with pytest.raises(RuleBroken, match="Withdrawn"):
        services.withdraw(review, "Again", actor=review.opened_by, at=at)


def test_a_list_of_clients_and_its_sample_are_steps_of_the_review_they_were_kept_for(
    make, at, session
):
    lead = make.person(Role.PROVIDER_QUALITY_LEAD)
    provider = lead.roles_held[0].organisation
    review = make.staffed_review(make.opened_review(lead=lead))
    rows = [f"C-{number},2026-01-06,,,,,," for number in range(12)]
    before = make.client_list(lead, provider=provider, epao=review.organisation, rows=rows)
    before.stored_at = at - timedelta(days=400)
    session.commit()
    session.expire_all()
    assert {"client_list", "sample"}.isdisjoint(queries.step_days(review))
    assert "client_list" in {turn.code for turn in turns.turns(review)}
    before.stored_at = at
    client_data.draw_sample(before, 10, actor=review.assessors[0].person, at=at)
    session.commit()
    session.expire_all()
    assert {"client_list", "sample"} <= set(queries.step_days(review))
    assert "client_list" not in {turn.code for turn in turns.turns(review)}
