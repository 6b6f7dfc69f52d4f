"""What the portfolio's page shows, as plain values: where it stands, its pieces, its two grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from epa.lifecycle.definitions import framework_of
from epa.personal_data.remarks import remarks_on_answers, words_of_file_name
from epa.portfolio import queries
from epa.portfolio.forms import IntakeForm, box_of
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import (
    KIND_TITLES,
    STATUS_TITLES,
    PortfolioStatus,
    Standing,
    source_words,
)
from epa.web.fields.question import Question
from epa.web.filters import date_words
from frameworks import AssessmentPlan

_TAG_KINDS = {
    PortfolioStatus.DRAFT: "neutral",
    PortfolioStatus.SUBMITTED: "waiting",
    PortfolioStatus.RETURNED: "stopped",
    PortfolioStatus.ACCEPTED: "done",
}


@dataclass(frozen=True)
class PieceRow:
    """One piece as a row; ``source`` is SU-1 or research."""

    id: UUID
    number: int
    title: str
    kind: str
    source: str
    activities: list[str]
    ksbs: list[str]
    text: str | None
    link: str | None
    file_name: str | None
    file_size: int
    to_put_right: str | None


@dataclass(frozen=True)
class KsbRow:
    """One KSB of the underpinned method with the pieces that evidence it."""

    code: str
    title: str
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class VersionLine:
    """One version in the list of versions."""

    number: int
    status: str
    tag: str
    is_shown: bool


@dataclass(frozen=True)
class PortfolioPage:
    """Everything that one version's page shows."""

    version: PortfolioVersion | None
    status: str
    tag: str
    is_draft: bool
    pieces: list[PieceRow]
    removed: list[PieceRow]
    standing: Standing | None
    activities: list[tuple[str, str]]
    ksbs: list[KsbRow]
    versions: list[VersionLine]
    returned: PortfolioVersion | None
    shares: list[tuple[str, datetime]]

    @property
    def activity_columns(self) -> list[dict[str, str]]:
        """The activities as columns of the table of service users."""
        return [{"title": title} for _, title in self.activities]

    @property
    def facts(self) -> list[dict[str, str]]:
        """When the version was submitted and decided on, by whom, and with whom it is shared."""
        version, rows = self.version, []
        if version and version.submitted_by and version.submitted_at:
            rows.append(_fact("Submitted", version.submitted_at, version.submitted_by.name))
        if version and version.decided_by and version.decided_at:
            rows.append(_fact(self.status, version.decided_at, version.decided_by.name))
        return rows + [_fact("Shared", at, f"with {name}") for name, at in self.shares]


def _fact(label: str, at: datetime, who: str) -> dict[str, str]:
    return {"label": label, "value": date_words(at), "second": who}


def page_of(versions: list[PortfolioVersion], number: int | None) -> PortfolioPage | None:
    """The page of one version out of those somebody may see, the newest by default.

    Returns:
        None when a version is asked for by a number that is not among them.
    """
    shown = versions[0] if versions and number is None else None
    shown = shown or next((one for one in versions if one.number == number), None)
    if shown is None:
        return None if number is not None else _EMPTY
    framework = framework_of(shown.assessment)
    standing = queries.standing_of(shown)
    is_draft = shown.status is PortfolioStatus.DRAFT
    reasons = _reasons(versions, shown)
    return PortfolioPage(
        version=shown,
        status=STATUS_TITLES[shown.status],
        tag=_TAG_KINDS[shown.status],
        is_draft=is_draft,
        pieces=[_row(framework, piece, reasons) for piece in shown.pieces],
        removed=[_row(framework, piece, {}) for piece in shown.removed_pieces] if is_draft else [],
        standing=standing,
        activities=[(one.code, one.title) for one in framework.portfolio.activities],
        ksbs=[
            KsbRow(code, framework.criterion(code).title, numbers)
            for code, numbers in standing.ksbs.items()
        ],
        versions=[
            VersionLine(one.number, STATUS_TITLES[one.status], _TAG_KINDS[one.status], one is shown)
            for one in versions
        ],
        returned=_returned(versions, shown),
        shares=[(one.person.name, one.shared_at) for one in queries.shares_of(shown)],
    )


_EMPTY = PortfolioPage(
    version=None,
    status="Not begun",
    tag="neutral",
    is_draft=True,
    pieces=[],
    removed=[],
    standing=None,
    activities=[],
    ksbs=[],
    versions=[],
    returned=None,
    shares=[],
)


@dataclass(frozen=True)
class IntakePiece:
    """One piece as the intake check sees it: the box for a reason, and what looks like a name."""

    row: PieceRow
    box: Question
    remarks: list[str]


def intake_of(version: PortfolioVersion, form: IntakeForm) -> list[IntakePiece]:
    """The pieces of a submitted version, each with its box and what was found in its words."""
    framework = framework_of(version.assessment)
    return [
        IntakePiece(_row(framework, piece, {}), box_of(form, piece), _remarks(piece))
        for piece in version.pieces
    ]


def _remarks(piece: EvidencePiece) -> list[str]:
    answers = {
        "title": ("the title", piece.title),
        "text": ("the text", piece.text or ""),
        "file": ("the file’s name", words_of_file_name(piece.file.name) if piece.file else ""),
    }
    return [one.words for one in remarks_on_answers(answers)]


def _returned(versions: list[PortfolioVersion], shown: PortfolioVersion) -> PortfolioVersion | None:
    """The version whose reason for return the reader of this one needs."""
    if shown.status is PortfolioStatus.RETURNED:
        return shown
    before = next((one for one in versions if one.number == shown.number - 1), None)
    return before if shown.status is PortfolioStatus.DRAFT else None


def _reasons(versions: list[PortfolioVersion], shown: PortfolioVersion) -> dict[UUID, str]:
    """Why the intake check returned pieces, by piece; read as well in the draft that follows."""
    if shown.status is PortfolioStatus.RETURNED:
        return {piece.id: piece.to_put_right for piece in shown.pieces if piece.to_put_right}
    before = _returned(versions, shown)
    said = _reasons(versions, before) if before else {}
    followed = ((piece.id, piece.follows_id) for piece in shown.pieces)
    return {now: said[was] for now, was in followed if was is not None and was in said}


def _row(framework: AssessmentPlan, piece: EvidencePiece, reasons: Mapping[UUID, str]) -> PieceRow:
    titles = {one.code: one.title for one in framework.portfolio.activities}
    return PieceRow(
        id=piece.id,
        number=piece.number,
        title=piece.title,
        kind=KIND_TITLES[piece.kind],
        source=source_words(piece.service_user),
        activities=[titles[code] for code in titles if code in piece.activities],
        ksbs=list(piece.ksbs),
        text=piece.text,
        link=piece.link,
        file_name=piece.file.name if piece.file else None,
        file_size=piece.file.size if piece.file else 0,
        to_put_right=reasons.get(piece.id),
    )
