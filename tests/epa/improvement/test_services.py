"""The action plan, the yearly upkeep, and the lapse of a mark."""

from datetime import date, timedelta

import pytest

from epa.errors import RuleBroken
from epa.improvement import queries, services
from epa.improvement.services import NewAction
from epa.needs.queries import needs_of
from epa.review_reports.queries import certificate_of
from epa.reviews import queries as reviews

DUE = date(2026, 9, 1)


def test_the_plan_has_an_owner_and_a_day_for_each_action(make, at):
    review = make.certified_review()
    provider = review.lead_contact
    with pytest.raises(RuleBroken, match="Plan the first action"):
        services.hand_in_plan(review, actor=provider, at=at)
    late = NewAction("1.1.1", "Look", "Manager", date(2026, 6, 8))
    with pytest.raises(RuleBroken, match="today or later"):
        services.plan_action(review, late, actor=provider, at=at)
    action = services.plan_action(
        review, NewAction("1.1.1", "Look again", "Manager", DUE), actor=provider, at=at
    )
    assert ("Action for 1.1.1", DUE) in {(one.what, one.due_on) for one in needs_of(provider, at)}
    services.hand_in_plan(review, actor=provider, at=at)
    services.finish_action(action, actor=provider, at=at)
    assert queries.open_actions(provider) == []
    with pytest.raises(RuleBroken, match="handed in already"):
        services.hand_in_plan(review, actor=provider, at=at)


def test_a_year_is_kept_by_all_its_parts(make, at):
    review = make.certified_review()
    provider = review.lead_contact
    for place in range(len(queries.kept_by(review))):
        assert reviews.upkeep_due_on(review) == date(2027, 6, 9)
        services.keep_up(review, place, "Done.", actor=provider, at=at)
    assert reviews.upkeep_due_on(review) == date(2028, 6, 9)
    with pytest.raises(RuleBroken, match="still to be done"):
        services.keep_up(review, 9, "Done.", actor=provider, at=at)


def test_a_mark_lapses_once_its_upkeep_is_overdue(make, at):
    review = make.certified_review()
    office = review.opened_by
    with pytest.raises(RuleBroken, match="due on 9 June 2027"):
        services.lapse(review, "Nothing came.", actor=office, at=at)
    later = at + timedelta(days=366)
    assert "The yearly upkeep is overdue" in {one.what for one in needs_of(office, later)}
    services.lapse(review, "Nothing came.", actor=office, at=later)
    assert certificate_of(review).lapsed_on == date(2027, 6, 10)
    with pytest.raises(RuleBroken, match="has lapsed"):
        services.keep_up(review, 0, "Done.", actor=review.lead_contact, at=later)
