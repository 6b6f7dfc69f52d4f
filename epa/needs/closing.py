"""What an EPA period needs: people, a date, a look when its end is near, a decision once over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from epa.clock import london_date
from epa.lifecycle.rules import Stage
from epa.needs.dates import held_by_now
from epa.needs.periods import Case, OpenAttempt, cases_of, states_of, with_requests
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.resits.rules import closing_fault
from epa.settings import queries as settings
from epa.web.filters import listed, weekday_date


def needs_of_periods(person: Person, at: datetime) -> Iterator[Need]:
    """Methods to book or allocate, periods that close though all is booked, those that are over.

    A period that closes with something to book or allocate is there already, for that.
    """
    held, cases = held_by_now(person, Permission.BOOK, at), cases_of(person, Permission.BOOK)
    today = london_date(at)
    over = _to_close(cases, today)
    last = today + timedelta(days=settings.value("urgent_days"))
    for case in cases:
        if case.stage is Stage.ASSESSMENT:
            yield from _to_book(case, held)
        if case.assessment_id in over:
            yield _over(case)
        elif case.stage is Stage.ASSESSMENT and case.period.ends_on < last and _is_booked(case):
            yield _closing(case)


def _to_close(cases: Iterable[Case], today: date) -> set[UUID]:
    """Those whose last day has passed and that nothing stands in the way of closing."""
    over = {case.assessment_id: case for case in cases if case.period.is_over(today)}
    states, asked = states_of(over.keys(), today), with_requests(over.keys())
    return {
        key
        for key, case in over.items()
        if not closing_fault(
            states[key].values(), stage=case.stage, is_over=True, has_request=key in asked
        )
    }


def _is_booked(case: Case) -> bool:
    """Whether something is open, and all of it has its people and its date."""
    return bool(case.attempts) and all(
        one.scheduled_at is not None and not one.lacking for one in case.attempts
    )


def _to_book(case: Case, held: set[UUID]) -> Iterator[Need]:
    for one in case.attempts:
        if one.attempt_id not in held and (one.scheduled_at is None or one.lacking):
            yield _booking(case, one)


def _booking(case: Case, one: OpenAttempt) -> Need:
    method, ends_on = case.plan.methods[one.method_code], case.last_day_for(one)
    nobody = len(one.lacking) == len(method.duties)
    title = method.short_title.lower()
    what, text, action = f"Allocate the {title}", "Somebody is missing.", "Allocate"
    if one.scheduled_at is None:
        what, action = f"Book the {title}", "Allocate" if nobody else "Book a date"
        text = (
            f"{'Nobody is allocated' if nobody else 'No date'} yet. "
            f"The period ends {weekday_date(ends_on)}."
        )
    return Need(
        what=what,
        who=case.name,
        text=text,
        action=action,
        place="booking.book",
        assessment_id=case.assessment_id,
        due_on=ends_on,
        parameters={"attempt_id": one.attempt_id},
    )


def _over(case: Case) -> Need:
    ends_on = case.period.ends_on
    return Need(
        what="Decide on a period that is over",
        who=case.name,
        text=f"The last day was {weekday_date(ends_on)}, and not every method is passed. It is"
        " closed as failed, unless another attempt is asked for under exceptional circumstances.",
        action="Close as failed",
        place="resits.close",
        assessment_id=case.assessment_id,
        due_on=ends_on,
        parameters={"assessment_id": case.assessment_id},
    )


def _closing(case: Case) -> Need:
    codes = {one.method_code for one in case.attempts}
    titles = [one.short_title for code, one in case.plan.methods.items() if code in codes]
    ends_on = case.period.ends_on
    return Need(
        what="The period closes",
        who=case.name,
        text=f"Last day {weekday_date(ends_on)}. No grade yet: {listed(titles).lower()}.",
        action="See the record",
        place="record.show",
        assessment_id=case.assessment_id,
        due_on=ends_on,
        parameters={"assessment_id": case.assessment_id},
    )
