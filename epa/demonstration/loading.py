"""Loading the demonstration: organisations, people with one shared password, apprentices."""

from __future__ import annotations

from datetime import datetime

from argon2 import PasswordHasher

from epa.audit.services import record
from epa.database import db
from epa.demonstration.cast import BODIES, PASSWORD, PLAYERS, Player
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.rules import search_form
from epa.sign_in.models import Credential


def load(*, at: datetime) -> None:
    """Fill an empty database; everything is dated so that it is believable at ``at``."""
    bodies = {
        body.key: Organisation(
            name=body.name,
            search_name=search_form(body.name),
            ukprn=body.ukprn,
            created_at=at,
            kinds_held=[OrganisationKindHeld(kind=kind) for kind in body.kinds],
        )
        for body in BODIES
    }
    db.session.add_all(bodies.values())
    # One hash for everybody: argon2id is slow on purpose, and the password is no secret.
    password_hash = PasswordHasher().hash(PASSWORD)
    people = [_person(player, bodies[player.at], password_hash, at) for player in PLAYERS]
    db.session.flush()
    record(None, "demonstration loaded", bodies["epao"], at=at, people=len(people))


def _person(player: Player, body: Organisation, password_hash: str, at: datetime) -> Person:
    person = Person(
        given_names=player.given,
        family_name=player.family,
        search_name=search_form(f"{player.given} {player.family}"),
        email=player.email,
        email_key=player.email.casefold(),
        created_at=at,
        roles_held=[
            RoleAssignment(role=role, organisation=body, granted_at=at) for role in player.roles
        ],
    )
    db.session.add(person)
    db.session.add(Credential(person=person, password_hash=password_hash, password_changed_at=at))
    return person
