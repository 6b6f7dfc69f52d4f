"""The commands of the question bank that need its rows: import, export, and drawing a paper."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from epa.clock import london_date, utc_now
from epa.commands.application import CommandRefused, acting_person, application, refuse
from epa.database import db, unit_of_work
from epa.errors import PlumblineError
from epa.lifecycle.models import Apprenticeship
from question_bank import console
from question_bank.drawing.draw import draw
from question_bank.drawing.paper import NoPaper
from question_bank.drawing.pool import Pool
from question_bank.exchange.services import Storing, export_by_command
from question_bank.interchange.command import Keep, look_through, parser
from question_bank.interchange.writing import ExportFormat
from question_bank.items.models import QuestionBank
from question_bank.items.queries import bank_called
from question_bank.papers import queries as papers


def import_items(argv: list[str], program: str) -> int:
    """Run ``plumbline questions import`` into a bank: 2 when the file cannot be read."""
    try:
        arguments = parser(program).parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    try:
        with application():
            arguments.framework = _bank(arguments.bank).framework_code
            db.session.rollback()
            return console.run_quietly(
                lambda: look_through(arguments, program, _keeping(arguments))
            )
    except CommandRefused as fault:
        return refuse(program, str(fault))
    except PlumblineError as fault:
        return refuse(program, fault.message)


@contextmanager
def _keeping(arguments: argparse.Namespace) -> Iterator[Keep]:
    """Stores what is read, in one transaction that ends before the report is printed."""
    with unit_of_work():
        actor = acting_person(arguments.person)
        storing = Storing(_bank(arguments.bank), actor=actor, at=utc_now())
        yield storing.keep


def _bank(code: str | None) -> QuestionBank:
    """The bank with this code; where there is one bank only, it need not be named.

    Raises:
        CommandRefused: there is none, or it must be said which.
    """
    known = db.session.scalars(select(QuestionBank).order_by(QuestionBank.code)).all()
    if code is None and len(known) == 1:
        return known[0]
    found = bank_called(code) if code is not None else None
    if found is None:
        codes = ", ".join(one.code for one in known) or "none yet; an administrator opens one"
        raise CommandRefused(f"--bank: expected the code of a bank ({codes}).")
    return found


def export_items(argv: list[str], program: str) -> int:
    """Run ``plumbline questions export``: 2 when the format cannot hold an item."""
    options = argparse.ArgumentParser(
        prog=program, description="Write a bank's questions into a new file.", allow_abbrev=False
    )
    options.add_argument("out", metavar="OUT", type=Path)
    options.add_argument("--bank", metavar="CODE", help="which bank")
    options.add_argument(
        "--format", choices=[one.value for one in ExportFormat], required=True, help="the format"
    )
    options.add_argument("--as", dest="person", metavar="EMAIL", help="who takes them out")
    arguments = options.parse_args(argv)
    try:
        with application(), unit_of_work(), arguments.out.open("xb") as out:
            try:
                count = export_by_command(
                    _bank(arguments.bank),
                    ExportFormat(arguments.format),
                    out,
                    actor=acting_person(arguments.person),
                    at=utc_now(),
                )
            except BaseException:
                arguments.out.unlink()
                raise
    except CommandRefused as fault:
        return refuse(program, str(fault))
    except PlumblineError as fault:
        return refuse(program, fault.message)
    except OSError as fault:
        why = f"{arguments.out}: a new file was expected: {fault.strerror or fault}"
        return refuse(program, why)
    console.say([f"{count:,} questions written to {arguments.out}"])
    return 0


def draw_paper(argv: list[str], program: str) -> int:
    """Run ``plumbline papers draw``: it records nothing; 2 when there is no such paper."""
    commands = argparse.ArgumentParser(prog=program, description="Papers from a bank.")
    options = commands.add_subparsers(dest="command", required=True).add_parser(
        "draw", help="draw a paper, without keeping it", allow_abbrev=False
    )
    options.add_argument("--bank", metavar="CODE", help="which bank")
    options.add_argument("--blueprint", metavar="NAME", required=True, help="what it must be")
    options.add_argument("--seed", metavar="N", type=int, required=True, help="a whole number")
    options.add_argument(
        "--exclude-seen", metavar="ULN", help="leave out what this apprentice has met before"
    )
    options.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = commands.parse_args(argv)
    try:
        with application():
            return _drawn(arguments, program)
    except CommandRefused as fault:
        return refuse(program, str(fault))


def _drawn(arguments: argparse.Namespace, program: str) -> int:
    bank = _bank(arguments.bank)
    blueprint = papers.blueprint_called(bank, arguments.blueprint)
    if blueprint is None:
        known = ", ".join(papers.known_blueprints(bank))
        return refuse(program, f"--blueprint: expected one of {known}.")
    pool = Pool(papers.pool_items(bank, london_date(utc_now())))
    try:
        paper = draw(pool, blueprint, arguments.seed, _seen(arguments.exclude_seen, bank))
    except NoPaper as none:
        for reason in none.reasons:
            refuse(program, reason)
        if arguments.json:
            reasons = list(none.reasons)
            console.print_document({"seed": arguments.seed, "items": [], "reasons": reasons})
        return console.BAD_INPUT
    if arguments.json:
        console.print_document(paper.as_json())
        return 0
    console.say(
        f"{number:3}. {one.reference}, version {one.version}, {one.ksb}, {json.dumps(one.options)}"
        for number, one in enumerate(paper.items, start=1)
    )
    console.say([f"Predicted mark {paper.predicted_mark:.1f}"])
    return 0


def _seen(uln: str | None, bank: QuestionBank) -> frozenset[str]:
    """The references that the apprentice with this ULN has met.

    Raises:
        CommandRefused: nobody has this ULN.
    """
    if uln is None:
        return frozenset()
    found = db.session.scalars(
        select(Apprenticeship.person_id).where(Apprenticeship.uln == uln)
    ).all()
    if not found:
        raise CommandRefused("--exclude-seen: no apprentice has this ULN.")
    return frozenset().union(*(papers.seen_by(one, bank) for one in found))
