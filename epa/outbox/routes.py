"""Pages over the outbox: what was written and whether it went; and which mails a person wants."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.database import db
from epa.outbox import queries, services
from epa.outbox.forms import choice_form
from epa.outbox.models import Mail
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.settings import queries as settings
from epa.settings.rules import switchable_mails
from epa.web.access import access
from epa.web.pagination import page_of
from epa.web.transaction import writes, writes_on_read

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


@bp.route("/account/mails", methods=["GET", "POST"])
@access(Permission.USE_PLUMBLINE)
@writes
def choices() -> ResponseReturnValue:
    """Which mails one wants for oneself."""
    person, schema = signed_in_person(), settings.schema()
    sent = {
        event: one for event, one in switchable_mails(schema).items() if settings.value(one.name)
    }
    form = choice_form(sent, queries.choices_of(person), daily=settings.value("daily_mail"))
    if form.validate_on_submit() and form.applied(
        services.choose, person, form.wanted, at=utc_now()
    ):
        flash("Your choice is kept.", "done")
        return redirect(url_for("sign_in.account"), 303)
    return render_template("epa/outbox/choices.html", form=form), 422 if form.errors else 200
