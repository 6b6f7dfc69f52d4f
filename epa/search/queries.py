"""What somebody finds by a few words: the lists they may see anyway, narrowed the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.people import queries as people
from epa.people.models import Organisation, Person
from epa.people.rules import Permission
from epa.record import queries as record
from epa.web.pagination import count_of

MOST_SHOWN: Final = 10


@dataclass(frozen=True)
class Found:
    """The first of each kind, and how many there are in all."""

    apprentices: Sequence[EndPointAssessment] = ()
    apprentices_in_all: int = 0
    people: Sequence[Person] = ()
    people_in_all: int = 0
    organisations: Sequence[Organisation] = ()
    organisations_in_all: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.apprentices_in_all or self.people_in_all or self.organisations_in_all)


def found_by(person: Person, words: str) -> Found:
    """What this person finds: by name, ULN or employer; a name or address; a name or UKPRN.

    Each list asks for its own permission: who lacks it finds nothing of the kind.
    """
    listed = record.listed(person, record.Filters(words=words), "name", descending=False)
    named = people.narrowed(
        people.people(person, Permission.MANAGE_PEOPLE), people.PeopleFilter(words=words)
    )
    named = people.ordered(named, "name", descending=False)
    bodies = people.narrowed_organisations(
        people.organisations(person, Permission.MANAGE_PEOPLE), words, None
    )
    session = db.session()
    return Found(
        apprentices=session.scalars(listed.limit(MOST_SHOWN)).all(),
        apprentices_in_all=count_of(session, listed),
        people=session.scalars(named.limit(MOST_SHOWN)).all(),
        people_in_all=count_of(session, named),
        organisations=session.scalars(bodies.limit(MOST_SHOWN)).all(),
        organisations_in_all=count_of(session, bodies),
    )
