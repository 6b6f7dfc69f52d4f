"""What the assessor tells the apprentice of a method: written on the open sheet, signed with it."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.clock import LONDON
from epa.database import db
from epa.errors import Conflict
from epa.judgements import queries
from epa.judgements.models import MarkSheet, SheetFeedback
from epa.judgements.rules import FeedbackFields
from epa.judgements.services import must_be_writable
from epa.people.models import Person


def write_feedback(
    sheet: MarkSheet,
    fields: FeedbackFields,
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Keep a new version of what the assessor tells the apprentice; the same again is not kept.

    Args:
        sheet: an open sheet.
        fields: the texts; all of them empty take the feedback back.
        actor: the attempt's assessor.
        at: when.
        seen: the version the page was made from, 0 before the first; None without a page.

    Raises:
        NotAllowed: somebody else is the attempt's assessor.
        RuleBroken: the sheet is signed, or its assessment is not under way.
        Conflict: there is a newer version than ``seen``.
    """
    must_be_writable(sheet, actor)
    stands = queries.feedback_of(sheet)
    version = stands.version if stands else 0
    if stands is not None and seen is not None and seen != version:
        when = stands.written_at.astimezone(LONDON)
        who = "You, in another window," if stands.written_by is actor else stands.written_by.name
        raise Conflict(f"{who} changed this feedback at {when:%H:%M}, after you opened this page.")
    if fields == (stands.fields if stands else FeedbackFields()):
        return
    kept = SheetFeedback(
        sheet_id=sheet.id,
        version=version + 1,
        overall=fields.overall,
        went_well=fields.went_well,
        work_on=fields.work_on,
        written_at=at,
        written_by=actor,
    )
    db.session.add(kept)
    db.session.flush()
    record(actor, "feedback written", sheet, at=at, version=kept.version)
