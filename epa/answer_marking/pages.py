"""What the marker's pages show: an answer with its guide, what may be seen of others, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import request, url_for

from epa.answer_marking import queries, seeds
from epa.answer_marking.forms import MarkForm
from epa.answer_marking.rules import HELD_TITLES
from epa.database import db
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from question_bank.interchange.markup import one_line, plain
from question_bank.items.models import ItemVersion
from question_bank.items.pages import ShownItem, shown_item
from question_bank.items.queries import content_of
from question_bank.marking import corrections, seeding, services
from question_bank.marking import queries as marking
from question_bank.marking import seeds as marked_seeds
from question_bank.marking.answers import OPEN, TWICE_TITLES, AnswerState, TwiceFor
from question_bank.marking.models import AnswerToMark, GivenMark, MarkerStop
from question_bank.sittings.making import pictures_of
from question_bank.statistics.agreement import Agreement, agreement

MARK: Final = Permission.MARK_ANSWERS
_STEM_LETTERS: Final = 90
_MOST_PRECEDENTS: Final = 5


def first_words(version: ItemVersion) -> str:
    """The beginning of a question, for a list."""
    return one_line(plain(version.stem), _STEM_LETTERS)


def form_for(answer: AnswerToMark, points: int, given: GivenMark | None) -> MarkForm:
    """The form for an answer, with what its marker said before they saw others' marks."""
    said: dict[str, Any] = {"also": True}
    if given is not None:
        said |= {
            "ticks": given.ticks,
            "none": not given.ticks,
            "reason": given.reason,
            "is_flagged": given.is_flagged,
        }
        if given.mark != min(answer.marks_max, len(given.ticks)):
            said["mark"] = given.mark
    return MarkForm(points, answer.marks_max, data=said)


def shown_answer(
    person: Person, answer: AnswerToMark, alike: int, given: GivenMark | None, *, on: date
) -> dict[str, Any]:
    """What a marker is shown of an answer: nothing of whose it is, and nobody's mark before theirs.

    Args:
        person: the marker.
        answer: the one at hand.
        alike: how many others with the same words wait for the marker too.
        given: the provisional mark, once there is one.
        on: London's date.
    """
    version, by_id = answer.version, corrections.marked_by_version(answer.version_id)
    done = marking.marked_by(person, version.id) + queries.seeds_met(person, version.id)
    open_ones = queries.waiting(person, MARK, on=on).where(AnswerToMark.version_id == version.id)
    left = len(db.session.scalars(open_ones.with_only_columns(AnswerToMark.id)).all())
    left += answer.state is AnswerState.SETTLED  # a seed is one more
    following = queries.next_answer(person, MARK, version.id, answer.id, on=on)
    return {
        "answer": answer,
        "question": shown_question(db.session.get_one(ItemVersion, by_id)),
        "place": done + 1,
        "of": done + left,
        "next_url": url_for(".mark", answer_id=following) if following else "",
        "alike": alike,
        "is_third": answer.state is AnswerState.THIRD,
        "looks_again": services.has_more_to_see(answer),
        "given": given,
        "differing": [_said(one) for one in marking.differing(answer)]
        if given and answer.state is AnswerState.THIRD
        else [],
        "precedents": [
            {"words": one.words, **_said(mark)}
            for one, mark in marking.precedents(answer)[:_MOST_PRECEDENTS]
        ]
        if given
        else [],
    }


def last_marked(person: Person) -> GivenMark | None:
    """The mark of the answer that the address names as the last, if it can be taken back."""
    try:
        last = UUID(request.args.get("last", ""))
    except ValueError:
        return None
    answer = queries.marked_for(person, MARK, last)
    if answer is None or not (
        services.may_take_back(answer, person) or marked_seeds.has_seed_mark(answer, person)
    ):
        return None
    return marking.last_by(answer, person)


def shown_question(version: ItemVersion) -> ShownItem:
    """A version as whoever marks or oversees sees it: with key, guide and pictures."""
    return shown_item(content_of(version), dict(pictures_of(version)).get)


def _said(mark: GivenMark) -> dict[str, Any]:
    return {"mark": mark.mark, "ticks": mark.ticks, "reason": mark.reason}


# ------------------------------------------------------------------------------------- oversight


@dataclass(frozen=True)
class QuestionProgress:
    """How far the answers to one version are."""

    version: ItemVersion
    count: int
    open: int
    third: int
    settled: int


@dataclass(frozen=True)
class MarkerFigures:
    """How one marker's marks agree with those of others on the same answers."""

    name: str
    marked: int
    figures: Agreement
    seeds: int
    seeds_same: int


def progress(person: Person, permission: Permission) -> dict[str, Any]:
    """How the marking stands at the EPAOs that a person oversees."""
    papers = queries.papers_of(person, permission)
    questions = _questions(person, permission)
    reasons = queries.reasons_for_two(person, permission)
    return {
        "questions": questions,
        "markers": _markers(person, permission),
        "papers": len(papers),
        "waiting": sum(one.open for one in questions),
        "third": sum(one.third for one in questions),
        "stops": db.session.scalars(
            seeds.stops_at(person, permission).where(MarkerStop.let_on_at.is_(None))
        ).all(),
        "twice": [(TWICE_TITLES[why], reasons[why]) for why in TwiceFor if reasons[why]],
        "held": [
            (queries.attempt_of(one), HELD_TITLES[why])
            for one in papers
            if one.settled_at is not None and (why := queries.why_held(one))
        ],
    }


def _questions(person: Person, permission: Permission) -> list[QuestionProgress]:
    found = [
        QuestionProgress(
            version=db.session.get_one(ItemVersion, key),
            count=sum(counts.values()),
            open=sum(counts.get(state, 0) for state in OPEN),
            third=counts.get(AnswerState.THIRD, 0),
            settled=counts.get(AnswerState.SETTLED, 0),
        )
        for key, counts in queries.open_counts(person, permission).items()
        if any(counts.get(state) for state in OPEN)
    ]
    return sorted(found, key=lambda one: (-one.open, one.version.item.reference))


def _markers(person: Person, permission: Permission) -> list[MarkerFigures]:
    beside = marking.marks_beside(queries.marks_apart(person, permission))
    found = []
    for key, count in queries.marked_counts(person, permission).items():
        marker = db.session.get_one(Person, key)
        off = [
            one
            for epao_id in epao_ids(person, permission)
            for one in seeding.differences(marker, epao_id)
        ]
        figures = agreement(*beside.get(key, ([], [])))
        found.append(MarkerFigures(marker.name, count, figures, len(off), off.count(0)))
    return sorted(found, key=lambda one: one.name)
