"""A failed method taken again in the demonstration: asked for, agreed to, with a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from epa.booking.queries import contacts
from epa.clock import london_date
from epa.demonstration.company import Company
from epa.demonstration.notes import AGAIN, PLANNED
from epa.demonstration.stories import Apprentice
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import AttemptKind
from epa.people.models import Person
from epa.resits import queries, services
from epa.resits.models import ResitRequest
from epa.resits.rules import ActionOwner
from epa.resits.services import ActionFields

Step = tuple[int, int, Callable[[datetime], None]]

_PROVIDERS: Final = {"fellgate": "bridget", "northbeck": "karl"}
_DUE_AFTER: Final = timedelta(days=17)


def take_again(company: Company, one: Apprentice, attempt: MethodAttempt, asked: int) -> list[Step]:
    """What happens after a Fail, as steps with their day and hour."""
    provider = company.people[_PROVIDERS[one.provider]]
    return [
        (asked, 10, lambda at: _ask(attempt, provider, at)),
        (asked + 2, 9, lambda at: _agree(attempt, at)),
        (asked + 3, 13, lambda at: _plan(attempt, provider, at)),
        (asked + 6, 16, lambda at: _do_the_first(attempt, provider, at)),
    ]


def _ask(attempt: MethodAttempt, provider: Person, at: datetime) -> None:
    services.ask(attempt, AttemptKind.RESIT, AGAIN, actor=provider, at=at)


def _agree(attempt: MethodAttempt, at: datetime) -> None:
    services.agree(_request(attempt), actor=contacts(attempt)[0], at=at)


def _plan(attempt: MethodAttempt, provider: Person, at: datetime) -> None:
    owners = (ActionOwner.TRAINING_PROVIDER, ActionOwner.EMPLOYER)
    for number, code in enumerate(queries.not_passed(attempt)):
        fields = ActionFields(
            code,
            PLANNED[number % len(PLANNED)],
            owners[number % len(owners)],
            london_date(at) + _DUE_AFTER,
        )
        services.plan_action(_request(attempt), fields, actor=provider, at=at)


def _do_the_first(attempt: MethodAttempt, provider: Person, at: datetime) -> None:
    services.mark_done(_request(attempt).actions[0], is_done=True, actor=provider, at=at)


def _request(attempt: MethodAttempt) -> ResitRequest:
    return queries.requests_of(attempt)[0]
