"""Which answers count, and the figures of questions, papers and tests that rest on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission
from frameworks import MarkedMethod
from frameworks.assessment_plan import Boundary
from question_bank.items import queries as items
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.items.rules import ItemKind, ItemStatus
from question_bank.papers import queries as papers
from question_bank.papers.models import ItemMeasure, Paper, PaperItem
from question_bank.papers.rules import PaperPurpose
from question_bank.responses.matrix import Asked
from question_bank.responses.models import AnswerFile, Script, ScriptMark
from question_bank.responses.rules import (
    FEWEST,
    Answer,
    Drift,
    ItemAnswers,
    ItemFigures,
    MarkedScript,
    ScriptFate,
    WholeFigures,
    drift,
    item_figures,
    whole_figures,
)
from question_bank.statistics.flags import Flag
from question_bank.statistics.rules import Whole


def file_for(person: Person, permission: Permission, file_id: UUID) -> AnswerFile | None:
    """A file of answers to a paper that this person reaches; None as for an unknown id."""
    reached = papers.papers(person, permission).with_only_columns(Paper.id).order_by(None)
    return db.session.scalar(
        select(AnswerFile).where(AnswerFile.id == file_id, AnswerFile.paper_id.in_(reached))
    )


def asked_on(paper: Paper) -> tuple[Asked, ...]:
    """The questions of a paper as answers to it are read."""
    method = items.method_of(paper.bank)
    return tuple(
        Asked(
            one.number,
            one.content.reference,
            one.version.id,
            _marks_of(method, one.content.type_code, one.marks),
            one.order,
            one.content.key,
        )
        for one in papers.questions_of(paper)
    )


def _marks_of(method: MarkedMethod, kind: str, maximum: int) -> tuple[int, ...]:
    """What an answer may be given: as the plan says, up to what this question gives."""
    known = tuple(one for one in method.question_type(kind).marks if one <= maximum)
    return known if maximum in known else (*known, maximum)


# ------------------------------------------------------------------------------------- which count


def _counts() -> tuple[ColumnElement[bool], ...]:
    """A candidate's last revision, unless that one takes them out."""
    later = aliased(Script)
    newer = select(later.id).where(
        later.paper_id == Script.paper_id,
        later.candidate == Script.candidate,
        later.revision > Script.revision,
    )
    return ~newer.exists(), Script.is_left_out.is_(False)


def counting(paper: Paper) -> Select[Script]:
    """The scripts of a paper that count, by candidate."""
    query = select(Script).where(Script.paper_id == paper.id, *_counts())
    return query.order_by(Script.candidate)


def last_revisions(paper: Paper) -> dict[str, int]:
    """The number of each candidate's last revision on a paper."""
    query = (
        select(Script.candidate, func.max(Script.revision))
        .where(Script.paper_id == paper.id)
        .group_by(Script.candidate)
    )
    return dict(db.session.execute(query).all())


def kept_answers(paper: Paper) -> dict[str, dict[UUID, Answer]]:
    """The answers that count on a paper, by candidate and version."""
    query = (
        select(Script.candidate, ScriptMark.version_id, ScriptMark.mark, ScriptMark.chosen)
        .join(ScriptMark, ScriptMark.script_id == Script.id)
        .where(Script.paper_id == paper.id, *_counts())
    )
    found: dict[str, dict[UUID, Answer]] = {}
    for candidate, version_id, mark, chosen in db.session.execute(query):
        found.setdefault(candidate, {})[version_id] = Answer(version_id, mark, chosen)
    return found


def fates(paper: Paper, scripts: Sequence[MarkedScript]) -> list[ScriptFate]:
    """What keeping scripts would do, one word for each."""
    kept = kept_answers(paper)
    return [_fate(kept.get(one.candidate), one) for one in scripts]


def _fate(kept: dict[UUID, Answer] | None, script: MarkedScript) -> ScriptFate:
    if kept is None:
        return ScriptFate.NEW
    same = all(kept.get(one.version_id) == one for one in script.answers)
    return ScriptFate.SAME if same else ScriptFate.CHANGED


def scripts_in(file: AnswerFile) -> list[MarkedScript]:
    """The scripts of a file that waits to be stored."""
    places = [one.version_id for one in asked_on(file.paper)]
    return [
        MarkedScript(
            candidate,
            tuple(
                Answer(version_id, mark, chosen)
                for version_id, (mark, chosen) in zip(places, answers, strict=True)
            ),
        )
        for candidate, answers in file.rows
    ]


# ---------------------------------------------------------------------------------- of questions


def answers_to(version_ids: Collection[UUID]) -> dict[UUID, ItemAnswers]:
    """Everybody's answers to versions in live tests, by version.

    A practice paper may have been sat with the book open: its answers say nothing of a question.
    """
    query = (
        select(ScriptMark.version_id, ScriptMark.mark, Script.total, ScriptMark.chosen)
        .join(Script, Script.id == ScriptMark.script_id)
        .join(Paper, Paper.id == Script.paper_id)
        .where(
            ScriptMark.version_id.in_(version_ids),
            Paper.purpose == PaperPurpose.LIVE,
            *_counts(),
        )
    )
    rows: dict[UUID, list[tuple[int, int, int]]] = {one: [] for one in version_ids}
    for version_id, mark, total, chosen in db.session.execute(query):
        rows[version_id].append((mark, total, -1 if chosen is None else chosen))
    return {version_id: _answers(found) for version_id, found in rows.items()}


def _answers(rows: list[tuple[int, int, int]]) -> ItemAnswers:
    marks, totals, chosen = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return ItemAnswers(marks, totals, chosen)


def figures_of(versions: Collection[ItemVersion]) -> dict[UUID, ItemFigures]:
    """How versions behaved in live tests, by version; those without answers too."""
    found = answers_to([one.id for one in versions])
    return {
        one.id: item_figures(found[one.id], int(one.marks), len(one.options), one.key)
        for one in versions
        if one.marks
    }


@dataclass(frozen=True)
class VersionFigures:
    """A version with its figures, and how far its facility moved since the one before."""

    version: ItemVersion
    figures: ItemFigures
    drift: Drift | None


def version_figures(item: BankItem) -> list[VersionFigures]:
    """An item's versions over time, the oldest first; those that never had marks are left out."""
    figures = figures_of(item.versions)
    rows: list[VersionFigures] = []
    for version in item.versions:
        if version.id not in figures:
            continue
        now = figures[version.id]
        before = next((one.figures for one in reversed(rows) if one.figures.measures.n), None)
        moved = None if before is None else drift(before.measures, now.measures)
        rows.append(VersionFigures(version, now, moved))
    return rows


def uses_of(item: BankItem) -> int:
    """On how many live papers an item stood, in whatever version."""
    query = (
        select(func.count())
        .select_from(PaperItem)
        .join(PaperItem.version)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(ItemVersion.item_id == item.id, Paper.purpose == PaperPurpose.LIVE)
    )
    return db.session.scalar(query) or 0


def measured(bank: QuestionBank, flag: Flag | None = None) -> Select[ItemMeasure]:
    """The versions of a bank that have answers, what calls for a look first, then by reference."""
    query = (
        select(ItemMeasure)
        .join(ItemMeasure.version)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id)
        .order_by(ItemMeasure.flags == "", BankItem.reference, ItemVersion.number)
    )
    return query if flag is None else query.where(ItemMeasure.flags.contains(flag.value))


def flag_counts(bank: QuestionBank) -> dict[Flag, int]:
    """How many versions of a bank each flag is raised for."""
    query = (
        select(ItemMeasure.flags, func.count())
        .join(ItemMeasure.version)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id)
        .group_by(ItemMeasure.flags)
    )
    rows = db.session.execute(query).all()
    return {flag: sum(count for said, count in rows if flag in said.split()) for flag in Flag}


def reported(bank: QuestionBank) -> Select[ItemVersion, ItemMeasure | None]:
    """What the yearly review looks at: every approved version, and every one that has answers."""
    return (
        select(ItemVersion, ItemMeasure)
        .join(ItemVersion.item)
        .outerjoin(ItemMeasure, ItemMeasure.version_id == ItemVersion.id)
        .where(
            BankItem.bank_id == bank.id,
            BankItem.kind != ItemKind.OBSERVATION_PROMPT,
            or_(ItemVersion.status == ItemStatus.APPROVED, ItemMeasure.n.is_not(None)),
        )
        .order_by(BankItem.reference, ItemVersion.number)
    )


# ---------------------------------------------------------------------------- of papers and tests


def paper_figures(paper: Paper) -> WholeFigures:
    """How a paper behaved."""
    return _whole([paper])


@dataclass(frozen=True)
class SatTest:
    """Live papers of one blueprint and one shape, taken together.

    Attributes:
        name: the blueprint's.
        papers: how many there are.
        figures: how they behaved as one test.
    """

    name: str
    papers: int
    figures: WholeFigures


def tests_of(bank: QuestionBank) -> Iterator[SatTest]:
    """Every test of a bank that somebody sat, by blueprint; papers of another length are another."""
    sat = select(Script.id).where(Script.paper_id == Paper.id)
    query = (
        select(Paper)
        .where(Paper.bank_id == bank.id, Paper.purpose == PaperPurpose.LIVE, sat.exists())
        .order_by(Paper.number)
    )
    shapes: dict[tuple[str, int, int], list[Paper]] = {}
    for paper in db.session.scalars(query):
        drawn = papers.drawn(paper).items
        shape = paper.blueprint["name"], len(drawn), sum(one.marks for one in drawn)
        shapes.setdefault(shape, []).append(paper)
    for (name, _length, _marks), found in sorted(shapes.items(), key=lambda one: one[0]):
        yield SatTest(name, len(found), _whole(found))


def standard_error_of(paper: Paper) -> float | None:
    """The standard error of the test that a paper is of, in marks; None while too few took it."""
    for test in tests_of(paper.bank):
        if test.name == paper.blueprint["name"] and test.figures.n >= FEWEST:
            return test.figures.measures.standard_error
    return None


def _whole(found: Sequence[Paper]) -> WholeFigures:
    drawn = papers.drawn(found[0]).items
    maximum = sum(one.marks for one in drawn)
    boundaries = boundaries_for(found[0].bank, maximum)
    return whole_figures(_marks(found, len(drawn)), maximum, boundaries)


def boundaries_for(bank: QuestionBank, maximum: int) -> tuple[Boundary, ...]:
    """The plan's boundaries, where a paper gives the plan's marks; else none."""
    method = items.method_of(bank)
    return method.boundaries if maximum == method.marks_max else ()


def _marks(found: Sequence[Paper], positions: int) -> Whole:
    """The marks of papers: a row a script, a column a position."""
    query = (
        select(ScriptMark.mark)
        .join(Script, Script.id == ScriptMark.script_id)
        .join(
            PaperItem,
            (PaperItem.paper_id == Script.paper_id)
            & (PaperItem.version_id == ScriptMark.version_id),
        )
        .where(Script.paper_id.in_([one.id for one in found]), *_counts())
        .order_by(Script.id, PaperItem.position)
    )
    marks = np.fromiter(db.session.scalars(query), dtype=np.int64)
    return marks.reshape(-1, positions)


def with_options(version_ids: Collection[UUID]) -> Sequence[ItemVersion]:
    """Versions with their options at hand."""
    query = select(ItemVersion).where(ItemVersion.id.in_(version_ids))
    return db.session.scalars(query.options(selectinload(ItemVersion.options))).all()
