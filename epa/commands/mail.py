"""plumbline mail send: hand the mails that wait to the mail server."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from smtplib import SMTP

from flask import Flask

from epa.clock import utc_now
from epa.commands.application import CommandRefused, application, refuse
from epa.database import unit_of_work
from epa.mailer import MailRefused, connected, send
from epa.outbox.services import Claim, claim_waiting, settle


def main(argv: list[str], program: str) -> int:
    """Run ``plumbline mail``: once, or again and again until it is interrupted."""
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sending = commands.add_parser("send", help="send the mails that wait")
    sending.add_argument("--every", type=int, metavar="SECONDS", help="go on, with this pause")
    options = parser.parse_args(argv)
    try:
        with application() as app:
            if not app.config["SMTP_URL"]:
                return refuse(program, "SMTP_URL is not set, so there is no server to send by.")
            return _send(app, program, options.every)
    except CommandRefused as fault:
        return refuse(program, str(fault))


def _send(app: Flask, program: str, pause: int | None) -> int:
    while True:
        outcomes = send_waiting(app.config["SMTP_URL"], app.config["MAIL_FROM"])
        faults = sorted({fault for fault in outcomes if fault})
        for fault in faults:
            print(f"{program}: not sent, to be tried again ({fault}).", file=sys.stderr)
        if pause is None:
            print(f"{outcomes.count(None)} sent.")
            return 2 if faults else 0
        time.sleep(max(pause, 1))


def send_waiting(smtp_url: str, from_address: str) -> list[str | None]:
    """Send what waits now, each mail settled by itself.

    Returns:
        For each mail None if it went out, else the kind of fault.
    """
    with unit_of_work():
        claims = claim_waiting(at=utc_now())
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
