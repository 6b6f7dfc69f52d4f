"""From registration to a submitted portfolio: what an apprentice of the demonstration did so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from epa.audit.services import record
from epa.database import db
from epa.demonstration.company import Company
from epa.demonstration.days import Walk
from epa.demonstration.evidence import (
    ACTIVITIES,
    KSBS,
    KSBS_A_PIECE,
    LADDER,
    RESEARCH,
    REVIEW_NOTES,
    WHOSE,
    Told,
)
from epa.demonstration.notes import BREAKS
from epa.demonstration.papers import ladder_picture, text_file
from epa.demonstration.stories import Apprentice, Story
from epa.files.models import StoredFile
from epa.files.services import store
from epa.lifecycle.models import BreakInLearning, EndPointAssessment
from epa.lifecycle.rules import Attainment, uln_adds_up
from epa.people.models import Person
from epa.people.rules import Role
from epa.portfolio import services as portfolio
from epa.portfolio.checks import PieceFields
from epa.portfolio.models import PortfolioVersion
from epa.registration.rules import Registration
from epa.registration.services import register

DAYS_A_MONTH: Final = 30.44
REGISTERED_AFTER: Final = 20
RESEARCHED: Final = 2
WHOLE: Final = 24
FIRST_PIECE_AFTER: Final = 20
SIANS_ULN: Final = "9900001345"
_YOUNGEST: Final = 18
_ELDEST: Final = 54
_ASKED_UP_TO: Final = 19
# Which pieces of a portfolio are files: a sheet and a picture; most of a portfolio is written here.
_TEXT_PIECE: Final = 3
_PICTURE_PIECE: Final = 8
_FEW: Final = 4


def ulns() -> Iterator[str]:
    """Numbers that add up, one after another, without the one that is taken."""
    for number in count(int(SIANS_ULN) - 1000):
        if uln_adds_up(str(number)) and str(number) != SIANS_ULN:
            yield str(number)


def learning_start(company: Company, story: Story) -> date:
    """The Monday on which learning started."""
    day = company.days.today - timedelta(days=round(story.months * DAYS_A_MONTH))
    return day - timedelta(days=day.weekday())


def registered(company: Company, one: Apprentice, uln: str, walk: Walk) -> EndPointAssessment:
    """Register an apprentice some weeks after learning started, and let them in."""
    start = learning_start(company, one.story)
    age = company.rng.randint(_YOUNGEST, _ELDEST)
    born = date(start.year - age, 1, 1) - timedelta(days=company.rng.randrange(300))
    mail = company.contact(one.employer, Role.EMPLOYER).email or ""
    at = walk.at(_offset(company, start) + REGISTERED_AFTER, 10)
    assessment = register(
        Registration(
            uln=uln,
            given_names=one.given,
            family_name=one.family,
            date_of_birth=born,
            employer_id=company.bodies[one.employer].id,
            learning_start_on=start,
            provider_id=company.bodies[one.provider].id,
            email=f"{one.address}@{mail.partition('@')[2]}" if one.address else None,
            planned_end_on=start + timedelta(days=round(24 * DAYS_A_MONTH)),
            english=_english(company, age),
            maths=Attainment.LEVEL_2,
        ),
        epao=company.epao,
        actor=company.people[company.rng.choice(("ruth", "omar"))],
        at=at,
    )
    if one.address:
        company.let_in(assessment.apprenticeship.person)
    return assessment


def _english(company: Company, age: int) -> Attainment:
    """Asked of the young; of the others many have it all the same."""
    if age <= _ASKED_UP_TO:
        return Attainment.LEVEL_2
    return company.rng.choice((Attainment.LEVEL_2, Attainment.NOT_REQUIRED))


def took_break(company: Company, assessment: EndPointAssessment, story: Story) -> None:
    """Write down a break in learning that is over, on its first day."""
    first, last = story.paused or (0, None)
    if last is None:
        return
    row = BreakInLearning(
        started_on=company.days.day(first),
        ended_on=company.days.day(last),
        reason=company.rng.choice(BREAKS),
    )
    assessment.apprenticeship.breaks.append(row)
    db.session.flush()
    record(
        company.people["omar"],
        "break in learning recorded",
        assessment,
        at=company.days.instant(first, 15),
        started_on=row.started_on.isoformat(),
    )


def built_portfolio(
    company: Company, assessment: EndPointAssessment, story: Story, until: int, walk: Walk
) -> PortfolioVersion | None:
    """Add pieces from soon after registration up to a day, evenly; None before the first."""
    if not story.pieces:
        return None
    who = assessment.apprenticeship.person
    begun = _offset(company, learning_start(company, story)) + REGISTERED_AFTER + FIRST_PIECE_AFTER
    version = portfolio.open_portfolio(assessment, actor=who, at=walk.at(begun))
    plan = _pieces(company, story)
    pieces = []
    for number, piece in enumerate(plan, start=1):
        at = walk.at(begun + (until - begun) * number // len(plan))
        pieces.append((replace(piece, file=_file(number, story, who=who, at=at)), at))
    portfolio.add_pieces(version, pieces, actor=who)
    return version


def _pieces(company: Company, story: Story) -> list[PieceFields]:
    """So many pieces: each service user followed through every activity, then research.

    A portfolio that is not whole yet is the beginning of one. A whole one shows two activities in
    one piece where there are too many, and has further interventions where there are too few.
    """
    many = story.service_users
    whose = company.rng.sample(WHOSE, many)
    spare = story.pieces - len(ACTIVITIES) * many - RESEARCHED
    is_whole = story.pieces >= WHOLE
    cases = [
        _case(company, su, codes, whose[su - 1])
        for su, journey in enumerate(_journeys(many, max(0, -spare) if is_whole else 0), start=1)
        for codes in journey
    ]
    if not is_whole:
        return cases[: story.pieces]
    more = [
        _case(company, number % many + 1, ["intervention"], whose[number % many])
        for number in range(max(0, spare))
    ]
    return [*cases, *more, *_researched(company)]


def _journeys(service_users: int, joined: int) -> list[list[list[str]]]:
    """For each service user the activities in order, so many pairs of neighbours in one piece."""
    journeys = [[[code] for code in ACTIVITIES] for _ in range(service_users)]
    for number in range(joined):
        journey, pair = journeys[number % service_users], number // service_users
        journey[pair : pair + 2] = [journey[pair] + journey[pair + 1]]
    return journeys


def _case(company: Company, su: int, codes: list[str], whose: str) -> PieceFields:
    told = company.rng.choice(ACTIVITIES[codes[0]])
    return _fields(told, su, codes, whose, shift=(su - 1) * 2)


def _researched(company: Company) -> list[PieceFields]:
    chosen = company.rng.sample(RESEARCH, RESEARCHED)
    return [
        _fields(told, None, ["research"], "", shift=place * KSBS_A_PIECE)
        for place, told in enumerate(chosen)
    ]


def _fields(told: Told, su: int | None, codes: list[str], whose: str, *, shift: int) -> PieceFields:
    names = {"su": f"SU-{su}", "whose": whose}
    ksbs = [
        KSBS[code][(shift + step) % len(KSBS[code])]
        for code in codes
        for step in range(KSBS_A_PIECE)
    ]
    return PieceFields(
        title=told.title.format(**names),
        kind=told.kind,
        service_user=su,
        activities=tuple(codes) if su else (),
        ksbs=tuple(dict.fromkeys(ksbs)),
        is_own_work=True,
        text=told.text.format(**names),
        link=told.link,
    )


def _file(number: int, story: Story, *, who: Person, at: datetime) -> StoredFile | None:
    """The file of one of the few pieces that are files; the largest portfolios have a picture."""
    if number == _TEXT_PIECE:
        upload = text_file("review notes SU-1", REVIEW_NOTES)
    elif number == _PICTURE_PIECE and story.service_users > _FEW:
        upload = ladder_picture("ladder SU-2", LADDER)
    else:
        return None
    with upload:
        return store(upload, actor=who, at=at)


def _offset(company: Company, day: date) -> int:
    return (day - company.days.today).days
