from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken
from epa.gateway import backdating, queries, services
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import Stage
from epa.needs.queries import needs_of
from epa.people.rules import Role

pytestmark = pytest.mark.both_databases

SHOWN, ACCEPTED = date(2026, 6, 3), date(2026, 6, 9)


@pytest.fixture
def case(make, at):
    """Everything was shown on 3 June, and the last row accepted on 9 June."""
    make.at = at - timedelta(days=6)
    row = make.assessment()
    people = make.people_of(row)
    for one in make.supplied_review(row, people).requirements:
        services.accept(one, actor=people["administrator"], at=at)
    make.at = at
    return row


@pytest.fixture
def ruth(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


@pytest.fixture
def omar(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


def broken(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as fault:
        call(*args, **kwargs)
    return fault.value.code


def test_a_second_person_moves_the_clock(case, ruth, omar, at, session):
    assert case.epa_starts_on == ACCEPTED
    assert backdating.earliest_start(case) == SHOWN
    proposed = backdating.propose(case, SHOWN, "All was shown by then.", actor=ruth, at=at)
    assert case.epa_starts_on == ACCEPTED
    assert broken(backdating.decide, proposed, is_agreed=True, answer="", actor=ruth, at=at) == (
        "second-person"
    )
    assert "Decide on an earlier start" in [one.what for one in needs_of(omar, at)]
    assert "Decide on an earlier start" not in [one.what for one in needs_of(ruth, at)]
    backdating.decide(proposed, is_agreed=True, answer="", actor=omar, at=at)
    assert case.epa_starts_on == SHOWN
    assert period_of(case).ends_on == date(2026, 9, 3)
    assert queries.start_proposed(case) is None
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"earlier start proposed", "earlier start decided", "period start moved"} <= actions
    assert broken(backdating.decide, proposed, is_agreed=True, answer="", actor=omar, at=at) == (
        "decided-already"
    )


def test_a_proposal_is_refused_with_a_reason_or_taken_back(case, ruth, omar, at):
    proposed = backdating.propose(case, SHOWN, "All was shown by then.", actor=ruth, at=at)
    assert broken(backdating.propose, case, SHOWN, "Again.", actor=omar, at=at) == (
        "proposed-already"
    )
    assert broken(backdating.decide, proposed, is_agreed=False, answer=" ", actor=omar, at=at) == (
        "start-why-not"
    )
    backdating.decide(proposed, is_agreed=False, answer="It was late.", actor=omar, at=at)
    assert case.epa_starts_on == ACCEPTED
    again = backdating.propose(case, SHOWN, "Please look again.", actor=ruth, at=at)
    with pytest.raises(NotAllowed):
        backdating.withdraw(again, actor=omar, at=at)
    backdating.withdraw(again, actor=ruth, at=at)
    assert broken(backdating.must_be_proposed, case) == "nothing-proposed"
    assert broken(backdating.withdraw, again, actor=ruth, at=at) == "decided-already"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (ACCEPTED, "not-earlier"),
        (date(2026, 7, 1), "not-earlier"),
        (SHOWN - timedelta(days=1), "start-day"),
    ],
)
def test_only_a_day_on_which_all_was_shown_will_do(case, ruth, at, day, code):
    assert broken(backdating.propose, case, day, "Because.", actor=ruth, at=at) == code
    assert broken(backdating.propose, case, SHOWN, " ", actor=ruth, at=at) == "start-why"


def test_it_leaves_no_date_behind_the_last_day_and_starts_nothing_that_is_over(
    make, case, ruth, at
):
    attempt = make.attempt(case, "observation")
    attempt.scheduled_at = at + timedelta(days=88)  # 5 September, inside the period as it is
    assert broken(backdating.propose, case, SHOWN, "Because.", actor=ruth, at=at) == (
        "start-leaves-dates"
    )
    later = at + timedelta(days=87)  # 4 September
    assert broken(backdating.propose, case, SHOWN, "Because.", actor=ruth, at=later) == "start-day"


def test_nobody_but_the_epao_moves_it_and_only_within_the_period(make, case, ruth, at):
    for person in make.people_of(case).values():
        if Role.ADMINISTRATOR not in person.roles:
            with pytest.raises(NotAllowed):
                backdating.propose(case, SHOWN, "Because.", actor=person, at=at)
    make.close_stage(case, Stage.WITHDRAWN)
    assert broken(backdating.propose, case, SHOWN, "Because.", actor=ruth, at=at) == "no-period"


def test_the_pages_say_who_and_why_and_keep_a_refused_form(sign_in_as, case, ruth, omar):
    first, second = sign_in_as(ruth), sign_in_as(omar)
    gateway = f"/apprentices/{case.id}/gateway"
    here = first.get(gateway).link("It began earlier")
    assert "Everything had been shown on 3 June 2026" in first.get(here).text
    day = {"to_on-day": "2", "to_on-month": "6", "to_on-year": "2026", "reason": "Late row."}
    page = first.post(here, day, 422)
    assert "to_on-day" in page.errors
    assert "Late row." in page.html.select_one("#reason").text
    first.post(here, day | {"to_on-day": "3"}, 302)
    there = first.get(gateway).link("See why, and decide")
    assert "A second person decides" in first.get(there).text
    assert first.post(there, {"agrees": "True", "seen": "1"}, 422).errors
    assert "Late row." in second.get(there).text
    assert "answer" in second.post(there, {"agrees": "False", "seen": "1"}, 422).errors
    other = second.post(there, {"agrees": "True", "seen": "0"}, 409)
    assert f"{ruth.name} proposes another day" in other.text
    second.post(there, {"agrees": "True", "seen": "1"}, 302)
    assert f"Agreed to by {omar.name}" in second.get(gateway).text
    first.get(there, 409)
    again = {"to_on-day": "2", "to_on-month": "6", "to_on-year": "2026", "reason": "Again."}
    first.post(here, again, 422)
