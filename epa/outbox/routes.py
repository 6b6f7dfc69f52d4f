"""The administrators' pages over the outbox: which mails were written, and whether they went."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.database import db
from epa.outbox import queries, services
from epa.outbox.models import Mail
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.pagination import page_of
from epa.web.transaction import writes_on_read

bp = Blueprint("outbox", __name__)


@bp.get("/mail")
@access(Permission.READ_OUTBOX)
def index() -> ResponseReturnValue:
    """Every mail of one's organisation, the latest first."""
    found = queries.mails(signed_in_person(), Permission.READ_OUTBOX)
    page = page_of(db.session(), found, request.args)
    return render_template("epa/outbox/index.html", page=page)


@bp.get("/mail/<uuid:mail_id>")
@access(Permission.READ_OUTBOX, mail=queries.mail_for)
@writes_on_read
def show(mail: Mail) -> ResponseReturnValue:
    """One mail; in production its one-time link is for its reader alone."""
    services.note_reading(mail, actor=signed_in_person(), at=utc_now())
    with_link = current_app.config["ENVIRONMENT"] != "production"
    return render_template("epa/outbox/show.html", mail=mail, text=mail.text(with_link=with_link))
