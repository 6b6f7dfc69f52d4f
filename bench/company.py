"""An assessment organisation with its people, employers and providers, made straight as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from epa import personal_data
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import search_form, searched_name
from epa.people.rules import OrganisationKind, Role

# Tables in the order in which their rows can be stored, with the rows.
Rows = dict[Any, list[dict[str, Any]]]

_TOWNS: Final = (
    *("Aldbrook", "Briarfield", "Cawder", "Dunmere", "Eastmoor", "Fellgate", "Garsley", "Harborne"),
    *("Ings", "Kelsall", "Linden", "Marsham", "Norbeck", "Oxley", "Penrow", "Quernmore"),
)
_TRADES: Final = ("Care", "Careers", "Housing", "Jobs", "Skills", "Training", "Works")
# How many a role has whatever the size, and for how many apprentices there is one more.
_STAFF: Final = {
    Role.ADMINISTRATOR: (2, 2000),
    Role.INTERNAL_QUALITY_ASSURER: (2, 2000),
    Role.AUDITOR: (1, 10_000),
    Role.INDEPENDENT_ASSESSOR: (4, 250),
    Role.MARKER: (3, 500),
    Role.INVIGILATOR: (2, 500),
}
_EMPLOYERS, _PROVIDERS = (20, 100), (5, 500)


@dataclass(frozen=True)
class Company:
    """Ids of everybody an apprentice's rows point to; the first of each signs in."""

    epao: UUID
    employers: Sequence[UUID]
    providers: Sequence[UUID]
    staff: dict[Role, Sequence[UUID]]
    clients: dict[Role, UUID]

    def one(self, role: Role, number: int) -> UUID:
        """Somebody of a role, all in turn."""
        held = self.staff[role]
        return held[number % len(held)]


class Names:
    """Names as people bear them, all in turn, in an order that does not sort.

    Args:
        mark: stands in every address, so that two such lists do not meet in one database.
    """

    def __init__(self, mark: str = "") -> None:
        self._mark = mark
        self._given, self._family = _words("given_names"), _words("family_names")
        self._next = count()

    def person(self, at: datetime) -> dict[str, Any]:
        """The row of somebody new."""
        number = next(self._next)
        given = self._given[number * 37 % len(self._given)].title()
        family = self._family[number * 101 % len(self._family)].title()
        email = f"{given}.{family}.{number}{self._mark}@example.org".lower()
        return {
            "id": uuid4(),
            "given_names": given,
            "family_name": family,
            "search_name": searched_name(given, family),
            "email": email,
            "email_key": email,
            "created_at": at,
        }


def company(apprentices: int, names: Names, at: datetime) -> tuple[Company, Rows]:
    """An organisation of a size that serves so many apprentices, with its rows."""
    rows: Rows = {one: [] for one in (Organisation, OrganisationKindHeld, Person, RoleAssignment)}
    titles = _titles()

    def organisation(kind: OrganisationKind, name: str) -> UUID:
        key = uuid4()
        rows[Organisation].append(
            {"id": key, "name": name, "search_name": search_form(name), "created_at": at}
        )
        rows[OrganisationKindHeld].append({"organisation_id": key, "kind": kind})
        return key

    def person(role: Role, of: UUID) -> UUID:
        one = names.person(at)
        rows[Person].append(one)
        rows[RoleAssignment].append(role_row(one["id"], role, of, at))
        return UUID(str(one["id"]))

    def many(size: tuple[int, int]) -> range:
        return range(size[0] + apprentices // size[1])

    epao = organisation(OrganisationKind.EPAO, "Calder Vale Assessment")
    employers = [organisation(OrganisationKind.EMPLOYER, next(titles)) for _ in many(_EMPLOYERS)]
    providers = [
        organisation(OrganisationKind.TRAINING_PROVIDER, next(titles)) for _ in many(_PROVIDERS)
    ]
    return (
        Company(
            epao=epao,
            employers=employers,
            providers=providers,
            staff={role: [person(role, epao) for _ in many(size)] for role, size in _STAFF.items()},
            clients={
                Role.EMPLOYER: person(Role.EMPLOYER, employers[0]),
                Role.TRAINING_PROVIDER: person(Role.TRAINING_PROVIDER, providers[0]),
            },
        ),
        rows,
    )


def role_row(person: UUID, role: Role, of: UUID, at: datetime) -> dict[str, Any]:
    """A role of somebody at an organisation."""
    return {"person_id": person, "role": role, "organisation_id": of, "granted_at": at}


def _titles() -> Iterator[str]:
    for number in count():
        town, trade = _TOWNS[number % len(_TOWNS)], _TRADES[number % len(_TRADES)]
        turn = number // (len(_TOWNS) * len(_TRADES))
        yield f"{town} {trade}{f' {turn + 1}' if turn else ''}"


def _words(name: str) -> list[str]:
    """The names of one of the lists by which personal data is found."""
    lines = Path(personal_data.__path__[0], f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return sorted({word for line in lines if not line.startswith("#") for word in line.split()})
