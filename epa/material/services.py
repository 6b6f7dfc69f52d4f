"""Asking for supporting material, supplying it in time, letting it in late, dropping it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.in_transaction import lock
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import STAGE_TITLES
from epa.material import queries
from epa.material.models import MaterialDelivery, SupportingMaterial
from epa.material.rules import Supplier, is_late
from epa.people.models import Person


@dataclass(frozen=True)
class Matter:
    """What is supplied: a file, or words on where it is or how it was handed over."""

    file: StoredFile | None = None
    note: str = ""


def ask(
    assessment: EndPointAssessment, title: str, asked_of: Supplier, *, actor: Person, at: datetime
) -> SupportingMaterial:
    """Ask for something to be supplied.

    Raises:
        RuleBroken: the assessment is over or stopped, or nothing is named.
    """
    _require_running(assessment)
    if not title.strip():
        raise RuleBroken("material-title", "Enter what is needed", "title")
    material = SupportingMaterial(
        assessment=assessment,
        title=title.strip(),
        asked_of=asked_of,
        asked_at=at,
        asked_by_id=actor.id,
    )
    db.session.add(material)
    db.session.flush()
    record(actor, "material asked for", material, at=at, asked_of=asked_of.value)
    return material


def supply(
    material: SupportingMaterial, matter: Matter, *, actor: Person, at: datetime
) -> MaterialDelivery:
    """Supply what was asked for, or something newer in its place, up to the end of its last day.

    Raises:
        RuleBroken: it is late or no longer needed, or nothing is given.
    """
    due = require_open(material)
    if due is not None and is_late(due, london_date(at)):
        raise RuleBroken(
            "material-late",
            f"It was due on {_words(due)}. Tell the administrator why it is late:"
            " they can accept it with a reason.",
            "file",
        )
    return _deliver(material, matter, actor=actor, at=at)


def accept_late(
    material: SupportingMaterial, matter: Matter, reason: str, *, actor: Person, at: datetime
) -> MaterialDelivery:
    """Let something in after its last day: the administrator's decision, with a reason.

    Raises:
        RuleBroken: it is not late, no reason or nothing is given, or it is no longer needed.
    """
    due = require_open(material)
    if not is_late(due, london_date(at)):
        until = f"due on {_words(due)}" if due else "not due before the EPA period has begun"
        raise RuleBroken("material-not-late", f"It is {until}: it can be supplied as usual.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Say why it is accepted late", "reason")
    return _deliver(material, matter, actor=actor, at=at, late_reason=reason.strip())


def drop(material: SupportingMaterial, *, actor: Person, at: datetime) -> None:
    """Say that something is no longer needed; what was supplied stays on record.

    Raises:
        RuleBroken: it was dropped already, or the assessment is over or stopped.
    """
    require_open(material)
    material.dropped_at, material.dropped_by_id = at, actor.id
    db.session.flush()
    record(actor, "material dropped", material, at=at)


def take_up_again(material: SupportingMaterial, *, actor: Person, at: datetime) -> None:
    """Ask again for something that was dropped; nothing changes when it was not."""
    _require_running(material.assessment)
    if material.dropped_at is not None:
        material.dropped_at, material.dropped_by_id = None, None
        db.session.flush()
        record(actor, "material asked for again", material, at=at)


def require_open(material: SupportingMaterial) -> date | None:
    """Refuse unless something may be supplied for it at all; give its last day.

    Raises:
        RuleBroken: it is no longer needed, or the assessment is over or stopped.
    """
    _require_running(material.assessment)
    if material.dropped_at is not None:
        raise RuleBroken("material-dropped", "This is no longer needed.")
    return queries.due_on(material.assessment)


def note_file_read(delivery: MaterialDelivery, *, actor: Person, at: datetime) -> StoredFile | None:
    """Write down that somebody fetches the file, and give it; None where there is none."""
    if delivery.file is not None:
        record(actor, "material read", delivery.material, at=at, version=delivery.version)
    return delivery.file


def _deliver(
    material: SupportingMaterial,
    matter: Matter,
    *,
    actor: Person,
    at: datetime,
    late_reason: str | None = None,
) -> MaterialDelivery:
    if matter.file is None and not matter.note.strip():
        raise RuleBroken("material-empty", "Give a file, or say where it is", "file")
    lock(material)
    newest = material.newest
    delivery = MaterialDelivery(
        material=material,
        version=newest.version + 1 if newest else 1,
        file=matter.file,
        note=matter.note.strip() or None,
        supplied_at=at,
        supplied_by_id=actor.id,
        allowed_late_by_id=actor.id if late_reason else None,
        late_reason=late_reason,
    )
    db.session.add(delivery)
    db.session.flush()
    db.session.expire(material, ["deliveries"])
    action = "late material accepted" if late_reason else "material supplied"
    record(actor, action, material, at=at, version=delivery.version)
    return delivery


def _require_running(assessment: EndPointAssessment) -> None:
    if assessment.stage not in queries.OPEN_STAGES:
        raise RuleBroken(
            "material-stage",
            "Supporting material is taken up to the end of the EPA period."
            f" The stage is now “{STAGE_TITLES[assessment.stage]}”.",
        )


def _words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
