"""The calendar in months and weeks, and the feed of one's own dates."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.diary import queries, services
from epa.diary.rules import (
    SPAN_TITLES,
    VIEW_TITLES,
    Appointment,
    Day,
    Row,
    Span,
    View,
    day_asked,
    days_of,
    month_days,
    neighbours,
    shown_days,
)
from epa.ics import calendar_file
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access, public
from epa.web.transaction import writes

bp = Blueprint("diary", __name__, url_prefix="/calendar")

_CALENDAR: Final = "text/calendar; charset=utf-8"


@bp.get("")
@access(Permission.VIEW_BOOKINGS)
def index() -> ResponseReturnValue:
    """A month or a week of bookings, or of the people and the rooms that they take."""
    person, at = signed_in_person(), utc_now()
    today = london_date(at)
    view, span = _view(person), _span()
    on = day_asked(request.args.get("on", ""), today)
    days = days_of(span, on) if view is View.BOOKINGS or span is Span.WEEK else month_days(on)
    found = queries.appointments(person, days, at=at)
    before, after = neighbours(span, on)
    return render_template(
        "epa/diary/index.html",
        **_matter(person, view, span, days, found, on=on, today=today),
        view=view,
        span=span,
        views=_views(person),
        spans=SPAN_TITLES,
        titles=VIEW_TITLES,
        on=on,
        today=today,
        days=days,
        before=before,
        after=after,
        count=len(found),
    )


@bp.get("/feed")
@access(Permission.USE_PLUMBLINE)
def feed() -> ResponseReturnValue:
    """Whether one's own dates can be followed from another calendar, and how."""
    return render_template(
        "epa/diary/feed.html", feed=queries.own_feed(signed_in_person()), address=None
    )


@bp.post("/feed")
@access(Permission.USE_PLUMBLINE)
@writes
def open_feed() -> ResponseReturnValue:
    """Open a new address, and show it this once."""
    person = signed_in_person()
    address = services.open_feed(person, at=utc_now())
    return render_template("epa/diary/feed.html", feed=queries.own_feed(person), address=address)


@bp.post("/feed/revocation")
@access(Permission.USE_PLUMBLINE)
@writes
def revoke_feed() -> ResponseReturnValue:
    """Let one's address work no longer."""
    services.revoke_feed(signed_in_person(), at=utc_now())
    flash("The address no longer works.", "done")
    return redirect(url_for("diary.feed"), 303)


@bp.get("/feeds/<token>.ics")
@public
def follow(token: str) -> ResponseReturnValue:
    """One person's own dates, for whoever has the secret address; an unknown one is a 404."""
    found = queries.feed_at(token)
    if found is None:
        abort(404)
    entries = queries.entries(found.person, at=utc_now())
    answer = Response(calendar_file(entries, name="Plumbline"), content_type=_CALENDAR)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _views(person: Person) -> tuple[View, ...]:
    """What a person may look at: people and rooms are for those who oversee an EPAO."""
    return tuple(View) if queries.overseen(person) else (View.BOOKINGS,)


def _view(person: Person) -> View:
    asked = request.args.get("view", "")
    return View(asked) if asked in _views(person) else View.BOOKINGS


def _span() -> Span:
    asked = request.args.get("span", "")
    return Span(asked) if asked in set(Span) else Span.MONTH


def _matter(  # noqa: PLR0913 (what a diary is made of)
    person: Person,
    view: View,
    span: Span,
    days: list[date],
    found: list[Appointment],
    *,
    on: date,
    today: date,
) -> dict[str, list[Day] | list[Row] | list[Any]]:
    """The grid of days, or the rows of people or rooms."""
    if span is Span.WEEK:
        days = shown_days(days, (london_date(one.starts_at) for one in found))
    if view is View.BOOKINGS:
        month = on.month if span is Span.MONTH else None
        return {"grid": queries.days_with(days, found, today=today, month=month), "rows": []}
    rows_of = queries.people_rows if view is View.PEOPLE else queries.room_rows
    return {
        "grid": queries.days_with(days, [], today=today),
        "rows": rows_of(queries.overseen(person), days, found, today=today),
    }
