"""plumbline apprentices import: register and change apprentices from a CSV file or a workbook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from sqlalchemy import select

from epa.clock import london_date, utc_now
from epa.commands.application import CommandRefused, acting_person, application, refuse
from epa.database import db, unit_of_work
from epa.errors import PlumblineError
from epa.imports import tables
from epa.imports.comparing import ImportPlan, planned
from epa.imports.rules import Reading, understood
from epa.imports.services import Report, RowRefused, report_of, store
from epa.imports.tables import Unreadable
from epa.people.models import Organisation, OrganisationKindHeld, Person
from epa.people.names import search_form
from epa.people.rules import OrganisationKind
from epa.registration.queries import registering_for
from epa.uploads import UploadRefused, check_upload
from epa.web.filters import plural

_BAR: Final = 50


def main(argv: list[str], program: str) -> int:
    """Run ``plumbline apprentices``: 2 when the file is bad or rows are rejected."""
    options = _parser(program).parse_args(argv)
    try:
        with application():
            report = _imported(options)
    except CommandRefused as fault:
        return refuse(program, str(fault))
    except PlumblineError as fault:
        return refuse(program, fault.message)
    for one in report.rejected:
        said = ", ".join(filter(None, (f"row {one.row}", one.field)))
        refuse(program, f"{options.file.name} {said}: {one.problem}")
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print(_in_words(report, options))
    fine = report.is_stored or (options.dry_run and not _is_unreadable(report))
    return 0 if fine else 2


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("import", help="register and change apprentices from a table")
    one.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help=f"CSV or XLSX, at most {tables.MOST_MEGABYTES} MB and {tables.MOST_ROWS:,} rows",
    )
    one.add_argument("--dry-run", action="store_true", help="say what would be done; store nothing")
    one.add_argument(
        "--skip-rejected", action="store_true", help="store the other rows if some are rejected"
    )
    one.add_argument("--epao", metavar="NAME", help="for which EPAO, where there are several")
    one.add_argument("--as", dest="person", metavar="EMAIL", help="who imports")
    one.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _imported(options: argparse.Namespace) -> Report:
    actor = acting_person(options.person)
    epao_id = _epao(actor, options.epao).id
    try:
        reading = _reading(options.file)
    except Unreadable as fault:
        return report_of(ImportPlan.of_nothing(0, fault.faults))
    if options.dry_run:
        return report_of(planned(reading, db.session.get_one(Organisation, epao_id)))
    db.session.rollback()  # what was read so far must not hold the lock that storing takes
    try:
        with unit_of_work():
            report = store(
                reading,
                epao=db.session.get_one(Organisation, epao_id),
                actor=acting_person(options.person),
                at=utc_now(),
                skip_rejected=options.skip_rejected,
                told=_bar,
            )
    except RowRefused as refused:
        return report_of(ImportPlan.of_nothing(reading.read, [refused.fault]))
    return report


def _reading(path: Path) -> Reading:
    """The file's rows.

    Raises:
        CommandRefused: the file cannot be opened, or is of a kind that is not taken.
        Unreadable: it is no table of apprentices.
    """
    try:
        with (
            path.open("rb") as stream,
            check_upload(
                path.name, stream, allowed=tables.ENDINGS, max_bytes=tables.MOST_BYTES
            ) as upload,
        ):
            table = tables.read(upload)
    except OSError as fault:
        raise CommandRefused(f"{path}: {fault.strerror or 'it cannot be read'}.") from fault
    except UploadRefused as refused:
        raise CommandRefused(refused.message) from refused
    return understood(table, today=london_date(utc_now()))


def _epao(actor: Person | None, named: str | None) -> Organisation:
    """For which EPAO apprentices are imported: the one there is, the person's, or the one named."""
    if actor is not None:
        offered = registering_for(actor)
        if not offered:
            raise CommandRefused("--as: this person does not register apprentices.")
    else:
        query = select(Organisation).join(OrganisationKindHeld)
        found = db.session.scalars(
            query.where(OrganisationKindHeld.kind == OrganisationKind.EPAO)
        ).all()
        offered = list(found)
    if named is not None:
        wanted = {search_form(named)}
        offered = [one for one in offered if {one.search_name, one.ukprn} & wanted]
    if len(offered) == 1:
        return offered[0]
    if not offered:
        raise CommandRefused("there is no such EPAO here to register apprentices for.")
    names = ", ".join(sorted(one.name for one in offered))
    raise CommandRefused(f"there are several EPAOs here; choose one with --epao: {names}.")


def _bar(done: int, whole: int) -> None:
    """How far it has come, where somebody watches."""
    if not sys.stderr.isatty() or not whole:
        return
    full = _BAR * done // whole
    shown = f"\r[{'#' * full}{'.' * (_BAR - full)}] {done:,} of {whole:,} rows"
    print(shown, end="\n" if done == whole else "", file=sys.stderr, flush=True)


def _is_unreadable(report: Report) -> bool:
    return report.read == 0 and bool(report.rejected)


def _in_words(report: Report, options: argparse.Namespace) -> str:
    looked_at = [f"row {one.row}, {one.field}: {one.problem}" for one in report.warnings]
    lines = [f"  look at {one}" for one in looked_at]
    rejected = len({one.row for one in report.rejected})
    lines.append(
        f"{plural(report.read, 'row')} read: {report.created:,} new, {report.updated:,} changed,"
        f" {report.unchanged:,} as they are, {rejected:,} rejected."
    )
    if not options.dry_run and not report.is_stored:
        lines.append("Nothing was stored.")
    elif options.dry_run:
        lines.append("This was a dry run: nothing was stored.")
    return "\n".join(lines)
