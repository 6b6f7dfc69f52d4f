"""Credentials, sessions, one-time links, and the attempts that rate limits count."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.people.models import Person


class LinkPurpose(StrEnum):
    """What a one-time link lets its holder do."""

    INVITATION = "invitation"
    RESET = "reset"


class Credential(Base):
    """How a person proves who they are: a password's argon2id hash, a second factor."""

    __tablename__ = "credential"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(300))
    password_changed_at: Mapped[datetime]
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed with the SECRET_KEY
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]  # a code is good once
    person: Mapped[Person] = relationship()


class SignInSession(Identified, Base):
    """One signed-in browser: the hash of its random token, from start to end.

    It opens for use only once ``completed_at`` is set: nothing is served between the factors.
    """

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(String(60))
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class OneTimeLink(Identified, Base):
    """An invitation or a reset: single use, short lived, only its token's hash kept."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)


class CredentialAttempt(Identified, Base):
    """One knock on a credential door, counted per account and per source.

    ``key`` is a keyed hash of the account or the source, so that the table names nobody.
    """

    __tablename__ = "credential_attempt"
    __table_args__ = (Index("ix_credential_attempt_key_at", "door", "key", "at"),)

    door: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
