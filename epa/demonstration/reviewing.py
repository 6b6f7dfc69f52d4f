"""A provider under review in the demonstration: its list of clients, a sample, half a self-assessment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from epa.client_data import receiving
from epa.client_data.rules import Period
from epa.client_data.services import draw_sample, keep
from epa.demonstration.cast import Player
from epa.demonstration.company import FOUNDED, Company
from epa.demonstration.papers import table_file
from epa.lifecycle.definitions import every_definition
from epa.people.models import Person
from epa.people.rules import Role
from epa.people.services import PersonFields, add_person
from epa.review_ratings.services import Given
from epa.reviews import queries, services
from epa.reviews.models import ProviderReview
from epa.reviews.services import NewReview
from epa.self_assessment.services import rate

_FRAMEWORK: Final = "seqf"
_PROVIDER: Final = "eastmoor"
_SECOND_ASSESSOR: Final = Player(
    "Joel", "Adeleke", "joel@caldervale.example", "epao", (Role.PROVIDER_QUALITY_ASSESSOR,)
)
_OPENED, _STAFFED, _LISTED, _DRAWN, _RATED = -40, -36, -25, -21, -6
_FIRST, _LAST = 16, 17
_RATED_SECTIONS: Final = ("1.1", "1.2", "1.3")
# What is said of a criterion, by its level: lowest first, as the scale stands.
_WORDS: Final = (
    (
        "We do this, and cannot show it: nothing is written down.",
        "Not yet. It is in the plan for next year.",
    ),
    (
        "Done by two of three advisers; the third began in spring and is being shown how.",
        "Case notes show it for most people since last autumn.",
        "",
    ),
    (
        "Written into the handbook and checked in supervision each quarter.",
        "Every new adviser shadows it twice before doing it alone.",
        "Seen in each of ten case notes that we looked through in September.",
    ),
)
_LEVELS: Final = (2, 2, 1, 2, 0, 2, 1)
_HEAD: Final = (
    *("reference", "service_start", "profile_start", "job_start", "job_end"),
    *("status", "age", "gender", "ethnicity"),
)
_CLIENTS, _SAMPLE, _YEARS = 84, 12, 3
_AGES: Final = (18, 62)
_GENDERS: Final = ("female", "male", "male", "female", "female")
_ETHNICITIES: Final = ("White British", "White British", "Asian British", "Black British")
_YEAR: Final = timedelta(days=365)
_FOUND_WORK: Final = 0.6


def review_a_provider(company: Company) -> ProviderReview:
    """Open a review that stands a little before its visit: half of what is asked of the provider is there."""
    days, people = company.days, company.people
    ruth, dilys = people["ruth"], people["dilys"]
    version = [one.version for one in every_definition() if one.code == _FRAMEWORK][-1]
    new = NewReview(
        company.bodies[_PROVIDER], _FRAMEWORK, version, "Supported employment, Eastmoor", dilys
    )
    review = services.open_review(new, actor=ruth, at=days.instant(_OPENED, 10))
    at = days.instant(_STAFFED, 11)
    first = days.day(_FIRST)
    services.set_days(review, first, first + timedelta(days=_LAST - _FIRST), actor=ruth, at=at)
    sunita = people["sunita"]
    assessors = [sunita, _second_assessor(company)]
    services.allocate(review, assessors, sunita, people["carys"], actor=ruth, at=at)
    _list_clients(company, dilys)
    rate(review, list(_said(review)), actor=dilys, at=days.instant(_RATED, 15))
    return review


def _second_assessor(company: Company) -> Person:
    player, at = _SECOND_ASSESSOR, company.days.instant(FOUNDED, 11)
    person = add_person(
        PersonFields(player.given, player.family, player.email),
        role=player.roles[0],
        organisation=company.epao,
        actor=company.people["ruth"],
        at=at,
    )
    company.let_in(person)
    return person


def _list_clients(company: Company, lead: Person) -> None:
    """The provider's clients of three years, under its own codes, and the sample of them."""
    days = company.days
    last = days.day(_LISTED)
    period = Period(last - _YEARS * _YEAR, last, last)
    rows = [",".join(row) for row in _clients(period, days.rng)]
    with table_file("clients", [",".join(_HEAD), *rows]) as upload:
        reading = receiving.read(period, upload, None)
    kept = keep(
        company.bodies[_PROVIDER],
        company.epao,
        reading,
        actor=lead,
        at=days.instant(_LISTED, 14),
    )
    at = days.instant(_DRAWN, 10)
    draw_sample(kept, _SAMPLE, actor=company.people["ruth"], at=at, seed=days.rng.getrandbits(32))


def _clients(period: Period, rng: Random) -> Iterator[tuple[str, ...]]:
    """One row each: many found work, and some of them no longer have it."""
    for number in range(1, _CLIENTS + 1):
        start = period.starts_on + timedelta(days=rng.randrange((2 * _YEAR).days))
        profile = start + timedelta(days=rng.choice((6, 9, 13, 17, 20, 34)))
        job = start + timedelta(days=rng.randrange(35, 260)) if rng.random() < _FOUND_WORK else None
        lasts = timedelta(days=rng.randrange(20, 900))
        end = job + lasts if job and job + lasts < period.ends_on else None
        yield (
            f"EW-{number:03}",
            start.isoformat(),
            profile.isoformat(),
            _day(job),
            _day(end),
            "in work" if job and not end else "looking",
            str(rng.randint(*_AGES)),
            rng.choice(_GENDERS),
            rng.choice(_ETHNICITIES),
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _said(review: ProviderReview) -> Iterator[Given]:
    """What the provider says of the first sections: mostly good, here and there not."""
    scale = [one.code for one in queries.framework_of(review).scale]
    codes = [code for one in _RATED_SECTIONS for code in queries.codes_in(review, one)]
    for number, code in enumerate(codes):
        level = _LEVELS[number % len(_LEVELS)]
        words = _WORDS[level][number % len(_WORDS[level])]
        yield Given(code, "", level=scale[level], words=words)
