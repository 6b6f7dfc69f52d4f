"""What somebody fills in to allocate people, to ask for a date, to hold, move or cancel it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from epa.booking.appointments import Wish
from epa.booking.models import Booking
from epa.booking.services import Preference
from epa.booking.states import Absent
from epa.clock import LONDON, london_instant
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.people.models import Person
from epa.rooms.models import Room
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    SelectBox,
    TextBox,
    TextField,
    Tick,
    TimeBox,
)
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm


class BookingForm(VersionedForm):
    """When and where a method is held; why, once a date is set."""

    day = DateBoxes("Date", called="The date", hint="For example, 14 7 2026")
    time = TimeBox("Time it starts", called="The time it starts", hint="For example, 10:00")
    room = SelectBox("Room", called="The room", empty_label="Another place", optional=True)
    place = TextField(
        "Another place, or the link of a video call",
        called="The place",
        most_letters=300,
        optional=True,
        hint="A place is put in mails and calendars. A link is shown after signing in alone.",
    )
    is_online = Tick("It is a video call")
    agreement = TextField(
        "The employer has agreed already",
        called="How the employer agreed",
        most_letters=300,
        optional=True,
        hint="Who agreed and how, for example “N. Farouk by phone”. Then the date is confirmed"
        " at once; else it is held, and the employer is asked.",
    )
    short_notice = TextField(
        "Why with less notice than usual",
        called="Why with less notice",
        most_letters=300,
        optional=True,
        hint="Only where everybody has agreed to it.",
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
    def of(
        cls, number: int, booking: Booking | None, set_for: tuple[datetime, str] | None
    ) -> BookingForm:
        """The form, filled with what is held or confirmed; it asks why only when something is.

        Args:
            number: how many things have happened to the booking.
            booking: how it stands, if anything has.
            set_for: the time and place that are held or confirmed, if any are.
        """
        if set_for is None:
            form = cls(number)
            del form.reason
            return form
        starts_at, place = set_for
        local, room = starts_at.astimezone(LONDON), booking.room if booking else None
        return cls(
            number,
            data={
                "day": local.date(),
                "time": local.time(),
                "room": room.id if room else None,
                "place": None if room else place,
                "is_online": bool(booking and booking.is_online),
            },
        )

    def offer(self, rooms: Iterable[Room]) -> None:
        """Give the list of rooms its lines."""
        self.room.choices = [(one.id, f"{one.name}, {one.address}") for one in rooms]

    def wish(self, rooms: Iterable[Room]) -> Wish:
        """What was asked for; only of a form that is valid."""
        room = next((one for one in rooms if one.id == self.room.data), None)
        return Wish(
            starts_at=london_instant(self.day.data, self.time.data),
            place=room.place if room else self.place.data or "",
            room=room,
            is_online=room is None and self.is_online.data,
            short_notice=self.short_notice.data or "",
        )

    @property
    def why(self) -> str | None:
        """The reason, where one was asked for."""
        return self.reason.data if self.reason else None


class ConfirmForm(VersionedForm):
    """How the employer agreed, where they have not done so themselves."""

    agreement = TextField(
        "How the employer agreed",
        called="How the employer agreed",
        most_letters=300,
        optional=True,
        hint="Only if they have not agreed on their own page. Who and how, for example"
        " “N. Farouk by phone”.",
    )


class CancelForm(VersionedForm):
    """Why a date is taken back."""

    reason = TextBox(
        "Why is the date cancelled?",
        called="Why the date is cancelled",
        missing="Enter why the date is cancelled",
        rows=3,
        most_letters=500,
    )


class NoShowForm(VersionedForm):
    """Who did not come, and what is known of why."""

    absent = ChoiceField(
        "Who did not come?",
        called="Who did not come",
        missing="Choose who did not come",
        choices=[
            (Absent.APPRENTICE, "The person to be assessed"),
            (Absent.ASSESSOR, "The one who assesses"),
            (Absent.INVIGILATOR, "The invigilator"),
            (Absent.EMPLOYER, "The employer’s place was not open"),
        ],
    )
    reason = TextBox(
        "What is known of why",
        called="What is known of why",
        missing="Enter what is known of why",
        rows=3,
        most_letters=500,
    )


class DeclineForm(PlumblineForm):
    """Why a duty is declined."""

    reason = TextBox(
        "Why do you decline?",
        called="Why you decline",
        missing="Enter why you decline",
        rows=3,
        most_letters=500,
        hint="The administrators read it.",
    )


class ObjectionForm(VersionedForm):
    """Why the date that is held does not suit an employer, and what would."""

    reason = TextBox(
        "Why does it not suit, and what would?",
        called="Why it does not suit",
        missing="Enter why it does not suit, and what would",
        rows=3,
        most_letters=500,
    )


class PreferenceForm(VersionedForm):
    """When a method would suit."""

    first_day = DateBoxes(
        "From", called="The first day that would suit", hint="For example, 14 7 2026"
    )
    last_day = DateBoxes("To", called="The last day that would suit", hint="For example, 24 7 2026")
    words = TextBox(
        "Which days and times suit best?",
        called="Which days and times suit best",
        missing="Enter which days and times suit best, or that all of them do",
        rows=3,
        most_letters=500,
        hint="For example, Tuesday mornings, any day but Friday, or all of them alike.",
    )

    @classmethod
    def of(cls, number: int, booking: Booking | None) -> PreferenceForm:
        """The form, filled with what was asked for before; ``number`` as for `BookingForm`."""
        if booking is None:
            return cls(number)
        return cls(
            number,
            data={
                "first_day": booking.wished_from,
                "last_day": booking.wished_to,
                "words": booking.wish,
            },
        )

    @property
    def preference(self) -> Preference:
        """What was asked for; only of a form that is valid."""
        first: date = self.first_day.data
        return Preference(first, self.last_day.data, self.words.data)


def allocation_form(
    mark: int, people: Mapping[Duty, Iterable[Person]], held: Mapping[Duty, Person]
) -> Any:
    """The form with one list of people for each duty, those who hold a duty chosen in it.

    Args:
        mark: what says who holds which duty, as `queries.holders_mark`.
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
    form = type("AllocationForm", (VersionedForm,), fields)
    return form(mark, data={duty.value: person.id for duty, person in held.items()})
