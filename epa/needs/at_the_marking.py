"""What waits for whoever marks, oversees those who do, or decides about corrected keys and guides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from epa.answer_marking.corrections import released_to_decide, remarkings
from epa.answer_marking.queries import questions_for
from epa.answer_marking.seeds import stops_at
from epa.clock import london_date
from epa.database import prepared
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import Permission
from epa.web.filters import plural
from question_bank.marking.models import MarkerStop, Remarking


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


def markers_to_let_on(person: Person, _at: datetime) -> Iterator[Need]:
    """Markers who were stopped because their marks of seeds differ."""
    for stop in rows_within(person, select(MarkerStop), _stopped):
        if stop.person_id != person.id:
            yield Need(
                "Look at a marker’s marks",
                stop.person.name,
                f"{stop.missed} of {plural(stop.seeds, 'seed')} differ: the marking is stopped.",
                "Look",
                "answer_marking.let_on",
                None,
                since=london_date(stop.stopped_at),
                parameters={"stop_id": stop.id},
            )


@prepared
def _stopped(reader: NamedReader) -> Select[UUID]:
    stops = stops_at(reader, Permission.OVERSEE_MARKERS)
    return stops.where(MarkerStop.let_on_at.is_(None)).with_only_columns(MarkerStop.id)


@prepared
def _undecided(reader: NamedReader) -> Select[UUID]:
    asked = remarkings(reader, Permission.CORRECT_MARKING)
    return asked.where(Remarking.decided_at.is_(None)).with_only_columns(Remarking.id)


def corrections_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Answers that somebody asked to have marked anew, and released results that this concerns."""
    correct = Permission.CORRECT_MARKING
    for one in rows_within(person, select(Remarking), _undecided):
        if one.asked_by_id != person.id:
            yield Need(
                "Decide on marks by a corrected version",
                "",
                f"{one.version.item.reference}, asked for by {one.asked_by.name}.",
                "Decide",
                "answer_marking.decide_correction",
                None,
                since=london_date(one.asked_at),
                parameters={"remarking_id": one.id},
            )
    for row in released_to_decide(person, correct):
        decided_at = row.remarking.decided_at
        yield Need(
            "Decide on a released result",
            row.paper.sitting.candidate.name,
            "Its test was marked by a key or guide that was corrected since.",
            "Decide",
            "answer_marking.decide_released",
            None,
            since=london_date(decided_at) if decided_at else None,
            parameters={"remarked_id": row.id},
        )
