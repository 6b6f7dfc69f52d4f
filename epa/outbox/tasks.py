"""Sending mails in the background: at once after their commit, and whatever still waits each minute."""

from __future__ import annotations

import logging
from uuid import UUID

from flask import current_app

from epa.background.queue import every_minute, task
from epa.outbox.rules import SEND
from epa.outbox.sending import send_waiting

log = logging.getLogger("plumbline")


@task(SEND)
def send_written(ids: list[UUID]) -> None:
    """Send mails that were just written."""
    if smtp_url := current_app.config["SMTP_URL"]:
        _say(send_waiting(smtp_url, current_app.config["MAIL_FROM"], ids))


@every_minute("outbox.send_due")
def send_due() -> None:
    """Send what waits: tries that are due again, and what the queue forgot to ask for."""
    smtp_url = current_app.config["SMTP_URL"]
    while smtp_url and (outcomes := send_waiting(smtp_url, current_app.config["MAIL_FROM"])):
        _say(outcomes)


def _say(outcomes: list[str | None]) -> None:
    for fault in sorted({fault for fault in outcomes if fault}):
        log.warning("mail: not sent, to be tried again (%s)", fault)
