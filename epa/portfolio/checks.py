"""A piece as its author gives it, and what is refused about it before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.portfolio.rules import PieceKind, link_fault
from frameworks import AssessmentPlan


@dataclass(frozen=True)
class PieceFields:
    """A piece as its author gives it: a file, a link or a text, and what it shows.

    Args:
        title: what it is called, without names of people.
        kind: what it is.
        service_user: the anonymous number (1 for SU-1); None for research.
        activities: codes out of the definition's portfolio.
        ksbs: codes of the KSBs of the method that the portfolio underpins.
        is_own_work: the author's statement that the piece is their own and names no service user.
    """

    title: str
    kind: PieceKind
    service_user: int | None
    activities: tuple[str, ...]
    ksbs: tuple[str, ...]
    is_own_work: bool
    text: str | None = None
    link: str | None = None
    file: StoredFile | None = None


def check_piece(framework: AssessmentPlan, piece: PieceFields) -> None:
    """Refuse a piece without what the intake check asks for.

    Raises:
        RuleBroken: the first thing about it that will not do.
    """
    if not piece.title.strip():
        raise RuleBroken("piece-title", "Enter the title", "title")
    if not (piece.file or piece.link or (piece.text and piece.text.strip())):
        raise RuleBroken("piece-matter", "Give a file, a link or a text", "file")
    if piece.link and (fault := link_fault(piece.link)):
        raise RuleBroken("piece-link", fault, "link")
    if not piece.is_own_work:
        raise RuleBroken("piece-own-work", "Say that this is your own work", "is_own_work")
    _check_coverage(framework, piece)


def _check_coverage(framework: AssessmentPlan, piece: PieceFields) -> None:
    if piece.service_user is not None and piece.service_user < 1:
        raise RuleBroken("piece-service-user", "Service users count from SU-1", "service_user")
    if piece.service_user is not None and not piece.activities:
        raise RuleBroken(
            "piece-activities", "Choose at least one activity that this piece shows", "activities"
        )
    if not piece.ksbs:
        raise RuleBroken("piece-ksbs", "Choose at least one KSB that this piece shows", "ksbs")
    if not {one.code for one in framework.portfolio.activities}.issuperset(piece.activities):
        raise RuleBroken("piece-activities", "Choose from the activities shown", "activities")
    if not set(framework.ksbs_of(framework.portfolio.underpins)).issuperset(piece.ksbs):
        raise RuleBroken("piece-ksbs", "Choose from the KSBs shown", "ksbs")
