"""Adding a room, changing it, taking it out of use and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Organisation, Person
from epa.rooms import queries
from epa.rooms.models import Room


@dataclass(frozen=True)
class RoomFields:
    """What is known of a room: ``capacity`` counts candidates, not the staff with them."""

    name: str
    address: str
    capacity: int
    equipment: str | None = None


def add_room(epao: Organisation, fields: RoomFields, *, actor: Person, at: datetime) -> Room:
    """Add a room to those that may be booked.

    Raises:
        RuleBroken: another room has the name.
    """
    _refuse_taken(epao, fields.name, None)
    room = Room(epao=epao, added_at=at)
    _fill(room, fields)
    db.session.add(room)
    db.session.flush()
    record(actor, "room added", room, at=at, capacity=room.capacity)
    return room


def edit_room(room: Room, fields: RoomFields, *, actor: Person, at: datetime) -> None:
    """Change a room; what is booked in it keeps the place that it was told.

    Raises:
        RuleBroken: another room has the name.
    """
    _refuse_taken(room.epao, fields.name, room)
    _fill(room, fields)
    db.session.flush()
    record(actor, "room changed", room, at=at, capacity=room.capacity)


def retire_room(room: Room, *, actor: Person, at: datetime) -> None:
    """Take a room out of use: nothing new is booked in it."""
    if room.retired_at is None:
        room.retired_at = at
        record(actor, "room retired", room, at=at)


def reopen_room(room: Room, *, actor: Person, at: datetime) -> None:
    """Take a room into use again."""
    if room.retired_at is not None:
        room.retired_at = None
        record(actor, "room reopened", room, at=at)


def _refuse_taken(epao: Organisation, name: str, room: Room | None) -> None:
    other = queries.named(epao.id, name)
    if other is not None and other is not room:
        raise RuleBroken("room-name", "Another room has this name already", "name")


def _fill(room: Room, fields: RoomFields) -> None:
    room.name, room.address = fields.name, fields.address
    room.capacity, room.equipment = fields.capacity, fields.equipment or None
