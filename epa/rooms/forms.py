"""What is asked about a room."""

from __future__ import annotations

from epa.rooms.models import Room
from epa.rooms.services import RoomFields
from epa.web.fields import TextBox, TextField, WholeNumber
from epa.web.forms import PlumblineForm

_MOST_PLACES = 1000


class RoomForm(PlumblineForm):
    """A room."""

    name = TextField("Name", called="The name", hint="For example, Room 2", most_letters=100)
    address = TextField(
        "Address",
        called="The address",
        hint="As somebody who has never been there needs it",
        most_letters=180,
    )
    capacity = WholeNumber(
        "Places for candidates",
        called="The number of places",
        hint="Not counting the staff with them",
        least=1,
        most=_MOST_PLACES,
    )
    equipment = TextBox(
        "What is in it",
        called="What is in it",
        hint="For example, screen, step-free, quiet, 12 computers",
        rows=3,
        most_letters=1000,
        optional=True,
    )

    @property
    def fields(self) -> RoomFields:
        """What was typed."""
        return RoomFields(
            self.name.data, self.address.data, self.capacity.data, self.equipment.data
        )

    @classmethod
    def of(cls, room: Room) -> RoomForm:
        """The form, filled with what is known."""
        return cls(obj=room)
