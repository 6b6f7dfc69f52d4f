"""plumbline backup: take a backup into a folder, or give one back into an empty place."""

from __future__ import annotations

import argparse
import json
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import inspect

from epa.audit.models import AuditHead
from epa.audit.rules import Verdict
from epa.audit.services import record
from epa.backup.creating import Backup, Places, create
from epa.backup.databases import database_of
from epa.backup.manifest import BackupRefused, Manifest
from epa.backup.restoring import restore
from epa.clock import utc_now
from epa.commands.application import CommandRefused, acting_person, application, refuse
from epa.database import db, unit_of_work
from epa.storage import Storage, StorageFailed


def main(argv: list[str], program: str) -> int:
    """Run ``plumbline backup``: 2 when refused, and when the audit log is broken."""
    options = _parser(program).parse_args(argv)
    try:
        with application() as app:
            places = _places(app)
            if options.command == "create":
                return _create(places, options, program)
            return _restore(places, options)
    except (CommandRefused, BackupRefused, StorageFailed) as fault:
        return refuse(program, str(fault))


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("create", help="take a backup of everything but the keys")
    taking.add_argument("directory", metavar="DIR", type=Path, help="a new or empty folder")
    taking.add_argument("--as", dest="person", metavar="EMAIL", help="who takes it")
    giving = commands.add_parser("restore", help="give a backup back into an empty place")
    giving.add_argument("directory", metavar="DIR", type=Path, help="the folder of a backup")
    for command in (taking, giving):
        command.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _places(app: Flask) -> Places:
    return Places(
        database=database_of(db.engine, app.config["PG_DUMP"]),
        storage=Storage(app.config["STORAGE_URL"]),
        frameworks=app.config["DATA_FOLDER"] / "frameworks",
        audit_key=app.config["AUDIT_KEY"],
    )


def _create(places: Places, options: argparse.Namespace, program: str) -> int:
    if places.database.is_empty() or not inspect(db.engine).has_table(AuditHead.__tablename__):
        raise BackupRefused("there is no database here yet: `plumbline init` makes one.")
    backup, at = Backup(uuid.uuid4()), utc_now()
    # Recorded first, so that the copy holds the entry that speaks of it.
    with unit_of_work():
        record(acting_person(options.person), "backup taken", backup, at=at)
    manifest, facts = create(places, options.directory.resolve(), backup, at=at)
    _answer(options, manifest, facts.audit)
    if facts.audit.intact:
        return 0
    return refuse(
        program,
        f"the audit log is broken at row {facts.audit.first_broken}. The backup holds it as it "
        "is, and a restore will refuse it.",
    )


def _restore(places: Places, options: argparse.Namespace) -> int:
    manifest = restore(places, options.directory.resolve())
    _answer(options, manifest, Verdict(manifest.audit_rows, manifest.audit_head, None))
    return 0


def _answer(options: argparse.Namespace, manifest: Manifest, audit: Verdict) -> None:
    files = [one for one in manifest.files if one.path.startswith("files/")]
    told: dict[str, Any] = {
        "directory": str(options.directory.resolve()),
        "id": manifest.id,
        "created_at": manifest.created_at,
        "database": manifest.database,
        "schema_head": manifest.schema_head,
        "rows": sum(manifest.rows.values()),
        "files": len(files),
        "bytes": sum(one.size for one in manifest.files),
        "audit": {
            "rows": audit.rows,
            "head": audit.head,
            "intact": audit.intact,
            "first_broken": audit.first_broken,
        },
    }
    if options.json:
        print(json.dumps(told))
        return
    done = "The backup is in" if options.command == "create" else "Given back from"
    print(
        f"{done} {told['directory']}: {told['rows']:,} rows, {told['files']:,} files, "
        f"audit head {audit.head}."
    )
