"""Mark sheets in the demonstration: whole and signed, or half filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from random import Random
from typing import Final

from epa.clock import london_date
from epa.conduct.facts import Conduct, Recording
from epa.demonstration.company import Company
from epa.demonstration.notes import BEYOND, PRESENTED, SEEN, SHORT
from epa.demonstration.stories import Method, Reach
from epa.demonstration.the_day import keep_live
from epa.judgements import services as judgements
from epa.judgements.models import MarkSheet
from epa.judgements.rules import Entry, NoteFields
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty, Grade
from epa.observation.rules import METHOD as OBSERVATION
from epa.observation.rules import ObservationConduct, ServiceUserSeen
from epa.observation.services import sign as sign_observation
from epa.people.models import Person
from epa.presentation.rules import PresentationConduct
from epa.presentation.services import sign as sign_presentation

_PRESENT: Final = "The apprentice and the assessor"

Step = tuple[int, int, Callable[[datetime], None]]

_AFTERNOON: Final = 15
_ASKED_EVERY: Final = 4
_SERVICE_USERS: Final = 2
_SIGN: Final = {OBSERVATION: sign_observation}


def keep_sheet(company: Company, attempt: MethodAttempt, method: Method) -> list[Step]:
    """What happens to one sheet, as steps with their day and hour: all on the day itself."""
    steps: list[Step] = [(method.on, _AFTERNOON, lambda at: _begin(company, attempt, method, at))]
    if method.reach >= Reach.GRADED:
        steps = [(method.on, _AFTERNOON, lambda at: _keep_whole(company, attempt, method, at))]
    return steps


def _begin(company: Company, attempt: MethodAttempt, method: Method, at: datetime) -> None:
    """Fill the first half of a sheet, KSB by KSB, and leave it open."""
    sheet, who = _open(attempt, at)
    entries = _entries(company.rng, attempt, method)
    for entry in entries[: len(entries) // 2]:
        judgements.judge(sheet, entry.ksb, Grade(entry.grade), actor=who, at=at)
        judgements.note(sheet, entry.ksb, entry.note, actor=who, at=at)


def _keep_whole(company: Company, attempt: MethodAttempt, method: Method, at: datetime) -> None:
    sheet, who = _open(attempt, at)
    judgements.fill(sheet, _entries(company.rng, attempt, method), actor=who, at=at)
    conduct = _conduct(company.rng, attempt, at)
    if method.is_kept_live:
        keep_live(sheet, who, at)
        # What the clock and the questions say need not be entered.
        measured = set(conduct.measured_as)
        conduct = type(conduct).model_validate(conduct.model_dump(exclude=measured))
    judgements.set_conduct(sheet, conduct, actor=who, at=at)
    _SIGN.get(attempt.method_code, sign_presentation)(sheet, actor=who, at=at)


def _open(attempt: MethodAttempt, at: datetime) -> tuple[MarkSheet, Person]:
    who = attempt.allocated(Duty.ASSESSOR)
    assert who is not None, "a sheet begins when somebody is allocated"
    return judgements.open_sheet(attempt, actor=who, at=at), who


def _entries(rng: Random, attempt: MethodAttempt, method: Method) -> list[Entry]:
    """A grade and a note for every KSB, as many Distinctions and Fails as the story says."""
    plan, code = framework_of(attempt.assessment), attempt.method_code
    ksbs = plan.ksbs_of(code)
    able = [ksb for ksb in ksbs if Grade.DISTINCTION in plan.ratings_for(code, ksb)]
    best = set(rng.sample(able, method.score))
    failed = set(rng.sample([ksb for ksb in ksbs if ksb not in best], method.fails))
    sources = [source.code for source in plan.judged_method(code).sources]
    entries = []
    for number, ksb in enumerate(ksbs, start=1):
        grade = Grade.DISTINCTION if ksb in best else Grade.FAIL if ksb in failed else Grade.PASS
        source = sources[-1] if number % _ASKED_EVERY == 0 else sources[0]
        entries.append(Entry(ksb, grade, _note(rng, code, ksb, grade, source)))
    return entries


def _note(rng: Random, code: str, ksb: str, grade: Grade, source: str) -> NoteFields:
    said = SEEN[ksb] if code == OBSERVATION else PRESENTED[ksb]
    if grade is Grade.DISTINCTION:
        said = f"{said} {rng.choice(BEYOND)}"
    if grade is Grade.FAIL:
        said = rng.choice(SHORT)
    named = next((su for su in range(1, _SERVICE_USERS + 1) if f"SU-{su}" in said), None)
    return NoteFields(source, said, service_user=named if code == OBSERVATION else None)


def _conduct(rng: Random, attempt: MethodAttempt, at: datetime) -> Conduct:
    """The facts of a day on which everything kept to the plan."""
    if attempt.method_code == OBSERVATION:
        return ObservationConduct(
            held_on=london_date(at),
            identity_checked=True,
            questions_asked=rng.randint(4, 6),
            question_minutes=rng.randint(18, 30),
            started=time(9, 30),
            ended=time(12, 50),
            minutes_observed=rng.randint(168, 180),
            service_users=_service_users(rng, attempt),
            format_told=True,
            present=_PRESENT,
        )
    return PresentationConduct(
        held_on=london_date(at),
        identity_checked=True,
        questions_asked=rng.randint(4, 6),
        question_minutes=rng.randint(20, 30),
        minutes_presented=rng.randint(49, 60),
        recording=Recording.AUDIO,
        present=_PRESENT,
        consent_of=("apprentice",),
        not_attached_reason="Kept on the recorder until the window for appeals is over",
    )


def _service_users(rng: Random, attempt: MethodAttempt) -> tuple[ServiceUserSeen, ...]:
    """Those who were seen, each with the activities that were."""
    activities = [one.code for one in framework_of(attempt.assessment).portfolio.activities]
    return tuple(
        ServiceUserSeen(
            number=number,
            activities=tuple(
                sorted(rng.sample(activities, rng.randint(1, 3)), key=activities.index)
            ),
            agreed=True,
        )
        for number in range(1, rng.randint(2, 4) + 1)
    )
