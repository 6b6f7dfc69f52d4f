"""What a failed method asks: of those who may ask for another attempt, agree, plan, or open it.

What a need is called also stands in the daily mail, so that it never says that somebody failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from epa.clock import london_date
from epa.database import prepared
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import periods_of
from epa.lifecycle.rules import ATTEMPT_TITLES
from epa.needs.making import attempt_need
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import Permission, Role
from epa.resits import rules
from epa.resits.models import ResitRequest
from epa.resits.queries import failed_now, preparation_of, reached, requests_under_way
from epa.resits.rules import ActionOwner, ResitStatus
from epa.web.filters import listed, weekday_date

_ATTEMPTS: Final = select(MethodAttempt).options(lazyload(MethodAttempt.allocations))
_PLACE: Final = "resits.show"
_SEES_TO: Final[dict[Role, ActionOwner]] = {
    Role.APPRENTICE: ActionOwner.APPRENTICE,
    Role.EMPLOYER: ActionOwner.EMPLOYER,
    Role.TRAINING_PROVIDER: ActionOwner.TRAINING_PROVIDER,
}


@dataclass(frozen=True)
class _Fail:
    """One failed method within reach: the request for it, and the last day to take it again."""

    attempt: MethodAttempt
    request: ResitRequest | None
    last_day: date
    today: date

    @property
    def method(self) -> str:
        return framework_of(self.attempt.assessment).methods[self.attempt.method_code].short_title

    @property
    def since(self) -> date:
        at = self.request.asked_at if self.request else self.attempt.released_at
        return london_date(at) if at else self.today


def needs_after_a_fail(person: Person, at: datetime) -> Iterator[Need]:
    """Everything about failed methods that this person can do now."""
    attempts = rows_within(person, _ATTEMPTS, _failed)
    if not attempts:
        return
    asked = requests_under_way([one.id for one in attempts])
    periods, today = periods_of([one.assessment for one in attempts]), london_date(at)
    fails = [
        _Fail(one, asked.get(one.id), periods[one.assessment_id].plan_ends_on, today)
        for one in attempts
    ]
    is_client = not person.roles.isdisjoint(_SEES_TO)
    for permission, find in (*_FINDERS, *(_OF_CLIENTS if is_client else ())):
        if person.may(permission):
            within = reached(person, permission, [one.id for one in attempts])
            yield from _found(find, fails, within)
    for fail in fails:
        yield from _to_see_to(fail, person)


@prepared
def _failed(reader: NamedReader) -> Select[UUID]:
    return failed_now(reader, Permission.VIEW_RESULTS).with_only_columns(MethodAttempt.id)


_Finder = Callable[["_Fail"], Iterator[Need]]


def _found(find: _Finder, fails: list[_Fail], within: set[UUID]) -> Iterator[Need]:
    for fail in fails:
        if fail.attempt.id in within:
            yield from find(fail)


def _to_ask(fail: _Fail) -> Iterator[Need]:
    """Of the apprentice, the employer and the provider; the EPAO waits to be asked."""
    if fail.request is None and fail.today <= fail.last_day:
        yield attempt_need(
            fail.attempt,
            f"See what follows the {fail.method.lower()}",
            f"Not passed. It may be taken again until {weekday_date(fail.last_day)}.",
            "See what follows",
            _PLACE,
            fail.last_day,
        )


def _to_agree(fail: _Fail) -> Iterator[Need]:
    if fail.request and fail.request.status is ResitStatus.ASKED:
        kind = ATTEMPT_TITLES[fail.request.kind].lower()
        yield attempt_need(
            fail.attempt,
            f"Answer about the {fail.method.lower()}",
            f"A {kind} is asked for. Only the employer can agree to it.",
            "Answer",
            _PLACE,
            since=fail.since,
        )


def _to_plan(fail: _Fail) -> Iterator[Need]:
    if fail.request is None:
        return
    ready = preparation_of(fail.request, fail.last_day)
    if ready.needs_plan and (ready.unplanned or not ready.actions):
        missing = listed(ready.unplanned)
        yield attempt_need(
            fail.attempt,
            f"Plan what supports the {fail.method.lower()}",
            f"The action plan says nothing yet of {missing}."
            if missing
            else "The action plan has no action yet.",
            "Plan it",
            _PLACE,
            since=fail.since,
        )


def _to_open(fail: _Fail) -> Iterator[Need]:
    """Of the EPAO: everything that is asked for, with what it waits for."""
    if fail.request is None:
        return
    faults = list(rules.opening_faults(preparation_of(fail.request, fail.last_day), fail.today))
    words = " ".join(one.message for one in faults) or "Everything is in place."
    yield attempt_need(
        fail.attempt,
        f"Follow up the {fail.method.lower()}"
        if faults
        else f"Open the next {fail.method.lower()}",
        f"{ATTEMPT_TITLES[fail.request.kind]} asked for. {words}",
        "See it" if faults else "Open it",
        _PLACE,
        fail.request.closes_on or fail.last_day,
    )


def _to_see_to(fail: _Fail, person: Person) -> Iterator[Need]:
    """Actions of the plan that are this person's, or their organisation's, and are not done."""
    owners = {_SEES_TO[role] for role in person.roles if role in _SEES_TO}
    mine = [
        one
        for one in (fail.request.actions if fail.request else ())
        if one.owner in owners and one.done_at is None
    ]
    if mine:
        first = min(one.due_on for one in mine)
        yield attempt_need(
            fail.attempt,
            f"See to the plan for the {fail.method.lower()}",
            f"{listed([one.ksb_code for one in mine])}: the first by {weekday_date(first)}.",
            "See the plan",
            _PLACE,
            first,
        )


_FINDERS: Final[tuple[tuple[Permission, _Finder], ...]] = (
    (Permission.AGREE_TO_RESIT, _to_agree),
    (Permission.DECIDE_RESIT, _to_open),
)
# Not for the EPAO, which also may ask and plan: it does so when somebody else cannot.
_OF_CLIENTS: Final[tuple[tuple[Permission, _Finder], ...]] = (
    (Permission.ASK_FOR_RESIT, _to_ask),
    (Permission.PLAN_ACTIONS, _to_plan),
)
