"""Keeping blueprints, drawing papers, and writing down what is taken of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Person
from question_bank.drawing.draw import draw
from question_bank.drawing.paper import DrawBlueprint, DrawnPaper, NoPaper
from question_bank.drawing.pool import Pool
from question_bank.items.models import QuestionBank
from question_bank.items.queries import content_of
from question_bank.papers import queries
from question_bank.papers.models import Paper, PaperBlueprint, PaperItem
from question_bank.papers.rules import PaperDocument, PaperPurpose, as_record, digest_of


def keep_blueprint(
    bank: QuestionBank,
    wanted: DrawBlueprint,
    *,
    stored: PaperBlueprint | None = None,
    actor: Person,
    at: datetime,
) -> PaperBlueprint:
    """Keep a blueprint, a new one or a change of one. Papers drawn by it before stay as they are.

    Raises:
        RuleBroken: it asks for no question, or another of the bank has its name.
    """
    if not wanted.cells:
        raise RuleBroken("no-cells", "A paper needs at least one question.")
    others = [one for one in queries.blueprints(bank) if one is not stored]
    if wanted.name in {one.name for one in others}:
        raise RuleBroken(
            "blueprint-name", f"This bank has a blueprint called {wanted.name}.", "name"
        )
    row = stored or PaperBlueprint(bank=bank)
    row.name, row.record = wanted.name, as_record(wanted)
    row.changed_at, row.changed_by_id = at, actor.id
    db.session.add(row)
    db.session.flush()
    count = sum(cell.count for cell in wanted.cells)
    record(actor, "paper blueprint kept", row, at=at, questions=count, target=wanted.target)
    return row


def draw_paper(  # noqa: PLR0913 (what a draw depends on, each by name)
    bank: QuestionBank,
    blueprint: DrawBlueprint,
    *,
    seed: int,
    purpose: PaperPurpose,
    candidate: Person | None = None,
    without: Collection[int] = (),
    actor: Person,
    at: datetime,
) -> Paper:
    """Draw a paper and keep it: seed, versions and orders, so that it can be built again.

    Args:
        bank: where from.
        blueprint: what it must be.
        seed: what the draw begins from.
        purpose: a live paper counts as a use of its items.
        candidate: whose it is; they meet nothing that stood on an earlier paper of theirs.
        without: numbers of further papers of the bank whose items are left out.
        actor: who draws it.
        at: when.

    Raises:
        RuleBroken: there is no such paper; the message says which cell lacks how many. Or the bank
            has no paper of a number.
    """
    seen = _seen(bank, candidate, without)
    paper = _drawn(bank, blueprint, seed, seen, at)
    versions = queries.drawn_versions(bank, [one.reference for one in paper.items])
    contents = [content_of(versions[one.reference]) for one in paper.items]
    row = Paper(
        bank=bank,
        number=queries.last_number(bank) + 1,
        purpose=purpose,
        seed=str(seed),
        blueprint=as_record(blueprint),
        record=paper.as_record(),
        digest=digest_of(zip(contents, (one.options for one in paper.items), strict=True)),
        candidate_id=candidate.id if candidate is not None else None,
        drawn_at=at,
        drawn_by_id=actor.id,
        items=[
            PaperItem(position=place, version=versions[one.reference])
            for place, one in enumerate(paper.items)
        ],
    )
    db.session.add(row)
    db.session.flush()
    about = {"number": row.number, "purpose": purpose.value, "digest": row.digest}
    record(actor, "paper drawn", row, at=at, **about)
    return row


def _seen(bank: QuestionBank, candidate: Person | None, numbers: Collection[int]) -> frozenset[str]:
    """The references of the items that the draw leaves out."""
    found = queries.stood_on(bank, numbers)
    if unknown := sorted(set(numbers) - found.keys()):
        words = ", ".join(map(str, unknown))
        raise RuleBroken("no-such-paper", f"This bank has no paper {words}.", "without")
    own = queries.seen_by(candidate.id, bank) if candidate is not None else frozenset()
    return own.union(*found.values())


def _drawn(
    bank: QuestionBank, blueprint: DrawBlueprint, seed: int, seen: frozenset[str], at: datetime
) -> DrawnPaper:
    pool = Pool(queries.pool_items(bank, london_date(at)))
    try:
        return draw(pool, blueprint, seed, seen)
    except NoPaper as none:
        raise RuleBroken("no-paper", " ".join(map(_sentence, none.reasons))) from none


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason}."


def note_document(paper: Paper, document: PaperDocument, *, actor: Person, at: datetime) -> None:
    """Record that somebody took a paper, or its guide, away as a PDF."""
    record(actor, "paper printed", paper, at=at, number=paper.number, document=document.value)


def note_reading(paper: Paper, *, actor: Person, at: datetime) -> None:
    """Record that somebody looked at a paper's questions."""
    record(actor, "paper viewed", paper, at=at, number=paper.number)
