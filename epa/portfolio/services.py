"""Building a portfolio piece by piece, freezing it, deciding on it, sharing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from epa.audit.services import record
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.files.models import StoredFile
from epa.in_transaction import lock
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import STAGE_TITLES, Stage
from epa.people.models import Person
from epa.portfolio import queries
from epa.portfolio.checks import PieceFields, check_piece
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.rules import (
    STATUS_TITLES,
    PortfolioStatus,
    numbers_of_pieces,
)

_BUILT_IN = frozenset({Stage.ON_PROGRAMME, Stage.GATEWAY})


def open_portfolio(
    assessment: EndPointAssessment, *, actor: Person, at: datetime
) -> PortfolioVersion:
    """Begin the first version, or give the one that is open.

    Raises:
        RuleBroken: the stage is not one in which portfolios are built, or one was accepted.
    """
    current = queries.current_version(assessment)
    if current is not None and current.status is PortfolioStatus.ACCEPTED:
        raise _frozen(current)
    if current is not None:
        return current
    require_building(assessment)
    return _next_version(assessment, 1, actor=actor, at=at)


def is_built_in(assessment: EndPointAssessment) -> bool:
    """Whether the assessment stands where portfolios are built: up to the gateway."""
    return assessment.stage in _BUILT_IN


def require_room(assessment: EndPointAssessment) -> None:
    """Refuse unless a piece may be added to the newest version, or to the first.

    Raises:
        RuleBroken: it is frozen or full, or the stage is not one in which portfolios are built.
    """
    require_building(assessment)
    version = queries.current_version(assessment)
    if version is not None:
        require_draft(version)
        _require_room(version)


def require_building(assessment: EndPointAssessment) -> None:
    """Refuse unless the assessment stands where portfolios are built: up to the gateway.

    Raises:
        RuleBroken: it stands elsewhere.
    """
    if not is_built_in(assessment):
        raise RuleBroken(
            "portfolio-stage",
            "A portfolio is built before the gateway is passed."
            f" The stage is now “{STAGE_TITLES[assessment.stage]}”.",
        )


def require_draft(version: PortfolioVersion) -> None:
    """Refuse unless the version may be changed; it stays locked to the end of the transaction.

    Raises:
        RuleBroken: it was submitted, so that nobody changes it any more.
    """
    lock(version)
    if version.status is not PortfolioStatus.DRAFT:
        raise _frozen(version)
    require_building(version.assessment)


def add_piece(
    version: PortfolioVersion, piece: PieceFields, *, actor: Person, at: datetime
) -> EvidencePiece:
    """Add a piece to a draft, under the next number; raises as ``add_pieces`` does."""
    return add_pieces(version, [(piece, at)], actor=actor)[0]


def add_pieces(
    version: PortfolioVersion, pieces: Sequence[tuple[PieceFields, datetime]], *, actor: Person
) -> list[EvidencePiece]:
    """Add pieces to a draft, each with its moment, under the next numbers: all of them, or none.

    Raises:
        RuleBroken: the version is frozen or full, or something about a piece will not do.
    """
    require_draft(version)
    last, rows = max((one.number for one in version.every_piece), default=0), []
    for number, (piece, at) in enumerate(pieces, start=last + 1):
        check_piece(framework_of(version.assessment), piece)
        _require_room(version)
        row = EvidencePiece(number=number, added_at=at)
        _fill(row, piece)
        version.every_piece.append(row)
        rows.append(row)
    db.session.flush()
    for row in rows:
        _record_piece("portfolio piece added", row, actor, row.added_at)
    return rows


def change_piece(piece: EvidencePiece, to: PieceFields, *, actor: Person, at: datetime) -> None:
    """Change a piece of a draft.

    Raises:
        RuleBroken: the version is frozen, or something about the piece will not do.
    """
    require_draft(piece.version)
    check_piece(framework_of(piece.version.assessment), to)
    _fill(piece, to)
    db.session.flush()
    _record_piece("portfolio piece changed", piece, actor, at)


def remove_piece(piece: EvidencePiece, *, actor: Person, at: datetime) -> None:
    """Take a piece out of a draft; until it is submitted the piece may be put back.

    Raises:
        RuleBroken: the version is frozen.
    """
    require_draft(piece.version)
    if piece.removed_at is None:
        piece.removed_at = at
        db.session.flush()
        _record_piece("portfolio piece removed", piece, actor, at)


def put_piece_back(piece: EvidencePiece, *, actor: Person, at: datetime) -> None:
    """Put a piece that was taken out back under its number.

    Raises:
        RuleBroken: the version is frozen, or full by now.
    """
    require_draft(piece.version)
    if piece.removed_at is not None:
        _require_room(piece.version)
        piece.removed_at = None
        db.session.flush()
        _record_piece("portfolio piece put back", piece, actor, at)


def submit(version: PortfolioVersion, *, actor: Person, at: datetime) -> None:
    """Freeze a draft for the intake check; its pieces are numbered without gaps.

    Raises:
        RuleBroken: the version is frozen already, or a limit of the plan is not kept.
    """
    require_draft(version)
    standing = queries.standing_of(version)
    if not standing.may_be_submitted:
        reasons = " ".join(finding.message for finding in standing.blocking)
        raise RuleBroken("portfolio-limits", reasons)
    _close_gaps(version)
    version.submitted_by_id, version.submitted_at = actor.id, at
    version.status = PortfolioStatus.SUBMITTED
    record(
        actor,
        "portfolio submitted",
        version,
        at=at,
        version=version.number,
        pieces=standing.pieces,
        service_users=len(standing.service_users),
    )


def note_intake(
    version: PortfolioVersion,
    reasons: Mapping[int, str],
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Keep what the intake check says of single pieces, until it is decided.

    Args:
        version: a submitted version.
        reasons: number of a piece to what has to be put right in it; a piece without is in order.
        actor: who checks.
        at: when.
        seen: the state of the version that the person looked at.

    Raises:
        RuleBroken: it is not waiting for a decision.
        Conflict: somebody else noted something since.
    """
    require_submitted(version)
    if seen is not None and seen != version.lock_version:
        raise Conflict(
            "Somebody else looked this portfolio over since you opened it. What you typed is still"
            " below and is not kept yet: send it again, and it takes the place of theirs."
        )
    for piece in version.pieces:
        piece.to_put_right = reasons.get(piece.number, "").strip() or None
    flag_modified(version, "status")  # counts the version's state up
    db.session.flush()
    faulty = [piece.number for piece in version.pieces if piece.to_put_right]
    record(actor, "portfolio looked over", version, at=at, version=version.number, pieces=faulty)


def accept(version: PortfolioVersion, *, actor: Person, at: datetime) -> None:
    """Accept a submitted version at the intake check: count, service users, anonymity, authorship.

    Raises:
        RuleBroken: it is not waiting for a decision, or something has to be put right in a piece.
    """
    require_submitted(version)
    if faulty := [piece.number for piece in version.pieces if piece.to_put_right]:
        raise RuleBroken(
            "portfolio-to-put-right",
            f"{numbers_of_pieces(faulty)} to be put right, by the intake check."
            " Return the portfolio, or take the reasons out of the check first.",
        )
    version.decided_by_id, version.decided_at = actor.id, at
    version.status = PortfolioStatus.ACCEPTED
    record(actor, "portfolio accepted", version, at=at, version=version.number)


def return_for(
    version: PortfolioVersion, reason: str, *, actor: Person, at: datetime
) -> PortfolioVersion:
    """Return a submitted version, and open the next as a copy of it; each piece keeps its reason.

    Args:
        version: the submitted version; it stays as it is.
        reason: what has to be put right, in words for its author.
        actor: who decided.
        at: when.

    Returns:
        The new draft, with the same pieces and the same files.

    Raises:
        RuleBroken: it is not waiting for a decision, or no reason is given.
    """
    if not reason.strip():
        raise RuleBroken("reason-missing", "Say what has to be put right.", "reason")
    require_submitted(version)
    version.decided_by_id, version.decided_at = actor.id, at
    version.status, version.reason = PortfolioStatus.RETURNED, reason.strip()
    db.session.flush()  # before the next draft: one version may be open
    record(actor, "portfolio returned", version, at=at, version=version.number)
    draft = _next_version(version.assessment, version.number + 1, actor=actor, at=at)
    for piece in version.pieces:
        draft.every_piece.append(
            EvidencePiece(
                number=piece.number,
                title=piece.title,
                kind=piece.kind,
                service_user=piece.service_user,
                activities=list(piece.activities),
                ksbs=list(piece.ksbs),
                text=piece.text,
                link=piece.link,
                file_id=piece.file_id,
                is_own_work=piece.is_own_work,
                added_at=piece.added_at,
                follows_id=piece.id,
            )
        )
    db.session.flush()
    return draft


def share_with(
    version: PortfolioVersion, person: Person, *, actor: Person, at: datetime
) -> PortfolioShare:
    """Give the accepted version to the assessor of the method that it underpins.

    Sharing again changes nothing: the first date counts.

    Raises:
        RuleBroken: the version was not accepted.
    """
    if version.status is not PortfolioStatus.ACCEPTED:
        raise RuleBroken(
            "portfolio-not-accepted",
            "A portfolio is shared once it is accepted."
            f" This version is “{STATUS_TITLES[version.status]}”.",
        )
    if share := queries.share_of(version, person):
        return share
    share = PortfolioShare(version=version, person=person, shared_at=at)
    db.session.add(share)
    db.session.flush()
    record(actor, "portfolio shared", version, at=at, person=str(person.id), version=version.number)
    return share


def note_file_read(piece: EvidencePiece, *, actor: Person, at: datetime) -> StoredFile | None:
    """Write down that somebody reads a piece's file, and give the file; None without one."""
    if piece.file is not None:
        _record_piece("portfolio file read", piece, actor, at)
    return piece.file


def _record_piece(action: str, piece: EvidencePiece, actor: Person, at: datetime) -> None:
    record(actor, action, piece, at=at, version=piece.version.number, piece=piece.number)


def _next_version(
    assessment: EndPointAssessment, number: int, *, actor: Person, at: datetime
) -> PortfolioVersion:
    version = PortfolioVersion(
        assessment=assessment, number=number, status=PortfolioStatus.DRAFT, created_at=at
    )
    db.session.add(version)
    db.session.flush()
    record(actor, "portfolio opened", version, at=at, version=number)
    return version


def _frozen(version: PortfolioVersion) -> RuleBroken:
    return RuleBroken(
        "portfolio-frozen",
        f"Version {version.number} of this portfolio is “{STATUS_TITLES[version.status]}”"
        " and can no longer be changed.",
    )


def require_submitted(version: PortfolioVersion) -> None:
    """Refuse unless the version waits for the intake check; it stays locked to the end.

    Raises:
        RuleBroken: it is being built, or decided on.
    """
    lock(version)
    if version.status is not PortfolioStatus.SUBMITTED:
        raise RuleBroken(
            "portfolio-not-submitted",
            f"Version {version.number} of this portfolio is “{STATUS_TITLES[version.status]}”:"
            " there is nothing to decide.",
        )


def _require_room(version: PortfolioVersion) -> None:
    most = framework_of(version.assessment).portfolio.pieces_max
    if len(version.pieces) >= most:
        raise RuleBroken(
            "portfolio-full",
            f"{len(version.pieces)} of at most {most} pieces are here. Take one out first.",
        )


def _fill(row: EvidencePiece, piece: PieceFields) -> None:
    row.title = piece.title.strip()
    row.kind = piece.kind
    row.service_user = piece.service_user
    row.activities = list(piece.activities)
    row.ksbs = list(piece.ksbs)
    row.text = piece.text or None
    row.link = piece.link or None
    row.file = piece.file
    row.is_own_work = piece.is_own_work


def _close_gaps(version: PortfolioVersion) -> None:
    """Drop what was taken out and number the rest from 1, one by one: numbers are unique."""
    for piece in version.removed_pieces:
        version.every_piece.remove(piece)
    db.session.flush()
    for number, piece in enumerate(version.pieces, start=1):
        if piece.number != number:
            piece.number = number
            db.session.flush()
