"""The rooms of one's own EPAO."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from epa.database import db
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from epa.rooms.models import Room


def rooms(person: Person, permission: Permission) -> Select[Room]:
    """The rooms of the EPAOs at which this person may do this, by name."""
    return select(Room).where(Room.epao_id.in_(epao_ids(person, permission))).order_by(Room.name)


def room_for(person: Person, permission: Permission, room_id: UUID) -> Room | None:
    """The room, if this person reaches it; else None, as for an unknown id."""
    return db.session.scalar(rooms(person, permission).where(Room.id == room_id))


def in_use(epao_id: UUID) -> list[Room]:
    """The rooms of an EPAO that may be booked, by name."""
    query = select(Room).where(Room.epao_id == epao_id, Room.retired_at.is_(None))
    return list(db.session.scalars(query.order_by(Room.name)))


def named(epao_id: UUID, name: str) -> Room | None:
    """The room of an EPAO with this name."""
    return db.session.scalar(select(Room).where(Room.epao_id == epao_id, Room.name == name))
