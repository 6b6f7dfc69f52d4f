"""Signing a mark sheet: it is final then, and the method has its grade."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from epa.audit.services import record
from epa.conduct.facts import Conduct
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.judgements import queries
from epa.judgements.contents import content_digest
from epa.judgements.models import MarkSheet
from epa.judgements.services import must_be_writable
from epa.lifecycle.services import record_grade
from epa.people.models import Person
from frameworks import grade_method


def sign(
    sheet: MarkSheet, conduct: Conduct, *, actor: Person, at: datetime, seen: str | None = None
) -> None:
    """Sign a sheet: it is final, its digest enters the audit chain, the method has its grade.

    A correction gives no grade yet: it waits for a second person (``epa.judgements.correcting``).

    Args:
        sheet: an open sheet with nothing missing.
        conduct: its facts of the day, read by its method's rules.
        actor: the attempt's assessor.
        at: when.
        seen: the content's digest that the assessor confirmed; None when it cannot have changed.

    Raises:
        Conflict: something was changed since the assessor looked it over.
        RuleBroken: something is missing, or over a limit without its reason.
    """
    must_be_writable(sheet, actor)
    entries = queries.entries_of(sheet)
    missing = queries.missing_from(sheet, conduct, entries, at=at)
    if missing:
        things = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
        raise RuleBroken("sheet-unfinished", f"This cannot be signed yet: {things} missing.")
    if seen is not None and seen != content_digest(sheet):
        raise Conflict("Something on this sheet was changed since you looked it over.")
    whole = conduct.completed(queries.measured_of(sheet, at))
    sheet.conduct = whole.model_dump(mode="json")
    digest = content_digest(sheet)
    sheet.signed_at, sheet.signed_by, sheet.digest = at, actor, digest
    if sheet.corrects_id is None:
        sheet.attempt.held_on = whole.held_on
    db.session.flush()
    record(actor, "mark sheet signed", sheet, at=at, digest=digest, version=sheet.version)
    if sheet.corrects_id is None:
        record_grade(sheet.attempt, **result_of(sheet), actor=actor, at=at)


def result_of(sheet: MarkSheet) -> dict[str, Any]:
    """What a whole sheet comes to: the grade, what it follows from, and why, as the attempt keeps it."""
    ratings = queries.ratings_on(sheet)
    outcome = grade_method(queries.plan_of(sheet), sheet.attempt.method_code, ratings)
    assert outcome.grade is not None, "nothing is missing, so there is a grade"
    return {
        "grade": outcome.grade,
        "scoring_input": {"ratings": ratings},
        "explanation": list(outcome.reasons),
    }
