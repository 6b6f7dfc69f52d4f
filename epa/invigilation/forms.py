"""What is asked about a test session, its candidates, its invigilators and what happens in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from uuid import UUID

from epa.clock import LONDON, london_date, london_instant
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.online import DeedFields
from epa.invigilation.rules import (
    ATTENDANCE_TITLES,
    DELIVERY_TITLES,
    DISPOSITION_TITLES,
    DOCUMENT_TITLES,
    INCIDENT_TITLES,
    WITH_REASON,
    Attendance,
    BoardDeed,
    Delivery,
    Disposition,
    EventIncidentKind,
    IdentityDocument,
)
from epa.invigilation.services import EventFields, IncidentFields
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.rooms.models import Room
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    FileBox,
    ManyChoices,
    SelectBox,
    TextBox,
    TextField,
    TimeBox,
    WholeNumber,
)
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm


class EventForm(PlumblineForm):
    """When, where and how a session is held."""

    day = DateBoxes("Date", called="The date", hint="For example, 14 7 2026")
    time = TimeBox("Time it starts", called="The time it starts", hint="For example, 10:00")
    delivery = ChoiceField(
        "How is the test taken?",
        called="How the test is taken",
        missing="Choose how the test is taken",
        choices=[(one, DELIVERY_TITLES[one]) for one in Delivery],
    )
    closes = TimeBox(
        "Time it closes",
        called="The time it closes",
        optional=True,
        hint="On a computer only: every test in it ends by then, the longest too. For example, 13:00",
    )
    admits = TimeBox(
        "Last admission",
        called="The last admission",
        optional=True,
        hint="On a computer only. Left empty, the usual time after it opens.",
    )
    room = SelectBox("Room", called="The room", empty_label="Another place", optional=True)
    place = TextField("Another place", called="The place", most_letters=300, optional=True)

    def offer(self, rooms: Iterable[Room]) -> None:
        """Give the list of rooms its lines."""
        self.room.choices = [
            (one.id, f"{one.name}, {one.address}: {one.capacity} places") for one in rooms
        ]

    def fields(self, rooms: Iterable[Room], method: tuple[str, str]) -> EventFields:
        """What was typed; only of a form that is valid."""
        return EventFields(
            framework_code=method[0],
            method_code=method[1],
            starts_at=london_instant(self.day.data, self.time.data),
            delivery=self.delivery.data,
            room=next((one for one in rooms if one.id == self.room.data), None),
            place=self.place.data or "",
            closes_at=_instant(self.day.data, self.closes.data),
            admits_until=_instant(self.day.data, self.admits.data),
        )


class WindowForm(VersionedForm):
    """Until when a session on screens is open."""

    closes = TimeBox("Time it closes", called="The time it closes", hint="For example, 13:00")
    admits = TimeBox(
        "Last admission",
        called="The last admission",
        optional=True,
        hint="Left empty, the usual time after it opens.",
    )

    @classmethod
    def of(cls, event: InvigilatedEvent) -> WindowForm:
        """The form, filled with the window that stands."""
        return cls(
            event.lock_version,
            data={"closes": _time_of(event.closes_at), "admits": _time_of(event.admits_until)},
        )

    def instants(self, event: InvigilatedEvent) -> tuple[datetime, datetime | None]:
        """What was typed, on the session's day; only of a form that is valid."""
        day = london_date(event.starts_at)
        return london_instant(day, self.closes.data), _instant(day, self.admits.data)


class ShiftForm(PlumblineForm):
    """Who invigilates."""

    person = SelectBox(
        "Invigilator", called="The invigilator", missing="Choose somebody", empty_label="Choose"
    )

    def offer(self, people: Iterable[Person]) -> None:
        """Give the list its lines."""
        self.person.choices = [(one.id, one.name) for one in people]


class CandidatesForm(PlumblineForm):
    """Who sits the test."""

    candidates = ManyChoices(
        "Candidates",
        called="The candidates",
        missing="Choose at least one candidate",
    )

    def offer(self, waiting: Iterable[MethodAttempt], more: Mapping[UUID, int]) -> None:
        """Give the list its lines.

        Args:
            waiting: who might sit the test.
            more: by how many minutes an attempt may take longer than the plan says.
        """
        self.candidates.choices = [
            (
                one.id,
                one.assessment.apprenticeship.person.name,
                one.assessment.apprenticeship.employer.name
                + (f", +{more[one.id]} min" if one.id in more else ""),
            )
            for one in waiting
        ]


class StepForm(VersionedForm):
    """A button of the page, with the session as the page showed it."""


class ConfirmAllForm(VersionedForm):
    """How those employers agreed who have not done so themselves."""

    agreement = TextField(
        "How the other employers agreed",
        called="How the other employers agreed",
        most_letters=300,
        optional=True,
        hint="Only for those who have not agreed on their own page, for example “all by mail of"
        " 3 June”.",
    )


class RoomCheckForm(VersionedForm):
    """Whether the room is suitable."""

    is_suitable = ChoiceField(
        "Is the room suitable?",
        called="Whether the room is suitable",
        missing="Choose whether the room is suitable",
        choices=[
            ("yes", "Yes", "Quiet, controlled, seats apart, nothing on the walls that helps"),
            ("no", "No", "No test is held in it"),
        ],
    )
    findings = TextBox(
        "What you found", called="What you found", rows=3, most_letters=1000, optional=True
    )


class CandidateForm(VersionedForm):
    """Identity and attendance of one candidate."""

    document = ChoiceField(
        "How was the identity checked?",
        called="How the identity was checked",
        optional=True,
        choices=[(one, DOCUMENT_TITLES[one]) for one in IdentityDocument],
        hint="Only the kind of document is kept, never its number.",
    )
    attendance = ChoiceField(
        "Did they come?",
        called="Whether they came",
        missing="Choose whether they came",
        choices=[(one, ATTENDANCE_TITLES[one]) for one in Attendance],
    )

    @classmethod
    def of(cls, candidate: EventCandidate) -> CandidateForm:
        """The form, filled with what is recorded."""
        return cls(
            candidate.mark,
            data={
                "document": candidate.identity_document,
                "attendance": candidate.attendance,
            },
        )


class ReasonForm(VersionedForm):
    """Why somebody, or everybody, is taken out."""

    reason = TextBox("Why?", called="Why", missing="Enter why", rows=3, most_letters=500)


class IncidentForm(PlumblineForm):
    """What happened."""

    kind = ChoiceField(
        "What kind of thing happened?",
        called="The kind",
        missing="Choose what kind of thing happened",
        choices=[(one, INCIDENT_TITLES[one]) for one in EventIncidentKind],
    )
    candidates = ManyChoices(
        "To whom",
        called="To whom it happened",
        optional=True,
        hint="Nobody chosen: it happened to everybody.",
    )
    time = TimeBox("At what time", called="The time", hint="For example, 10:25")
    words = TextBox("What happened", called="What happened", rows=4, most_letters=2000)

    @classmethod
    def at(cls, event: InvigilatedEvent, now: datetime, chosen: Iterable[str] = ()) -> IncidentForm:
        """The form at a moment, with those ticked who were chosen on the board."""
        known = {str(one.id): one.id for one in event.candidates}
        ticked = [known[one] for one in chosen if one in known]
        form = cls(data={"time": _time_of(now), "candidates": ticked})
        form.candidates.choices = [(one.id, one.person.name) for one in event.candidates]
        return form

    def fields(self, event: InvigilatedEvent) -> list[IncidentFields]:
        """What was typed, for each it happened to, on the session's day; only of a valid form."""
        happened_at = london_instant(london_date(event.starts_at), self.time.data)
        ticked = self.candidates.data
        chosen: list[EventCandidate | None] = [it for it in event.candidates if it.id in ticked]
        return [
            IncidentFields(self.kind.data, self.words.data, happened_at, one)
            for one in chosen or [None]
        ]


class FindingForm(PlumblineForm):
    """What is made of what a candidate's page told."""

    disposition = ChoiceField(
        "What is made of it?",
        called="What is made of it",
        missing="Choose what is made of it",
        choices=[(one, DISPOSITION_TITLES[one]) for one in Disposition],
    )
    words = TextBox("Why?", called="Why", missing="Enter why", rows=3, most_letters=1000)


class LateForm(PlumblineForm):
    """Whether what came after the end is let in."""

    decision = ChoiceField(
        "Are these answers let in?",
        called="The decision",
        missing="Choose whether they are let in",
        choices=[
            (
                "yes",
                "Let them in",
                "They count as if they had arrived in time; there is a new receipt",
            ),
            ("no", "Leave them out", "The test stays as it was handed in"),
        ],
    )
    reason = TextBox("Why?", called="Why", missing="Enter why", rows=3, most_letters=500)


class SealedForm(PlumblineForm):
    """A file with sealed answers that a candidate took away from their device."""

    file = FileBox(
        "Sealed answers",
        called="The file",
        missing="Choose the file",
        endings=("json",),
        most_megabytes=2,
        hint="Its name begins with late-answers.",
    )


class DeedForm(PlumblineForm):
    """Something that is done to the papers of those who are chosen, with its reason."""

    candidates = ManyChoices("For whom", called="For whom", missing="Choose at least one candidate")
    minutes = WholeNumber("How many minutes?", called="The minutes", least=1, unit="minutes")
    reason = TextBox("Why?", called="Why", missing="Enter why", rows=3, most_letters=500)

    deed: BoardDeed

    @classmethod
    def of(cls, deed: BoardDeed, event: InvigilatedEvent, chosen: Iterable[str]) -> DeedForm:
        """The form of one deed, with those ticked who were chosen before."""
        known = {str(one.id): one.id for one in event.candidates}
        form = cls(data={"candidates": [known[one] for one in chosen if one in known]})
        form.deed = deed
        form.candidates.choices = [(one.id, one.person.name) for one in event.candidates]
        if deed is not BoardDeed.EXTEND:
            del form.minutes
        if deed not in WITH_REASON:
            del form.reason
        return form

    def chosen(self, event: InvigilatedEvent) -> list[EventCandidate]:
        """Those it is done for; only of a form that is valid."""
        return [one for one in event.candidates if one.id in self.candidates.data]

    @property
    def fields(self) -> DeedFields:
        """What is done; only of a form that is valid."""
        given = self.data
        return DeedFields(self.deed, given.get("reason") or "", given.get("minutes") or 0)


def _instant(day: date, at: time | None) -> datetime | None:
    return london_instant(day, at) if at is not None else None


def _time_of(at: datetime | None) -> time | None:
    if at is None:
        return None
    return at.astimezone(LONDON).time().replace(second=0, microsecond=0)
