"""Handing the mails that wait to the mail server, each settled by itself."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from smtplib import SMTP
from uuid import UUID

from epa.clock import utc_now
from epa.database import unit_of_work
from epa.mailer import MailRefused, connected, send
from epa.outbox.services import Claim, claim_waiting, settle


def send_waiting(
    smtp_url: str, from_address: str, only: Collection[UUID] | None = None
) -> list[str | None]:
    """Send what waits now, as many as are taken at once.

    Args:
        smtp_url: the mail server.
        from_address: whom mails come from.
        only: these mails, as far as they still wait; None for all.

    Returns:
        For each mail None if it went out, else the kind of fault.
    """
    with unit_of_work():
        claims = claim_waiting(at=utc_now(), only=only)
    if not claims:
        return []
    with ExitStack() as stack:
        try:
            session = stack.enter_context(connected(smtp_url))
        except MailRefused as fault:
            return [_settled(claim, str(fault)) for claim in claims]
        return [_settled(claim, _handed_over(session, claim, from_address)) for claim in claims]


def _handed_over(session: SMTP, claim: Claim, from_address: str) -> str | None:
    try:
        send(session, claim.letter, from_address)
    except MailRefused as fault:
        return str(fault)
    return None


def _settled(claim: Claim, fault: str | None) -> str | None:
    with unit_of_work():
        settle(claim.mail_id, at=utc_now(), fault=fault)
    return fault
