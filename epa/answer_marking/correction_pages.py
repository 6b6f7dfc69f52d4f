"""What the pages show of corrected keys and guides, of seeds, and of markers who were stopped."""

from __future__ import annotations

from typing import Any

from epa.answer_marking import corrections, queries, seeds
from epa.answer_marking.correcting import Effect, effects
from epa.answer_marking.pages import first_words, shown_question
from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission
from question_bank.items import queries as items
from question_bank.items.models import ItemVersion
from question_bank.items.queries import content_of
from question_bank.marking import corrections as held
from question_bank.marking import seeding
from question_bank.marking import seeds as marked
from question_bank.marking.effects import why_not
from question_bank.marking.models import MarkerStop, RemarkedPaper, Remarking


def overview(person: Person, permission: Permission) -> dict[str, Any]:
    """What may be marked anew, what waits for a second person or a decision, and what was."""
    every = db.session.scalars(corrections.remarkings(person, permission)).all()
    return {
        "may_be_asked": [
            (one, first_words(one))
            for one in corrections.corrected_versions(person, permission)
            if _is_to_ask(one)
        ],
        "open": [one for one in every if one.decided_at is None],
        "released": [
            (one, queries.attempt_of(one.paper))
            for one in corrections.released_to_decide(person, permission)
        ],
        "decided": [one for one in every if one.decided_at is not None],
    }


def asked(version: ItemVersion) -> dict[str, Any]:
    """A version beside the one that is approved now, and what marking by that comes to."""
    by = items.approved(version.item)
    fault = "No newer version of this question is approved."
    if by is not None and by.number > version.number:
        fault = why_not(content_of(version), content_of(by)) or ""
    found = effects(version, by) if by is not None and not fault else []
    return {"version": version, "by": by, "fault": fault, **_compared(version, by), **_sum(found)}


def decided(remarking: Remarking, person: Person) -> dict[str, Any]:
    """A re-marking: before the decision what it would come to, after it what it came to."""
    version, by = remarking.version, remarking.by_version
    found = effects(version, by) if remarking.decided_at is None else []
    return {
        "remarking": remarking,
        "version": version,
        "by": by,
        "is_own": remarking.asked_by_id == person.id,
        **_compared(version, by),
        **_sum(found),
    }


def released(row: RemarkedPaper) -> dict[str, Any]:
    """A released result that a correction concerns."""
    attempt = queries.attempt_of(row.paper)
    found = effects(row.remarking.version, row.remarking.by_version)
    return {
        "row": row,
        "attempt": attempt,
        "person": attempt.assessment.apprenticeship.person,
        "effect": next((one for one in found if one.paper.id == row.paper_id), None),
    }


def seeds_overview(person: Person, permission: Permission) -> list[tuple[ItemVersion, int, int]]:
    """The questions with answers on which people agree: how many, and how many are seeds."""
    found = seeds.seed_counts(person, permission).items()
    rows = [(db.session.get_one(ItemVersion, key), *counts) for key, counts in found]
    return sorted(rows, key=lambda one: (one[0].item.reference, one[0].number))


def seeds_of(person: Person, permission: Permission, version: ItemVersion) -> dict[str, Any]:
    """The answers to a version that may be seeds, without a word of whose they are."""
    rows = []
    for answer in seeds.agreed_answers(person, permission, version.id):
        if seeding.may_be_seed(answer):
            seed = marked.seed_of(answer)
            rows.append((answer, seed is not None and seed.ended_at is None))
    return {"version": version, "question": shown_question(version), "rows": rows}


def stopped(stop: MarkerStop) -> dict[str, Any]:
    """A stop with the seeds that a marker met."""
    rows = marked.seed_marks(stop.person, stop.epao_id)
    return {
        "stop": stop,
        "rows": [(answer, given.mark, answer.marks[-1], given.at) for answer, given in rows],
    }


def _is_to_ask(version: ItemVersion) -> bool:
    by = items.approved(version.item)
    return (
        by is not None
        and why_not(content_of(version), content_of(by)) is None
        and held.marked_by_version(version.id) != by.id
        and held.open_remarking(version) is None
    )


def _compared(version: ItemVersion, by: ItemVersion | None) -> dict[str, Any]:
    return {
        "question": shown_question(version),
        "corrected": shown_question(by) if by is not None else None,
    }


def _sum(found: list[Effect]) -> dict[str, Any]:
    return {
        "effects": found,
        "crossing": sum(one.crosses for one in found),
        "released_count": sum(one.is_released for one in found),
    }
