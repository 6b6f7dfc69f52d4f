"""Written answers that wait for a marker: counts alone, since nobody is to know whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from epa.answer_marking.queries import questions_for
from epa.clock import london_date
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.filters import plural


def answers_to_mark(person: Person, at: datetime) -> Iterator[Need]:
    """What waits for a first or second mark, and what two people marked differently."""
    rows = questions_for(person, Permission.MARK_ANSWERS, on=london_date(at))
    third = sum(one.to_settle for one in rows)
    count = sum(one.to_mark for one in rows) - third
    for what, number, text in (
        ("Mark", count, "Question by question, without names."),
        ("Settle", third, "Two people's marks differ."),
    ):
        if number:
            yield Need(
                f"{what} {plural(number, 'answer')}",
                "",
                text,
                what,
                "answer_marking.index",
                None,
                since=london_date(min(one.since for one in rows)),
            )
