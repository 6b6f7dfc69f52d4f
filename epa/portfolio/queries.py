"""Versions and pieces within a person's reach; for an assessor only what was shared with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from epa.clock import london_date
from epa.database import db, prepared
from epa.in_transaction import Kept
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.scope import assessments
from epa.people.models import Person
from epa.people.readers import NamedReader, Reader, named
from epa.people.rules import Permission
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.rules import PieceSummary, PortfolioStatus, Standing, standing

_versions: Final[Kept[list[PortfolioVersion]]] = Kept(PortfolioVersion, holds_rows=True)
_shares: Final[Kept[list[PortfolioShare]]] = Kept(PortfolioShare, holds_rows=True)


def _ids(query: Select[EndPointAssessment]) -> Select[UUID]:
    return query.with_only_columns(EndPointAssessment.id)


def _seen(person: Reader, permission: Permission) -> ColumnElement[bool]:
    """Which versions this person may see: all where they may see drafts, else those shared."""
    reached = PortfolioVersion.assessment_id.in_(_ids(assessments(person, permission)))
    whole = _ids(assessments(person, Permission.VIEW_UNSHARED_PORTFOLIO))
    shared = select(PortfolioShare.version_id).where(PortfolioShare.person_id == person.id)
    return and_(
        reached,
        or_(
            PortfolioVersion.assessment_id.in_(whole),
            and_(
                PortfolioVersion.status == PortfolioStatus.ACCEPTED,
                PortfolioVersion.id.in_(shared),
            ),
        ),
    )


def assessment_for(
    person: Person, permission: Permission, assessment_id: UUID
) -> EndPointAssessment | None:
    """The assessment, if this person may see its portfolio; None for an assessor before sharing."""
    reader, given = named(person)
    return db.session.scalar(_assessment(reader, permission), {**given, "wanted": assessment_id})


@prepared
def _assessment(reader: NamedReader, permission: Permission) -> Select[EndPointAssessment]:
    whole = _ids(assessments(reader, Permission.VIEW_UNSHARED_PORTFOLIO))
    shared = select(PortfolioVersion.assessment_id).where(_seen(reader, permission))
    return assessments(reader, permission).where(
        EndPointAssessment.id == bindparam("wanted"),
        or_(EndPointAssessment.id.in_(whole), EndPointAssessment.id.in_(shared)),
    )


def piece_for(person: Person, permission: Permission, piece_id: UUID) -> EvidencePiece | None:
    """A piece of a version that this person may see; None as for an unknown id."""
    query = (
        select(EvidencePiece)
        .join(EvidencePiece.version)
        .where(EvidencePiece.id == piece_id, _seen(person, permission))
    )
    return db.session.scalar(query)


def version_for(
    person: Person, permission: Permission, version_id: UUID
) -> PortfolioVersion | None:
    """A version that this person may do this to; None as for an unknown id."""
    query = select(PortfolioVersion).where(
        PortfolioVersion.id == version_id, _seen(person, permission)
    )
    return db.session.scalar(query)


def followed(assessment: EndPointAssessment) -> dict[UUID, UUID]:
    """Each piece of an assessment that was copied from the version before, to that piece."""
    query = (
        select(EvidencePiece.id, EvidencePiece.follows_id)
        .join(EvidencePiece.version)
        .where(
            PortfolioVersion.assessment_id == assessment.id, EvidencePiece.follows_id.is_not(None)
        )
    )
    return {row.id: row.follows_id for row in db.session.execute(query)}


def versions_seen(person: Person, assessment: EndPointAssessment) -> list[PortfolioVersion]:
    """The versions that this person may see, newest first."""
    query = (
        select(PortfolioVersion)
        .where(
            PortfolioVersion.assessment_id == assessment.id,
            _seen(person, Permission.VIEW_PORTFOLIO),
        )
        .order_by(PortfolioVersion.number.desc())
    )
    return list(db.session.scalars(query))


def is_reached(person: Person, permission: Permission, assessment: EndPointAssessment) -> bool:
    """Whether this person may do this to this assessment, for what a page offers."""
    query = _ids(assessments(person, permission)).where(EndPointAssessment.id == assessment.id)
    return db.session.execute(query).first() is not None


def current_version(assessment: EndPointAssessment) -> PortfolioVersion | None:
    """The newest version, whatever its state; None before the first piece."""
    return next(iter(_versions_of(assessment)), None)


def accepted_version(assessment: EndPointAssessment) -> PortfolioVersion | None:
    """The version that the intake check accepted; None before."""
    accepted = PortfolioStatus.ACCEPTED
    return next((one for one in _versions_of(assessment) if one.status is accepted), None)


def _versions_of(assessment: EndPointAssessment) -> list[PortfolioVersion]:
    return _versions.of([assessment.id], _by_assessment)[assessment.id]


def _by_assessment(ids: Collection[UUID]) -> dict[UUID, list[PortfolioVersion]]:
    """Every version of these assessments' portfolios, newest first."""
    found: dict[UUID, list[PortfolioVersion]] = {one: [] for one in ids}
    query = select(PortfolioVersion).where(PortfolioVersion.assessment_id.in_(ids))
    for version in db.session.scalars(query.order_by(PortfolioVersion.number.desc())):
        found[version.assessment_id].append(version)
    return found


def share_of(version: PortfolioVersion, person: Person) -> PortfolioShare | None:
    """The share of this version with this person."""
    shares = _shares.of([version.id], _by_version)[version.id]
    return next((one for one in shares if one.person_id == person.id), None)


def _by_version(ids: Collection[UUID]) -> dict[UUID, list[PortfolioShare]]:
    found: dict[UUID, list[PortfolioShare]] = {one: [] for one in ids}
    for share in db.session.scalars(
        select(PortfolioShare).where(PortfolioShare.version_id.in_(ids))
    ):
        found[share.version_id].append(share)
    return found


def shared_on(assessment: EndPointAssessment, person: Person) -> date | None:
    """The London date on which the accepted version was shared with somebody; None before."""
    version = accepted_version(assessment)
    share = share_of(version, person) if version else None
    return london_date(share.shared_at) if share else None


def shares_of(version: PortfolioVersion) -> list[PortfolioShare]:
    """With whom a version was shared, earliest first."""
    query = (
        select(PortfolioShare)
        .where(PortfolioShare.version_id == version.id)
        .order_by(PortfolioShare.shared_at)
    )
    return list(db.session.scalars(query))


def summaries(pieces: Iterable[EvidencePiece]) -> list[PieceSummary]:
    """What the totals need of each piece."""
    return [
        PieceSummary(
            piece.number,
            piece.service_user,
            frozenset(piece.activities),
            frozenset(piece.ksbs),
            piece.is_own_work,
        )
        for piece in pieces
    ]


def standing_of(version: PortfolioVersion) -> Standing:
    """A version held against the limits of the definition its assessment is pinned to."""
    framework = framework_of(version.assessment)
    ksbs = framework.ksbs_of(framework.portfolio.underpins)
    return standing(framework.portfolio, ksbs, summaries(version.pieces))
