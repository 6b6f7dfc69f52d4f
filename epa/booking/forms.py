"""What somebody fills in to allocate people, to set a date, to move it or to clear it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from epa.clock import LONDON
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.people.models import Person
from epa.web.fields import DateBoxes, SelectBox, TextBox, TextField, TimeBox
from epa.web.forms import PlumblineForm


class BookingForm(PlumblineForm):
    """When and where a method is held; why, once a date is set."""

    day = DateBoxes("Date", called="The date", hint="For example, 14 7 2026")
    time = TimeBox("Time it starts", called="The time it starts", hint="For example, 10:00")
    place = TextField(
        "Place, or link of the video call",
        called="The place, or the link of the video call,",
        most_letters=300,
        missing="Enter the place, or the link of the video call",
        hint="Shown to those who must be there once they have signed in. It is not put in a mail.",
    )
    reason = TextBox(
        "Why is it moved?",
        called="Why it is moved",
        missing="Enter why the booking is moved",
        rows=2,
        most_letters=500,
        hint="Kept with the history of this booking.",
    )

    @classmethod
    def of(cls, scheduled_at: datetime | None, place: str | None) -> BookingForm:
        """The form, filled with what is booked; it asks why only when something is."""
        if scheduled_at is None:
            form = cls()
            del form.reason
            return form
        local = scheduled_at.astimezone(LONDON)
        return cls(data={"day": local.date(), "time": local.time(), "place": place})


class ClearForm(PlumblineForm):
    """Why a date is taken back."""

    reason = TextBox(
        "Why is the date cleared?",
        called="Why the date is cleared",
        missing="Enter why the date is cleared",
        rows=3,
        most_letters=500,
    )


def allocation_form(people: Mapping[Duty, Iterable[Person]], held: Mapping[Duty, Person]) -> Any:
    """The form with one list of people for each duty, those who hold a duty chosen in it.

    Args:
        people: whom each list knows, also those who will be refused with the reason.
        held: who holds which duty now.
    """
    fields = {
        duty.value: SelectBox(
            DUTY_TITLES[duty],
            empty_label="Nobody yet",
            optional=True,
            choices=[(person.id, person.name) for person in listed],
        )
        for duty, listed in people.items()
    }
    form = type("AllocationForm", (PlumblineForm,), fields)
    return form(data={duty.value: person.id for duty, person in held.items()})
