"""The EPA period in the demonstration: people and dates, the file, three methods, results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from operator import itemgetter
from typing import Final

from epa.booking import allocation, instructions
from epa.booking import queries as bookings
from epa.booking import services as booking
from epa.booking.appointments import Wish, policy_at
from epa.clock import london_date, london_instant
from epa.demonstration.again import take_again
from epa.demonstration.company import Company
from epa.demonstration.days import Walk
from epa.demonstration.marking import sit_and_mark
from epa.demonstration.notes import LATE_FILE, PLACES
from epa.demonstration.papers import slides
from epa.demonstration.sheets import keep_sheet
from epa.demonstration.stories import Apprentice, Method, Reach
from epa.files.services import store
from epa.grading.services import release_method, release_overall
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import current_attempts, period_of
from epa.lifecycle.rules import Duty
from epa.people.models import Person
from epa.presentation import services as presentation

Step = Callable[[datetime], None]

_ALLOCATED_AFTER: Final = 3
_DATED_AFTER: Final = 5
_RELEASED_AFTER: Final = 5
_READ_BY: Final = 14
_BY_PHONE: Final = "Agreed with everybody by phone."
_STARTS: Final = {"observation": time(9, 30), "presentation": time(14, 30), "test": time(10, 0)}
_TEST: Final = "knowledge_test"
_PRESENTATION: Final = "presentation"


class Period:
    """One apprentice in the EPA period."""

    def __init__(
        self, company: Company, one: Apprentice, assessment: EndPointAssessment, walk: Walk
    ) -> None:
        self.company, self.one, self.assessment, self.walk = company, one, assessment, walk
        self.attempts = current_attempts(assessment)
        self.steps: list[tuple[int, int, Step]] = []

    def lived(self) -> None:
        """Everything of the story that happened up to today, in its order."""
        story = self.one.story
        assert story.accepted is not None, "the gateway was accepted"
        for code, method in story.methods.items():
            self._plan_method(self.attempts[code], method, story.accepted)
        if story.file_after is not None:
            self._plan(story.accepted + story.file_after, 11, self._submit_file)
        if story.again is not None:
            code, asked = story.again
            for on, hour, step in take_again(self.company, self.one, self.attempts[code], asked):
                self._plan(on, hour, step)
        if story.overall is not None:
            self._plan(story.overall, 12, self._release_overall)
        for on, hour, step in sorted(self.steps, key=itemgetter(0, 1)):
            step(self.walk.at(on, hour))

    def _plan(self, on: int, hour: int, step: Step) -> None:
        self.steps.append((min(on, 0), hour, step))

    def _plan_method(self, attempt: MethodAttempt, method: Method, accepted: int) -> None:
        if method.reach >= Reach.ALLOCATED:
            duties = self._duties(attempt, method)
            self._plan(
                accepted + _ALLOCATED_AFTER,
                10,
                lambda at: self._allocate(attempt, duties, at, method.reach),
            )
        if method.reach >= Reach.DATED:
            self._plan(accepted + _DATED_AFTER, 11, lambda at: self._date(attempt, method, at))
        if method.reach >= Reach.BEGUN:
            keep = sit_and_mark if attempt.method_code == _TEST else keep_sheet
            for on, hour, step in keep(self.company, attempt, method):
                self._plan(on, hour, step)
        if method.reach >= Reach.RELEASED:
            self._plan(method.on + _RELEASED_AFTER, 14, lambda at: self._release(attempt, at))

    def _duties(self, attempt: MethodAttempt, method: Method) -> dict[Duty, Person]:
        people, bodies = self.company.people, (self.one.employer, self.one.provider)
        day = self.company.days.day(method.on) if method.reach >= Reach.DATED else None
        if attempt.method_code != _TEST:
            who = self.company.diary.assessor(day, attempt.method_code, bodies, method.who)
            return {Duty.ASSESSOR: people[who]}
        second = self.company.diary.assessor(None, "", bodies, "")
        invigilator, first = self.company.rng.choice(
            (("ines", "nell"), ("ines", "tom"), ("tom", "nell"))
        )
        return {
            Duty.INVIGILATOR: people[invigilator],
            Duty.FIRST_MARKER: people[first],
            Duty.SECOND_MARKER: people[second],
        }

    def _allocate(
        self, attempt: MethodAttempt, duties: dict[Duty, Person], at: datetime, reach: Reach
    ) -> None:
        allocation.allocate_all(attempt, duties, actor=self.company.people["omar"], at=at)
        if reach >= Reach.DATED:
            for person in duties.values():
                allocation.accept(attempt, actor=person, at=at)

    def _date(self, attempt: MethodAttempt, method: Method, at: datetime) -> None:
        """Hold the date, have the employer agree, confirm it, send the joining instructions.

        What is over was agreed by telephone and booked at once.
        """
        omar = self.company.people["omar"]
        wish = self._wish(attempt, method, at)
        if method.on < 0:
            booking.book(attempt, wish, agreement=_BY_PHONE, actor=omar, at=at)
        else:
            booking.hold(attempt, wish, actor=omar, at=at)
            booking.agree(attempt, actor=bookings.contacts(attempt)[0], at=at)
            booking.confirm(attempt, actor=omar, at=at)
        instructions.send(attempt, actor=omar, at=at)
        if method.on <= _READ_BY:
            who = self.assessment.apprenticeship.person
            instructions.acknowledge(attempt, actor=who, at=at)

    def _wish(self, attempt: MethodAttempt, method: Method, at: datetime) -> Wish:
        day = self.company.days.day(method.on)
        start = _STARTS["test" if attempt.method_code == _TEST else attempt.method_code]
        places = PLACES[attempt.method_code]
        # Candidates of one day sit together; other methods are held here and there.
        chosen = (
            places[day.toordinal() % len(places)]
            if attempt.method_code == _TEST
            else self.company.rng.choice(places)
        )
        place = chosen.format(employer=self.assessment.apprenticeship.employer.name)
        starts_at = london_instant(day, start)
        room = self.company.room_for(attempt.method_code, place, day)
        is_short = (day - london_date(at)).days < policy_at(london_date(at)).notice_days
        return Wish(
            starts_at,
            room.place if room else place,
            room,
            is_online=place.startswith("https://"),
            short_notice=_BY_PHONE if is_short else "",
        )

    def _submit_file(self, at: datetime) -> None:
        attempt, who = self.attempts[_PRESENTATION], self.assessment.apprenticeship.person
        period = period_of(self.assessment)
        assert period is not None, "the gateway was accepted"
        is_late = london_date(at) > period.presentation_due_on
        actor = self.company.people["omar"] if is_late else who
        title = framework_of(self.assessment).judged_method(_PRESENTATION).fixed_title or ""
        with slides("Summary of employability practice", _pages(title)) as upload:
            file = store(upload, actor=actor, at=at)
        if is_late:
            presentation.submit_late(attempt, file, LATE_FILE, actor=actor, at=at)
        else:
            presentation.submit_file(attempt, file, actor=actor, at=at)

    def _release(self, attempt: MethodAttempt, at: datetime) -> None:
        release_method(attempt, actor=self.company.people["angela"], at=at)

    def _release_overall(self, at: datetime) -> None:
        release_overall(self.assessment, actor=self.company.people["ruth"], at=at)


def _pages(title: str) -> list[list[str]]:
    return [
        [title, "", "Employability Practitioner, level 4"],
        ["What I do", "", "A caseload of about 45 people", "Job club, one to one, in work"],
        ["SU-1: from first meeting to thirteen weeks in work", "", "Pieces 1 to 6"],
        ["SU-2: a change of goal", "", "Pieces 7 to 12", "What I would do sooner"],
        ["Research", "", "What keeps people in work after the first month", "41 closed cases"],
        ["What I do differently now", "", "Contact in week 2", "Shorter reviews"],
    ]
