"""The organisations and people of the demonstration as rows, and who is free on which day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from random import Random
from typing import Final

from argon2 import PasswordHasher

from epa.assessors.rules import StandardisationKind
from epa.assessors.services import (
    Attendance,
    CompetenceFields,
    record_competence,
    record_standardisation,
)
from epa.audit.services import record
from epa.database import db
from epa.demonstration.cast import BODIES, CONFLICTS, INVITED, PASSWORD, PLAYERS, Player
from epa.demonstration.days import Days
from epa.people.models import ConflictOfInterest, Organisation, Person
from epa.people.rules import Role
from epa.people.services import (
    Declaration,
    OrganisationFields,
    PersonFields,
    add_organisation,
    add_person,
    declare_conflict,
    grant_role,
    scrutinise_conflict,
)
from epa.rooms.models import Room
from epa.sign_in.models import Credential
from epa.sign_in.services import invite

FOUNDED: Final = -1000
STANDARD: Final = "st0663"
STANDARDISED: Final = (
    (StandardisationKind.BEFORE_FIRST, -995),
    (StandardisationKind.ANNUAL, -665),
    (StandardisationKind.ANNUAL, -335),
    (StandardisationKind.ANNUAL, -20),
)
CONFLICT_FOUND: Final = -700


@dataclass
class Diary:
    """Who is taken on which day and half day; assessors take turns."""

    assessors: list[str]
    taken: set[tuple[str, date, str]] = field(default_factory=set)
    barred: dict[str, Collection[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._turns: Iterator[str] = cycle(self.assessors)

    def assessor(self, day: date | None, half: str, bodies: Collection[str], wanted: str) -> str:
        """An assessor without a conflict with these bodies, free then (any day: None)."""
        order = [wanted] if wanted else [next(self._turns) for _ in self.assessors]
        for who in order:
            is_free = day is None or (who, day, half) not in self.taken
            if is_free and not set(bodies) & set(self.barred.get(who, ())):
                if day is not None:
                    self.taken.add((who, day, half))
                next(self._turns)  # the next one asked is somebody else
                return who
        raise LookupError(f"nobody of {order} is free on {day} in the {half}")


@dataclass
class Company:
    """Everybody and everything that the stages need, by key."""

    days: Days
    rng: Random
    bodies: dict[str, Organisation]
    people: dict[str, Person]
    diary: Diary
    password_hash: str
    rooms: list[Room] = field(default_factory=list)

    @property
    def epao(self) -> Organisation:
        """The end-point assessment organisation."""
        return self.bodies["epao"]

    def contact(self, body: str, role: Role) -> Person:
        """Who speaks for a client."""
        return next(
            self.people[player.key]
            for player in PLAYERS
            if player.at == body and role in player.roles
        )

    def room_for(self, method: str, place: str, day: date) -> Room | None:
        """The room that a place is, if it is one of ours and free for this method on a day.

        Candidates of a test sit there together; any other method has it alone.
        """
        room = next((one for one in self.rooms if place.endswith(one.name)), None)
        if room is None or (room.name, day, method) in self.diary.taken:
            return None
        if method != "knowledge_test":
            self.diary.taken.add((room.name, day, method))
        return room

    def let_in(self, person: Person) -> None:
        """Give somebody the password that all share, as if they had set it with their link."""
        at = person.created_at
        db.session.add(
            Credential(person=person, password_hash=self.password_hash, password_changed_at=at)
        )
        record(person, "password set", person, at=at, by="invitation")


def found(days: Days, rng: Random) -> Company:
    """Add the organisations and their people, long before the first apprentice."""
    at = days.instant(FOUNDED, 9)
    bodies = {
        body.key: add_organisation(
            OrganisationFields(body.name, frozenset(body.kinds), body.ukprn), actor=None, at=at
        )
        for body in BODIES
    }
    assessors = [one.key for one in PLAYERS if Role.INDEPENDENT_ASSESSOR in one.roles]
    # One hash for everybody: argon2id is slow on purpose, and the password is no secret.
    company = Company(days, rng, bodies, {}, Diary(assessors), PasswordHasher().hash(PASSWORD))
    for player in PLAYERS:
        company.people[player.key] = _join(company, player)
    _keep_standards(company)
    _declare_conflicts(company)
    _invite_newcomer(company)
    return company


def _keep_standards(company: Company) -> None:
    """Every assessor is competent from the start, and takes part in each year's standardisation."""
    angela, epao_id = company.people["angela"], company.epao.id
    for who in company.diary.assessors:
        person, start = company.people[who], company.days.day(FOUNDED)
        record_competence(
            person,
            epao_id,
            CompetenceFields(
                STANDARD, start, None, "Six years in employability, level 4 and above."
            ),
            actor=angela,
            at=company.days.instant(FOUNDED, 13),
        )
        for kind, on in STANDARDISED:
            record_standardisation(
                person,
                epao_id,
                Attendance(STANDARD, kind, company.days.day(on)),
                actor=angela,
                at=company.days.instant(on, 15),
            )


def _join(company: Company, player: Player) -> Person:
    founder = next(iter(company.people.values()), None)
    at = company.days.instant(FOUNDED, 10)
    body = company.bodies[player.at]
    first, *others = player.roles
    person = add_person(
        PersonFields(player.given, player.family, player.email),
        role=first,
        organisation=body,
        actor=founder,
        at=at,
    )
    for role in others:
        grant_role(person, role, organisation=body, actor=founder, at=at)
    company.let_in(person)
    return person


def _declare_conflicts(company: Company) -> None:
    for who, kind, body, words, scrutiny in CONFLICTS:
        person = company.people[who]
        conflict: ConflictOfInterest = declare_conflict(
            person,
            Declaration(kind, words, with_organisation=company.bodies[body]),
            actor=person,
            at=company.days.instant(CONFLICT_FOUND, 10),
        )
        if scrutiny:
            scrutinise_conflict(
                conflict,
                scrutiny,
                actor=company.people["angela"],
                at=company.days.instant(CONFLICT_FOUND, 15),
            )
        else:
            company.diary.barred[who] = {body}


def _invite_newcomer(company: Company) -> None:
    """Somebody who has not set a password yet: their link waits in the outbox."""
    at = company.days.instant(-2, 11)
    person = add_person(
        PersonFields(INVITED.given, INVITED.family, INVITED.email),
        role=INVITED.roles[0],
        organisation=company.bodies[INVITED.at],
        actor=company.people["ruth"],
        at=at,
    )
    invite(person, organisation=company.epao, actor=company.people["ruth"], at=at)
