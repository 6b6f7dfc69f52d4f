"""The rooms of an EPAO: the list, adding, changing, taking out of use."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import utc_now
from epa.database import db
from epa.people.models import Organisation
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.rooms import queries, services
from epa.rooms.forms import RoomForm
from epa.rooms.models import Room
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("rooms", __name__, url_prefix="/rooms")


@bp.get("")
@access(Permission.MANAGE_ROOMS)
def index() -> ResponseReturnValue:
    """The rooms, by name."""
    found = queries.rooms(signed_in_person(), Permission.MANAGE_ROOMS)
    page = page_of(db.session(), found, request.args)
    return render_template("epa/rooms/index.html", page=page)


@bp.get("/list.csv", defaults={"ending": "csv"})
@bp.get("/list.xlsx", defaults={"ending": "xlsx"})
@access(Permission.MANAGE_ROOMS)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    found = queries.rooms(person, Permission.MANAGE_ROOMS)
    note_export(person, "rooms", ending=ending, rows=count_of(db.session(), found), at=utc_now())
    rows = in_parts(db.session(), found, lambda part: map(_exported, part))
    return answer(
        Export("rooms", ("name", "address", "places", "equipment", "in_use"), rows), ending
    )


def _exported(row: Room) -> tuple[str | int, ...]:
    in_use = "no" if row.retired_at else "yes"
    return row.name, row.address, row.capacity, row.equipment or "", in_use


@bp.route("/new", methods=["GET", "POST"])
@access(Permission.MANAGE_ROOMS)
@writes
def add() -> ResponseReturnValue:
    """Add a room."""
    form, person = RoomForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        lambda: services.add_room(_epao(), form.fields, actor=person, at=utc_now())
    ):
        flash("The room is added. Dates can be set in it.", "done")
        return redirect(url_for("rooms.index"), 303)
    return render_template("epa/rooms/room.html", form=form, room=None), _status(form)


@bp.route("/<uuid:room_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_ROOMS, room=queries.room_for)
@writes
def edit(room: Room) -> ResponseReturnValue:
    """Change a room."""
    form = RoomForm.of(room)
    if form.validate_on_submit() and form.applied(
        lambda: services.edit_room(room, form.fields, actor=signed_in_person(), at=utc_now())
    ):
        flash("The room is changed. What is booked in it keeps the place it was told.", "done")
        return redirect(url_for("rooms.index"), 303)
    return render_template("epa/rooms/room.html", form=form, room=room), _status(form)


@bp.post("/<uuid:room_id>/retire")
@access(Permission.MANAGE_ROOMS, room=queries.room_for)
@writes
def retire(room: Room) -> ResponseReturnValue:
    """Take a room out of use."""
    services.retire_room(room, actor=signed_in_person(), at=utc_now())
    flash("The room is out of use. What is booked in it stays.", "done")
    return redirect(url_for("rooms.index"), 303)


@bp.post("/<uuid:room_id>/reopen")
@access(Permission.MANAGE_ROOMS, room=queries.room_for)
@writes
def reopen(room: Room) -> ResponseReturnValue:
    """Take a room into use again."""
    services.reopen_room(room, actor=signed_in_person(), at=utc_now())
    flash("The room is in use again.", "done")
    return redirect(url_for("rooms.index"), 303)


def _epao() -> Organisation:
    """The EPAO on whose behalf an administrator acts."""
    return db.session.get_one(
        Organisation, min(epao_ids(signed_in_person(), Permission.MANAGE_ROOMS))
    )


def _status(form: RoomForm) -> int:
    return 422 if form.errors else 200
