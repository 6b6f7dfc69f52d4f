"""Handing mails to an SMTP server: the one module that speaks SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

_TIMEOUT_SECONDS: Final = 20


class MailRefused(Exception):
    """The server is away or refuses; the text names the kind of fault and no address."""


@dataclass(frozen=True)
class Attachment:
    """A small text file that goes with a letter.

    Args:
        name: what it is saved as, in plain letters.
        content_type: type and parameters, such as ``text/calendar; method=PUBLISH``.
        text: what is in it.
    """

    name: str
    content_type: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A mail as it goes out: plain text, one reader, at most one small file.

    ``from_address`` and ``reply_to`` are empty where the installation's own address will do.
    """

    to_address: str
    to_name: str
    from_name: str
    subject: str
    body: str
    from_address: str = ""
    reply_to: str = ""
    attached: Attachment | None = None


@contextmanager
def connected(url: str) -> Iterator[smtplib.SMTP]:
    """A session with the server of ``smtp://`` or ``smtps://`` with optional user and password.

    A server that offers STARTTLS is spoken to through it; a password is never sent without it.

    Raises:
        MailRefused: nobody answers there, or the sign-in is refused.
    """
    address = urlsplit(url)
    try:
        with _opened(address.scheme, address.hostname or "localhost", address.port) as session:
            if address.username:
                session.login(unquote(address.username), unquote(address.password or ""))
            yield session
    except (OSError, smtplib.SMTPException) as fault:
        raise MailRefused(type(fault).__name__) from fault


def _opened(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_TIMEOUT_SECONDS, context=context)
    session = smtplib.SMTP(host, port or 25, timeout=_TIMEOUT_SECONDS)
    session.ehlo()
    if session.has_extn("starttls"):
        session.starttls(context=context)
        session.ehlo()
    return session


def send(session: smtplib.SMTP, letter: Letter, from_address: str) -> None:
    """Hand one letter over.

    Raises:
        MailRefused: the server refuses it, or goes away.
    """
    message = EmailMessage()
    sender = letter.from_address or from_address
    message["From"] = _named(letter.from_name, sender)
    message["To"] = _named(letter.to_name, letter.to_address)
    message["Subject"] = _in_head(letter.subject)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if letter.attached is not None:
        _attach(message, letter.attached)
    try:
        session.send_message(message, from_addr=sender, to_addrs=[letter.to_address])
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        raise MailRefused(type(fault).__name__) from fault


def _attach(message: EmailMessage, file: Attachment) -> None:
    kind, *rest = (part.strip() for part in file.content_type.split(";"))
    main, _, sub = kind.partition("/")
    parameters = dict(part.split("=", 1) for part in rest)
    message.add_attachment(
        file.text.encode(),
        maintype=main,
        subtype=sub,
        filename=file.name,
        params={"charset": "utf-8", **parameters},
    )


def _named(name: str, address: str) -> Address:
    """A name with its address, whole: joined as texts, an address in a name would be one more."""
    user, _, domain = address.rpartition("@")
    return Address(_in_head(name), user, domain)


def _in_head(text: str) -> str:
    """A text on one line: a line end in it would begin a header of somebody else's."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
