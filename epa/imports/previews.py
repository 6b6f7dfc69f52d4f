"""A table uploaded in the browser: checked and kept row by row, stored or left, then forgotten."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.files.services import opened, remove
from epa.files.services import store as store_file
from epa.imports import tables
from epa.imports.cells import Fault
from epa.imports.comparing import ImportPlan, planned
from epa.imports.models import ApprenticeImport, ImportLine
from epa.imports.rules import Fate, Reading, is_long, understood
from epa.imports.services import Report, Told, store
from epa.in_transaction import lock
from epa.outbox.services import tell
from epa.people.models import Organisation, Person
from epa.sign_in.services import public_address
from epa.uploads import CheckedUpload, check_upload


def read_again(kept: ApprenticeImport, *, at: datetime) -> Reading:
    """The rows of a table that was uploaded before.

    Raises:
        RuleBroken: the file was removed after its time.
        Unreadable, UploadRefused, StorageFailed: the file is no longer what it was.
    """
    if kept.file is None:
        raise RuleBroken("forgotten", "This table was removed after its time. Upload it again.")
    content = io.BytesIO(b"".join(opened(kept.file)))
    with check_upload(
        kept.file.name, content, allowed=tables.ENDINGS, max_bytes=tables.MOST_BYTES
    ) as upload:
        return understood(tables.read(upload), today=london_date(at))


def keep(
    upload: CheckedUpload, reading: Reading, *, epao: Organisation, actor: Person, at: datetime
) -> ApprenticeImport:
    """Keep an uploaded table with what would become of each row; no apprentice is touched.

    Raises:
        RuleBroken: the file cannot be stored.
    """
    upload.content.seek(0)
    file = store_file(upload, actor=actor, at=at)
    kept = ApprenticeImport(
        epao=epao,
        file=file,
        checked_at=at,
        checked_by=actor,
        **dict.fromkeys(("read", "created", "updated", "unchanged", "rejected"), 0),
        notes=[],
        organisations=[],
    )
    db.session.add(kept)
    db.session.flush()
    _describe(kept, planned(reading, epao))
    record(actor, "import checked", kept, at=at, read=kept.read, rejected=kept.rejected)
    return kept


def store_kept(
    kept: ApprenticeImport,
    reading: Reading,
    *,
    actor: Person,
    at: datetime,
    skip_rejected: bool,
    told: Told,
) -> Report:
    """Store a table that was checked before; its rows are compared anew.

    Returns:
        The report. When it is not stored, because rows are rejected by now that were not, the
        lines say which.

    Raises:
        RuleBroken: it was stored already, or the record changed in the middle.
    """
    lock(kept)
    if kept.stored_at is not None:
        raise RuleBroken("stored-already", "This table was imported already.")
    report = store(
        reading,
        epao=kept.epao,
        actor=actor,
        at=at,
        skip_rejected=skip_rejected,
        told=told,
    )
    _describe(kept, report.plan, report.assessments)
    if report.is_stored:
        kept.stored_at, kept.stored_by = at, actor
        db.session.flush()
    return report


def tell_of_end(
    kept: ApprenticeImport,
    report: Report | None,
    *,
    actor: Person,
    started_at: datetime,
    at: datetime,
) -> None:
    """Tell who started an import that it ended, where it took so long that they may have left.

    Args:
        kept: the table.
        report: what came of it; None where the record refused a row.
        actor: who started it.
        started_at: when they did.
        at: when it ended.
    """
    if not is_long(at - started_at):
        return
    page, is_stored = (
        public_address(f"/apprentices/imports/{kept.id}"),
        bool(report and report.is_stored),
    )
    tell(
        actor,
        "import ended",
        behalf=kept.epao,
        at=at,
        wording="import ended" if is_stored else "import refused",
        read=f"{kept.read:,}",
        created=f"{report.created if report else 0:,}",
        updated=f"{report.updated if report else 0:,}",
        unchanged=f"{kept.unchanged:,}",
        rejected=f"{kept.rejected:,}",
        page=page,
    )


def forget(kept: ApprenticeImport, *, at: datetime) -> None:
    """Remove a table's file and its rows; that there was one, and its counts, stay.

    Raises:
        StorageFailed: the store does not answer; nothing is removed.
    """
    lock(kept)
    file = kept.file
    if file is None:
        return
    kept.file, kept.forgotten_at = None, at
    kept.notes, kept.organisations = [], []
    db.session.execute(delete(ImportLine).where(ImportLine.import_id == kept.id))
    db.session.flush()
    remove(file, at=at)
    record(None, "import forgotten", kept, at=at, rows=kept.read)


def _describe(
    kept: ApprenticeImport, plan: ImportPlan, assessments: dict[int, uuid.UUID] | None = None
) -> None:
    """Write down what becomes of the table and of each of its rows."""
    kept.read = plan.read
    kept.created, kept.updated = plan.count(Fate.CREATED), plan.count(Fate.UPDATED)
    kept.unchanged, kept.rejected = plan.count(Fate.UNCHANGED), plan.count(Fate.REJECTED)
    kept.organisations = [body.name for _, body in plan.new_bodies]
    lines = list(_lines(kept, plan, assessments or {}))
    numbers = {line["row"] for line in lines}
    kept.notes = [_pair(one) for one in plan.warnings if one.row not in numbers]
    db.session.flush()
    db.session.execute(delete(ImportLine).where(ImportLine.import_id == kept.id))
    if lines:
        db.session.execute(insert(ImportLine), lines)


def _lines(
    kept: ApprenticeImport, plan: ImportPlan, assessments: dict[int, uuid.UUID]
) -> Iterable[dict[str, Any]]:
    problems, warnings = _by_row(plan.rejected), _by_row(plan.warnings)
    taken = {one.row.number: one for one in plan.rows}
    for number in sorted({*taken, *problems}):
        one = taken.get(number)
        known = one.known.assessment_id if one and one.known else None
        yield {
            "id": uuid.uuid4(),
            "import_id": kept.id,
            "row": number,
            "name": plan.names.get(number, ""),
            "fate": one.fate if one else Fate.REJECTED,
            "changed": list(one.changed) if one else [],
            "problems": problems.get(number, []),
            "warnings": warnings.get(number, []),
            "is_to_look_at": number in warnings,
            "assessment_id": assessments.get(number, known),
        }


def _by_row(faults: Iterable[Fault]) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = {}
    for one in faults:
        found.setdefault(one.row, []).append(_pair(one))
    return found


def _pair(fault: Fault) -> list[str]:
    return [fault.field, fault.problem]
