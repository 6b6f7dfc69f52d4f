"""What a portfolio must hold: states, kinds of piece, and its totals held against the plan.

Source: the assessment plan's section on the portfolio; every number comes from the definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from frameworks.assessment_plan import Portfolio

LONGEST_TITLE: Final = 200
LONGEST_LINK: Final = 1000
LONGEST_TEXT: Final = 10_000
LONGEST_REASON: Final = 1000


class PortfolioStatus(StrEnum):
    """A version is built, submitted, then accepted or returned by the intake check."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class PieceKind(StrEnum):
    """What a piece of evidence is."""

    WORK_PRODUCT = "work_product"
    WITNESS_STATEMENT = "witness_statement"
    CASE_RECORD = "case_record"
    RECORDING = "recording"
    FEEDBACK = "feedback"
    RESEARCH = "research"
    OTHER = "other"


STATUS_TITLES: Final[dict[PortfolioStatus, str]] = {
    PortfolioStatus.DRAFT: "Being built",
    PortfolioStatus.SUBMITTED: "Submitted",
    PortfolioStatus.RETURNED: "Returned",
    PortfolioStatus.ACCEPTED: "Accepted",
}

KIND_TITLES: Final[dict[PieceKind, str]] = {
    PieceKind.WORK_PRODUCT: "Work product",
    PieceKind.WITNESS_STATEMENT: "Witness statement",
    PieceKind.CASE_RECORD: "Case record",
    PieceKind.RECORDING: "Recording",
    PieceKind.FEEDBACK: "Feedback",
    PieceKind.RESEARCH: "Research",
    PieceKind.OTHER: "Something else",
}


def source_words(service_user: int | None) -> str:
    """How a piece's source is written: an anonymous number, or research."""
    return "Research" if service_user is None else f"SU-{service_user}"


@dataclass(frozen=True)
class PieceSummary:
    """What the totals need of one piece; ``service_user`` is None for research."""

    number: int
    service_user: int | None
    activities: frozenset[str]
    ksbs: frozenset[str]
    is_own_work: bool = True


@dataclass(frozen=True)
class Finding:
    """One thing that is short or over, in a sentence that says by how much.

    ``blocks`` is True where the plan sets a limit: the portfolio cannot be submitted.
    """

    code: str
    message: str
    blocks: bool


@dataclass(frozen=True)
class Standing:
    """Where a portfolio stands: its totals, its two grids, and what is wrong with it.

    Args:
        pieces: how many there are.
        service_users: their numbers, in order.
        journeys: service user, then activity code, to the numbers of the pieces that show it.
        ksbs: KSB code of the underpinned method to the numbers of the pieces that evidence it.
        findings: what blocks submission first, then what only warns.
    """

    pieces: int
    service_users: tuple[int, ...]
    journeys: dict[int, dict[str, tuple[int, ...]]]
    ksbs: dict[str, tuple[int, ...]]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What must be put right before the portfolio can be submitted."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Gaps that are worth filling and stop nothing."""
        return tuple(finding for finding in self.findings if not finding.blocks)

    @property
    def may_be_submitted(self) -> bool:
        """Whether every limit is kept."""
        return not self.blocking


def standing(
    limits: Portfolio, method_ksbs: Sequence[str], pieces: Iterable[PieceSummary]
) -> Standing:
    """Hold a portfolio against the plan.

    Args:
        limits: the definition's portfolio section.
        method_ksbs: codes of the KSBs of the method that the portfolio underpins.
        pieces: the pieces, in any order.
    """
    ordered = sorted(pieces, key=lambda piece: piece.number)
    users = tuple(sorted({one.service_user for one in ordered if one.service_user is not None}))
    journeys = {
        user: {
            activity.code: tuple(
                piece.number
                for piece in ordered
                if piece.service_user == user and activity.code in piece.activities
            )
            for activity in limits.activities
        }
        for user in users
    }
    ksbs = {
        code: tuple(piece.number for piece in ordered if code in piece.ksbs) for code in method_ksbs
    }
    findings = (
        *_count("pieces", "piece", len(ordered), limits.pieces_min, limits.pieces_max),
        *_count(
            "service-users",
            "service user",
            len(users),
            limits.service_users_min,
            limits.service_users_max,
        ),
        *_activities(limits, ordered),
        *_authenticity(ordered),
        *_journeys(limits, journeys),
        *_ksbs(ksbs),
    )
    return Standing(len(ordered), users, journeys, ksbs, findings)


def _counted(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _count(code: str, one: str, count: int, least: int, most: int) -> list[Finding]:
    if count < least:
        return [
            Finding(code, f"{count} of {least} {one}s; {least - count} more needed.", blocks=True)
        ]
    if count > most:
        over = _counted(count - most, one)
        return [
            Finding(code, f"{_counted(count, one)}, at most {most}; take {over} out.", blocks=True)
        ]
    return []


def _activities(limits: Portfolio, pieces: Sequence[PieceSummary]) -> list[Finding]:
    shown = frozenset().union(*(piece.activities for piece in pieces))
    missing = [activity.title for activity in limits.activities if activity.code not in shown]
    if not missing:
        return []
    every = len(limits.activities)
    return [
        Finding(
            "activities",
            f"{every - len(missing)} of {every} activities shown; no piece yet for:"
            f" {_listed(missing)}.",
            blocks=True,
        )
    ]


def _authenticity(pieces: Sequence[PieceSummary]) -> list[Finding]:
    unsaid = [str(piece.number) for piece in pieces if not piece.is_own_work]
    if not unsaid:
        return []
    which = f"Piece {unsaid[0]}" if len(unsaid) == 1 else f"Pieces {_listed(unsaid)}"
    return [Finding("own-work", f"{which}: say that it is your own work.", blocks=True)]


def _journeys(
    limits: Portfolio, journeys: dict[int, dict[str, tuple[int, ...]]]
) -> Iterable[Finding]:
    for user, shown in journeys.items():
        missing = [activity.title for activity in limits.activities if not shown[activity.code]]
        if missing:
            yield Finding(
                "journey",
                f"SU-{user} is not followed all the way yet; no piece for: {_listed(missing)}.",
                blocks=False,
            )


def _ksbs(ksbs: dict[str, tuple[int, ...]]) -> list[Finding]:
    missing = [code for code, numbers in ksbs.items() if not numbers]
    if not missing:
        return []
    return [
        Finding(
            "ksbs",
            f"{len(ksbs) - len(missing)} of {len(ksbs)} KSBs have a piece; none yet for:"
            f" {_listed(missing)}.",
            blocks=False,
        )
    ]


def numbers_of_pieces(numbers: Sequence[int]) -> str:
    """Pieces as the subject of a sentence: "Piece 3 has", "Pieces 3, 8 and 11 have"."""
    said = _listed([str(number) for number in numbers])
    return f"Piece {said} has" if len(numbers) == 1 else f"Pieces {said} have"


def link_fault(link: str) -> str | None:
    """Say what is wrong with a link, or None when it will do: a whole http or https address."""
    if len(link) > LONGEST_LINK:
        return f"The link must have {LONGEST_LINK:,} characters or fewer; it has {len(link):,}"
    if any(letter.isspace() or not letter.isprintable() for letter in link):
        return "The link must be one address without spaces"
    try:
        address = urlsplit(link)
        host, _ = address.hostname, address.port
    except ValueError:
        return _WHOLE_ADDRESS
    if address.scheme not in {"http", "https"} or not host:
        return _WHOLE_ADDRESS
    if address.username is not None or address.password is not None:
        return "The link must not hold a user name or a password"
    return None


_WHOLE_ADDRESS: Final = (
    "The link must be a whole address that begins with https:// or http://,"
    " such as https://example.org/plan"
)
