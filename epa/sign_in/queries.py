"""Finding sessions, links, credentials and recent knocks by what a browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, inspect, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from epa.database import ask, db, known
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import email_key
from epa.people.rules import OrganisationKind, Permission, Role, granted
from epa.sign_in.models import Credential, CredentialAttempt, OneTimeLink, SignInSession
from epa.sign_in.rules import BETWEEN_FACTORS, IDLE_LIMIT, Door, token_hash

# A session with what every page asks for (the person, their roles, what their organisations are)
# in one statement. Its options are not passed on to what it loads: rows that are locked later in
# the request would be joined to others, which PostgreSQL refuses.
_WITH_ALL: Final = (
    select(SignInSession)
    .join(SignInSession.person)
    .outerjoin(Person.roles_held)
    .outerjoin(RoleAssignment.organisation)
    .outerjoin(Organisation.kinds_held)
    .where(SignInSession.token_hash == bindparam("token"))
    .order_by(RoleAssignment.granted_at)
    .options(
        contains_eager(SignInSession.person)
        .contains_eager(Person.roles_held)
        .contains_eager(RoleAssignment.organisation)
        .contains_eager(Organisation.kinds_held)
    )
)


# The same as columns, for every page: of these five things the ORM makes objects in ten times the
# time of the query, and a page asks for the person and their roles alone.
_OPENED: Final = (
    select(
        *Person.__table__.columns,
        *RoleAssignment.__table__.columns,
        SignInSession.id,
        SignInSession.completed_at,
        SignInSession.ended_at,
        SignInSession.last_seen_at,
        SignInSession.ends_at,
        Organisation.name,
        OrganisationKindHeld.kind,
    )
    .select_from(SignInSession)
    .join(SignInSession.person)
    .outerjoin(Person.roles_held)
    .outerjoin(RoleAssignment.organisation)
    .outerjoin(Organisation.kinds_held)
    .where(SignInSession.token_hash == bindparam("token"))
    .order_by(RoleAssignment.granted_at)
)
_PERSON: Final = len(Person.__table__.columns)
_ROLE: Final = _PERSON + len(RoleAssignment.__table__.columns)
_ROLE_ID: Final = _PERSON + RoleAssignment.__table__.columns.keys().index("id")


# The same without objects, for views that are content with who asks and what they may do. A view
# that needs one record as well may add its columns (`bearer_among`).
BEARER: Final[Select[*tuple[Any, ...]]] = (
    select(
        SignInSession.id.label("session_id"),
        SignInSession.person_id,
        SignInSession.completed_at,
        SignInSession.ended_at,
        SignInSession.last_seen_at,
        SignInSession.ends_at,
        Person.disabled_at,
        RoleAssignment.role,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(
        RoleAssignment,
        and_(RoleAssignment.person_id == Person.id, RoleAssignment.ended_at.is_(None)),
    )
    .where(SignInSession.token_hash == bindparam("token"))
)


class _Stands(Protocol):
    """What says whether a session is open."""

    completed_at: Any
    ended_at: Any
    last_seen_at: Any
    ends_at: Any


@dataclass
class _Standing:
    """The columns of a session that say so."""

    id: UUID
    completed_at: datetime | None
    ended_at: datetime | None
    last_seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Bearer:
    """Whoever bears the token of an open session: who, in which roles, and when last seen."""

    id: UUID
    roles: frozenset[Role]
    session_id: UUID
    last_seen_at: datetime

    def may(self, permission: Permission) -> bool:
        """Whether some role held now grants this; on which records is the scope's matter."""
        return permission in granted(self.roles)


@dataclass(frozen=True)
class Opened:
    """What an open session says: whose it is, when it was last seen, and where they belong.

    ``organisation`` is that of the first role held, ``kinds`` what it is to us.
    """

    session_id: UUID
    last_seen_at: datetime
    person: Person
    organisation: str
    kinds: frozenset[OrganisationKind]


def opened_by(token: str, at: datetime) -> Opened | None:
    """What the session that this token opens now says, by the same rules as `session_for`."""
    rows = ask(_OPENED, {"token": token_hash(token)}).all()
    if not rows:
        return None
    session = _Standing(*rows[0][_ROLE:-2])
    person = known(Person, rows[0][:_PERSON])
    if person.disabled_at is not None or not _is_open(session, at):
        return None
    held = {
        row[_ROLE_ID]: known(RoleAssignment, row[_PERSON:_ROLE]) for row in rows if row[_ROLE_ID]
    }
    if "roles_held" in inspect(person).unloaded:
        set_committed_value(person, "roles_held", list(held.values()))
    first = next((one.id for one in person.current_roles), None)
    of_first = [row[-2:] for row in rows if first and row[_ROLE_ID] == first]
    return Opened(
        session_id=session.id,
        last_seen_at=session.last_seen_at,
        person=person,
        organisation=of_first[0][0] if of_first else "",
        kinds=frozenset(kind for _name, kind in of_first if kind is not None),
    )


def session_for(token: str, at: datetime) -> SignInSession | None:
    """The session this token opens now: complete, not ended, not idle, its person not disabled."""
    session = _session(token)
    if session is None or not _is_open(session, at):
        return None
    return None if session.person.disabled_at is not None else session


def bearer_of(token: str, at: datetime) -> Bearer | None:
    """Who bears the session that this token opens now, by the same rules."""
    return bearer_among(rows_for(BEARER, token), at)


def rows_for(query: Select[*tuple[Any, ...]], token: str, **given: Any) -> Sequence[Row[Any]]:
    """What `BEARER`, perhaps with a record's columns, finds for a token."""
    return ask(query, {"token": token_hash(token), **given}).all()


def bearer_among(found: Sequence[Row[Any]], at: datetime) -> Bearer | None:
    """Who bears the session that the found rows are about, one row for each role held."""
    if not found or found[0].disabled_at is not None or not _is_open(found[0], at):
        return None
    roles = frozenset(row.role for row in found if row.role is not None)
    one = found[0]
    return Bearer(one.person_id, roles, one.session_id, one.last_seen_at)


def _is_open(session: _Stands, at: datetime) -> bool:
    if session.completed_at is None or session.ended_at is not None or at >= session.ends_at:
        return False
    return bool(at - session.last_seen_at <= IDLE_LIMIT)


def waiting_session_for(token: str, at: datetime) -> SignInSession | None:
    """The session that waits for a second factor under this token, for ten minutes at most."""
    session = _session(token)
    if session is None or session.completed_at is not None or session.ended_at is not None:
        return None
    if at - session.started_at > BETWEEN_FACTORS or session.person.disabled_at is not None:
        return None
    return session


def _session(token: str) -> SignInSession | None:
    return db.session.scalars(_WITH_ALL, {"token": token_hash(token)}).unique().one_or_none()


def live_sessions(person: Person, at: datetime) -> Sequence[SignInSession]:
    """The browsers in which a person is signed in now, the latest first."""
    query = select(SignInSession).where(
        SignInSession.person_id == person.id,
        SignInSession.completed_at.is_not(None),
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > at,
        SignInSession.last_seen_at >= at - IDLE_LIMIT,
    )
    return db.session.scalars(query.order_by(SignInSession.started_at.desc())).all()


def credential_of(person: Person, *, to_change: bool = False) -> Credential | None:
    """How a person proves who they are; locked against others when it is about to change."""
    return db.session.get(
        Credential, person.id, with_for_update=True if to_change else None, populate_existing=True
    )


def person_by_email(email: str) -> Person | None:
    """Whoever has this address, disabled or not."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(email)))


def link_for(token: str, at: datetime, *, to_use: bool = False) -> OneTimeLink | None:
    """The link with this token, if it can still be used now; locked when it is to be used."""
    query = select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token))
    if to_use:
        query = query.with_for_update(of=OneTimeLink).execution_options(populate_existing=True)
    link = db.session.scalar(query)
    if link is None or link.used_at is not None or at >= link.expires_at:
        return None
    return None if link.person.disabled_at is not None else link


def newest_link(person: Person) -> OneTimeLink | None:
    """The last link that was made for a person."""
    query = select(OneTimeLink).where(OneTimeLink.person_id == person.id)
    return db.session.scalar(query.order_by(OneTimeLink.created_at.desc()).limit(1))


def knocks(door: Door, key: str, *, after: datetime) -> Sequence[datetime]:
    """When a door was knocked at under a key, after an instant."""
    return db.session.scalars(
        select(CredentialAttempt.at).where(
            CredentialAttempt.door == door,
            CredentialAttempt.key == key,
            CredentialAttempt.at > after,
        )
    ).all()
