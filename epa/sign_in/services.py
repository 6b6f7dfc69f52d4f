"""Sessions, passwords and the one-time links by which a person sets one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import update

from epa.audit.services import record
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.origin import request_source
from epa.outbox.services import tell
from epa.people.models import Organisation, Person
from epa.people.rules import OrganisationKind
from epa.sign_in import passwords, second_factor
from epa.sign_in.models import Credential, LinkPurpose, OneTimeLink, SignInSession
from epa.sign_in.queries import credential_of, link_for, live_sessions, person_by_email
from epa.sign_in.rules import (
    INVITATION_LENGTH,
    LINK_PATH,
    RESET_LENGTH,
    SESSION_LENGTH,
    new_token,
    owes_second_factor,
    token_hash,
)
from epa.sign_in.sealing import hashed, is_outdated, matches

_LENGTHS: Final = {
    LinkPurpose.INVITATION: INVITATION_LENGTH,
    LinkPurpose.RESET: RESET_LENGTH,
}
_LINK_GONE: Final = "This link was used already or is too old. Ask for a new one."


class _PublicUrl:
    """Where people reach us, given by the factory: the beginning of every link in a mail."""

    value: str | None = None


def use_public_url(url: str) -> None:
    """Begin links with ``url`` from now on."""
    _PublicUrl.value = url


def public_address(path: str) -> str:
    """A page's whole address, for what is read outside the application.

    Args:
        path: the page's path, beginning with a slash.

    Raises:
        RuntimeError: the application was not made by create_app.
    """
    if _PublicUrl.value is None:
        raise RuntimeError("no public address: the application was not made by create_app")
    return f"{_PublicUrl.value}{path}"


def verified(email: str, password: str) -> Person | None:
    """Whoever has this address and this password and is not disabled.

    The same work is done when nobody has the address, so that the time taken tells nothing.
    """
    person = person_by_email(email)
    credential = credential_of(person) if person else None
    if not matches(credential.password_hash if credential else None, password):
        return None
    return None if person is None or person.disabled_at is not None else person


def begin(person: Person, password: str, *, at: datetime, requires_totp: bool) -> tuple[str, bool]:
    """Start a session after the right password.

    Returns:
        The token for the browser, and whether the session is complete; otherwise it waits for the
        second factor, which is prepared if there is none yet.
    """
    credential = credential_of(person, to_change=True)
    if credential is None:
        raise NotAllowed("This account has no password.")
    if is_outdated(credential.password_hash):
        credential.password_hash = hashed(password)
    waits = owes_second_factor(
        is_staff=person.is_staff,
        is_required=requires_totp,
        is_enrolled=credential.totp_confirmed_at is not None,
    )
    if waits:
        second_factor.prepare(credential)
    return open_session(person, at=at, complete=not waits), not waits


def open_session(person: Person, *, at: datetime, complete: bool) -> str:
    """Start a session for a person who has shown their password.

    Args:
        person: who.
        at: when.
        complete: whether nothing more is asked; else the session waits for the second factor.

    Returns:
        The token for the browser; the database keeps its hash alone.
    """
    token = new_token()
    session = SignInSession(
        token_hash=token_hash(token),
        person=person,
        started_at=at,
        completed_at=at if complete else None,
        last_seen_at=at,
        ends_at=at + SESSION_LENGTH,
        source=request_source.get(),
    )
    db.session.add(session)
    if complete:
        record(person, "signed in", person, at=at)
    return token


def complete(session: SignInSession, code: str, *, at: datetime) -> str | None:
    """Let a waiting session in with a code from the app; a first good code enrols the app.

    Returns:
        The token of the session that is open now, or None for a code that is wrong or used.
    """
    person = session.person
    if not second_factor.accepts(person, code, at=at):
        return None
    second_factor.confirm(person, at=at)
    session.ended_at = at
    return open_session(person, at=at, complete=True)


def end_session(session: SignInSession, *, at: datetime) -> None:
    """Sign a browser out; its token opens nothing from now on."""
    session.ended_at = at
    record(session.person, "signed out", session.person, at=at)


def end_sessions(
    person: Person, *, actor: Person | None, at: datetime, but: SignInSession | None = None
) -> int:
    """Sign a person out everywhere, but perhaps for one browser; how many sessions ended."""
    ending = [one for one in live_sessions(person, at) if one is not but]
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person.id,
            SignInSession.ended_at.is_(None),
            SignInSession.id != but.id if but else SignInSession.id.is_not(None),
        )
        .values(ended_at=at)
    )
    if ending:
        record(actor, "sessions ended", person, at=at, count=len(ending))
    return len(ending)


def withdraw_links(person: Person, *, at: datetime, purpose: LinkPurpose | None = None) -> None:
    """Make a person's unused links useless, all of them or those of one purpose."""
    unused = update(OneTimeLink).where(
        OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None)
    )
    if purpose is not None:
        unused = unused.where(OneTimeLink.purpose == purpose)
    db.session.execute(unused.values(used_at=at))


def invite(person: Person, *, organisation: Organisation, actor: Person, at: datetime) -> None:
    """Mail a person a link to set their first password; earlier links are withdrawn.

    Raises:
        RuleBroken: they have no address, are disabled, or have a password already.
    """
    if not person.email:
        raise RuleBroken("no-address", "This person has no email address to send to.", "email")
    if person.disabled_at is not None:
        raise RuleBroken("disabled", "This person is disabled. Enable them first.")
    if credential_of(person) is not None:
        raise RuleBroken(
            "has-password", "This person has set a password already; they can ask for a new one."
        )
    _mail_link(person, LinkPurpose.INVITATION, organisation=organisation, actor=actor, at=at)
    record(actor, "invited", person, at=at)


def ask_reset(email: str, *, at: datetime) -> bool:
    """Mail a link to set a new password, if somebody has the address.

    Returns:
        True either way: what is answered must not tell whether somebody has it.
    """
    person = person_by_email(email)
    if person is None or person.disabled_at is not None:
        return True
    epao = next(
        (
            held.organisation
            for held in person.current_roles
            if OrganisationKind.EPAO in held.organisation.kinds
        ),
        None,
    )
    _mail_link(person, LinkPurpose.RESET, organisation=epao, actor=None, at=at)
    record(None, "password link asked for", person, at=at)
    return True


def _mail_link(
    person: Person,
    purpose: LinkPurpose,
    *,
    organisation: Organisation | None,
    actor: Person | None,
    at: datetime,
) -> None:
    withdraw_links(person, at=at, purpose=purpose)
    token = new_token()
    link = OneTimeLink(
        token_hash=token_hash(token),
        purpose=purpose,
        person=person,
        created_at=at,
        created_by_id=actor.id if actor else None,
        expires_at=at + _LENGTHS[purpose],
    )
    db.session.add(link)
    mail = tell(
        person,
        purpose.value,
        behalf=organisation,
        at=at,
        organisation=organisation.name if organisation else "Somebody",
        days=INVITATION_LENGTH.days,
    )
    if mail is not None:
        mail.one_time_link = public_address(f"{LINK_PATH}{token}")


def set_password(token: str, password: str, *, at: datetime) -> Person:
    """Set a password with a one-time link, use the link up, and sign the person out everywhere.

    Raises:
        RuleBroken: the link is used or too old, or the password will not do.
    """
    link = link_for(token, at, to_use=True)
    if link is None:
        raise RuleBroken("link-gone", _LINK_GONE)
    _check(link.person, password, "password")
    link.used_at = at
    _keep(link.person, password, at=at)
    end_sessions(link.person, actor=link.person, at=at)
    withdraw_links(link.person, at=at)
    record(link.person, "password set", link.person, at=at, by=link.purpose)
    return link.person


def change_password(person: Person, new: str, *, at: datetime) -> str:
    """Change one's own password: every session ends, and a new one opens for this browser.

    Returns:
        The token of the new session.

    Raises:
        RuleBroken: the new password will not do.
    """
    _check(person, new, "new_password")
    _keep(person, new, at=at)
    end_sessions(person, actor=person, at=at)
    withdraw_links(person, at=at)
    record(person, "password changed", person, at=at)
    return open_session(person, at=at, complete=True)


def _check(person: Person, password: str, field: str) -> None:
    about = [
        person.name,
        person.email or "",
        *(held.organisation.name for held in person.current_roles),
    ]
    if fault := passwords.fault(password, about=about):
        raise RuleBroken("weak-password", fault, field)


def _keep(person: Person, password: str, *, at: datetime) -> None:
    credential = credential_of(person, to_change=True)
    if credential is None:
        credential = Credential(person_id=person.id)
        db.session.add(credential)
    credential.password_hash = hashed(password)
    credential.password_changed_at = at


def reset_second_factor(person: Person, *, actor: Person, at: datetime) -> None:
    """Take a person's lost second factor off and sign them out everywhere.

    Raises:
        RuleBroken: they have none, or it is one's own: a stolen session must not take it off.
    """
    if person.id == actor.id:
        raise RuleBroken("own-second-factor", "Another administrator must reset yours.")
    credential = credential_of(person)
    if credential is None or credential.totp_confirmed_at is None:
        raise RuleBroken("no-second-factor", "This person has not set up a second factor.")
    second_factor.reset(person, actor=actor, at=at)
    end_sessions(person, actor=actor, at=at)
