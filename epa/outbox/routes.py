"""Pages over the outbox: what was written and whether it went; and which mails a person wants."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
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
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.pagination import Sorting, count_of, page_of
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("outbox", __name__)
_STATES: Final = {"sent": "Sent", "waiting": "Not sent yet", "refused": "Not sent"}
# How each order is said, forwards and backwards.
_ORDER_WORDS: Final = {
    "written": ("The earliest first", "The latest first"),
    "subject": ("Sorted by subject, A first", "Sorted by subject, Z first"),
}


@bp.get("/mail")
@access(Permission.READ_OUTBOX)
def index() -> ResponseReturnValue:
    """Every mail of one's organisation, the latest first."""
    reached = queries.mails(signed_in_person(), Permission.READ_OUTBOX)
    by, sorting = _filter(), _sorting()
    found = queries.narrowed(reached, by, sorting.key, descending=sorting.descending)
    return render_template(
        "epa/outbox/index.html",
        page=page_of(db.session(), found, request.args),
        by=by,
        sorting=sorting,
        order_words=_ORDER_WORDS[sorting.key][sorting.descending],
        events={one: one.capitalize() for one in queries.events(reached)},
        states=_STATES,
    )


@bp.get("/mail.csv", defaults={"ending": "csv"})
@bp.get("/mail.xlsx", defaults={"ending": "xlsx"})
@access(Permission.READ_OUTBOX)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet, without what the mails say."""
    person, sorting = signed_in_person(), _sorting()
    reached = queries.mails(person, Permission.READ_OUTBOX)
    found = queries.narrowed(reached, _filter(), sorting.key, descending=sorting.descending)
    note_export(person, "mails", ending=ending, rows=count_of(db.session(), found), at=utc_now())
    rows = db.session.scalars(found.execution_options(yield_per=ROWS_AT_ONCE))
    head = ("written", "to", "address", "event", "subject", "sent", "tries", "last_fault")
    return answer(Export("mail", head, map(_exported, rows)), ending)


def _exported(row: Mail) -> tuple[str | int, ...]:
    sent = row.sent_at.isoformat(timespec="seconds") if row.sent_at else ""
    written = row.written_at.isoformat(timespec="seconds")
    name, fault = row.to_person.name, row.last_fault or ""
    return written, name, row.to_address, row.event, row.subject, sent, row.attempts, fault


def _filter() -> queries.MailFilter:
    def asked(name: str) -> str:
        return request.args.get(name, "")[:100].replace("\0", "")

    return queries.MailFilter(asked("words"), asked("event"), asked("state"))


def _sorting() -> Sorting:
    if "sort" not in request.args:
        return Sorting("written", descending=True)
    return Sorting.from_args(request.args, list(queries.ORDERS))


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
