"""plumbline mail send: hand the mails that wait to the mail server."""

from __future__ import annotations

import argparse
import sys
import time

from flask import Flask

from epa.commands.application import CommandRefused, application, refuse
from epa.outbox.sending import send_waiting


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
