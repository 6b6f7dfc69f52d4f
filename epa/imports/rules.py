"""What a row of an import must hold, what it would change, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from epa.imports import cells
from epa.imports.cells import Cell, Fault, is_blank
from epa.imports.tables import REQUIRED, Table, TableRow
from epa.lifecycle.rules import PLACEHOLDER_ULN, Attainment, Stage, uln_adds_up
from epa.people.names import email_key, full_name, search_form, searched_name
from epa.registration.rules import Registration, faults_in


class Fate(StrEnum):
    """What becomes of a row: a new registration, changes to one, nothing, or it is not taken."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


FATE_TITLES: Final[dict[Fate, str]] = {
    Fate.CREATED: "New",
    Fate.UPDATED: "Changed",
    Fate.UNCHANGED: "As it is",
    Fate.REJECTED: "Rejected",
}

# After so long somebody may have left the page on which they started an import.
_LONG: Final = timedelta(seconds=10)


def is_long(took: timedelta) -> bool:
    """Whether an import took so long that who started it is told by mail that it ended."""
    return took >= _LONG


# The table's column, where it stands in a row and in the record, and how its cell is read.
_READERS: Final[tuple[tuple[str, str, Callable[[Cell], Any]], ...]] = (
    ("uln", "uln", cells.uln),
    ("given_names", "given_names", cells.name),
    ("family_name", "family_name", cells.name),
    ("date_of_birth", "date_of_birth", cells.day),
    ("email", "email", cells.email),
    ("employer", "employer", cells.organisation),
    ("provider_ukprn", "provider_ukprn", cells.ukprn),
    ("learning_start", "learning_start_on", cells.day),
    ("original_start", "original_start_on", cells.day),
    ("planned_end", "planned_end_on", cells.day),
    ("english", "english", cells.attainment),
    ("maths", "maths", cells.attainment),
    ("ehc_plan", "has_ehc_plan", cells.yes_or_no),
    ("legacy_statement", "has_legacy_statement", cells.yes_or_no),
    ("bsl", "has_bsl", cells.yes_or_no),
    ("english_maths_opt_in", "opted_in_to_english_maths", cells.yes_or_no),
    ("planned_gateway", "planned_gateway_on", cells.day),
    ("employer_contact_name", "contact_name", cells.name),
    ("employer_contact_email", "contact_email", cells.email),
    ("workplace_address", "workplace_address", cells.address),
    ("standard_reference", "standard_reference", cells.standard),
)
_COLUMN_OF: Final = {place: column for column, place, _ in _READERS}
# What is compared and put into the record as it stands; the rest has ways of its own.
PLAIN: Final = (
    *("date_of_birth", "learning_start_on", "original_start_on", "planned_end_on", "english"),
    *("maths", "has_ehc_plan", "has_legacy_statement", "has_bsl", "opted_in_to_english_maths"),
    *("planned_gateway_on", "workplace_address"),
)
# What the gateway was decided on: from its acceptance on, a file does not change it.
_JUDGED_AT_GATEWAY: Final = frozenset(PLAIN) - {
    *("planned_end_on", "planned_gateway_on", "workplace_address"),
}
_OVER: Final = frozenset({Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED})
_STANDARD: Final = "ST0663"


@dataclass(frozen=True)
class ImportRow:
    """One apprentice as a row says; None is an empty cell, which leaves what is known."""

    number: int
    uln: str
    given_names: str
    family_name: str
    date_of_birth: date
    employer: str
    learning_start_on: date
    email: str | None = None
    provider_ukprn: str | None = None
    original_start_on: date | None = None
    planned_end_on: date | None = None
    english: Attainment | None = None
    maths: Attainment | None = None
    has_ehc_plan: bool | None = None
    has_legacy_statement: bool | None = None
    has_bsl: bool | None = None
    opted_in_to_english_maths: bool | None = None
    planned_gateway_on: date | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    workplace_address: str | None = None
    standard_reference: str = _STANDARD

    @property
    def original_start(self) -> date:
        """The first start of all."""
        return self.original_start_on or self.learning_start_on

    @property
    def is_nameless(self) -> bool:
        """Whether there is no number of their own yet, so that names must tell who it is."""
        return self.uln == PLACEHOLDER_ULN

    @property
    def identity(self) -> Identity:
        """Who it is without a number."""
        return identity(
            (self.given_names, self.family_name),
            self.date_of_birth,
            self.employer,
            self.standard_reference,
        )

    @property
    def contact(self) -> tuple[str, str] | None:
        """The employer's contact's given names and family name, when there is an address too."""
        return split_name(self.contact_name) if self.contact_name and self.contact_email else None

    def registration(
        self, employer_id: UUID, provider_id: UUID | None, standard: str
    ) -> Registration:
        """What is registered of a new apprentice."""
        known = {one.name for one in fields(Registration)}
        said = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name in known and getattr(self, one.name) is not None
        }
        return Registration(
            **said, employer_id=employer_id, provider_id=provider_id, standard=standard
        )


Identity = tuple[str, date, str, str]


def identity(name: tuple[str, str], born: date, employer: str, standard_reference: str) -> Identity:
    """By what somebody without a number is known: names, birth date, employer, standard."""
    return searched_name(*name), born, search_form(employer), standard_reference


def split_name(whole: str) -> tuple[str, str] | None:
    """Given names and family name of a contact, parted at the last space; None where there is none.

    A name in Han characters or hangul has its family name first and no space.
    """
    given, _, family = whole.rpartition(" ")
    if given:
        return given.strip(), family
    if len(whole) > 1 and full_name(whole[1:], whole[:1]) == whole:
        return whole[1:], whole[:1]
    return None


@dataclass(frozen=True)
class Reading:
    """What a table says: rows that can be compared, rows that cannot, and what to look at."""

    read: int
    rows: Sequence[ImportRow]
    rejected: Sequence[Fault]
    warnings: Sequence[Fault]
    names: dict[int, str]


def understood(table: Table, *, today: date) -> Reading:
    """Every row of a table with its faults named, all of them; nothing is looked up."""
    rejected: list[Fault] = []
    warnings, rows, names = list(table.notes), list[ImportRow](), dict[int, str]()
    seen = _Seen()
    for one in table.rows:
        said, faults = _values(one)
        names[one.number] = " ".join(
            said.get(part, "") for part in ("given_names", "family_name")
        ).strip()
        if not faults:
            row = ImportRow(number=one.number, **said)
            faults = [*_of_registration(row, today), *_of_contact(row), *seen.faults(row)]
        elif repeated := seen.repeated_uln(one.number, said.get("uln")):
            faults.append(repeated)
        rejected += faults
        if not faults:
            rows.append(row)
            warnings += _warnings(row)
    mixed = _contacts_who_learn(rows)
    kept = [row for row in rows if row.number not in mixed]
    return Reading(len(table.rows), kept, [*rejected, *mixed.values()], warnings, names)


def _contacts_who_learn(rows: Iterable[ImportRow]) -> dict[int, Fault]:
    """Contacts whose address is an apprentice's in another row: one of the two is a slip."""
    of_learners = {email_key(row.email): row.number for row in rows if row.email}
    return {
        row.number: Fault(
            row.number,
            "employer_contact_email",
            f"is the apprentice’s address in row {of_learners[email_key(row.contact_email)]}",
        )
        for row in rows
        if row.contact_email and email_key(row.contact_email) in of_learners
    }


def _values(one: TableRow) -> tuple[dict[str, Any], list[Fault]]:
    said, faults = {}, []
    for column, place, reader in _READERS:
        cell = one.cells.get(column)
        if is_blank(cell):
            if column in REQUIRED:
                faults.append(Fault(one.number, column, "is empty; it is required"))
            continue
        try:
            said[place] = reader(cell)
        except ValueError as fault:
            faults.append(Fault(one.number, column, str(fault)))
    return said, faults


def _of_registration(row: ImportRow, today: date) -> Iterable[Fault]:
    for fault in faults_in(row, today=today):
        yield Fault(row.number, _COLUMN_OF[fault.field], fault.message)


def _of_contact(row: ImportRow) -> Iterable[Fault]:
    if row.contact_email and not row.contact_name:
        yield Fault(row.number, "employer_contact_name", "is empty; the address needs a name")
    if row.contact_email and row.contact_name and row.contact is None:
        yield Fault(row.number, "employer_contact_name", "must be given names and a family name")


def _warnings(row: ImportRow) -> Iterable[Fault]:
    if not row.is_nameless and not uln_adds_up(row.uln):
        yield Fault(row.number, "uln", "its last figure does not fit the others; look at it again")
    if row.contact_name and not row.contact_email:
        yield Fault(
            row.number,
            "employer_contact_name",
            "has no address, so that nobody can be invited; it is left out",
        )


class _Seen:
    """Whom the rows before spoke of, by number, by name and by address."""

    def __init__(self) -> None:
        self._ulns: dict[str, int] = {}
        self._identities: dict[Identity, ImportRow] = {}
        self._emails: dict[str, int] = {}

    def repeated_uln(self, number: int, uln: str | None) -> Fault | None:
        if uln is None or uln == PLACEHOLDER_ULN:
            return None
        first = self._ulns.setdefault(uln, number)
        if first == number:
            return None
        return Fault(number, "uln", f"is in row {first} already; a learner has one row")

    def faults(self, row: ImportRow) -> Iterable[Fault]:
        if repeated := self.repeated_uln(row.number, row.uln):
            yield repeated
        # Two who have a number each may well be called the same.
        first = self._identities.setdefault(row.identity, row)
        if first is not row and (row.is_nameless or first.is_nameless):
            yield Fault(
                row.number,
                "uln",
                f"these names, birth date and employer are in row {first.number} already",
            )
        if row.email:
            before = self._emails.setdefault(email_key(row.email), row.number)
            if before != row.number:
                yield Fault(row.number, "email", f"is the address in row {before} already")


# -------------------------------------------------------------------- compared with the record


@dataclass(frozen=True)
class Known:
    """What the record has of somebody whom a row speaks of."""

    assessment_id: UUID
    person_id: UUID
    stage: Stage
    is_accepted: bool
    locked: frozenset[str]
    uln: str
    given_names: str
    family_name: str
    email: str | None
    employer: str
    provider_ukprn: str | None
    standard_reference: str
    date_of_birth: date
    learning_start_on: date
    original_start_on: date
    planned_end_on: date | None
    planned_gateway_on: date | None
    workplace_address: str | None
    english: Attainment
    maths: Attainment
    has_ehc_plan: bool
    has_legacy_statement: bool
    has_bsl: bool
    opted_in_to_english_maths: bool

    @property
    def is_over(self) -> bool:
        """Whether their way is over: then a later start is another registration."""
        return self.stage in _OVER


def differences(row: ImportRow, known: Known) -> tuple[str, ...]:
    """The columns in which a row says something else than the record; an empty cell says nothing.

    The placeholder does not take away a number that was found since.
    """
    changed = [
        _COLUMN_OF[place]
        for place in PLAIN
        if getattr(row, place) is not None and getattr(row, place) != getattr(known, place)
    ]
    if row.uln != known.uln and not row.is_nameless:
        changed.append("uln")
    changed += [
        place
        for place in ("given_names", "family_name")
        if getattr(row, place) != getattr(known, place)
    ]
    if search_form(row.employer) != search_form(known.employer):
        changed.append("employer")
    if row.provider_ukprn and row.provider_ukprn != known.provider_ukprn:
        changed.append("provider_ukprn")
    if row.email and (known.email is None or email_key(row.email) != email_key(known.email)):
        changed.append("email")
    return tuple(changed)


def forbidden(row: ImportRow, known: Known, changed: Iterable[str]) -> list[Fault]:
    """What a row may not change: the record is over, or the gateway was decided on it."""
    if known.is_over:
        return [
            Fault(row.number, column, "differs, but this apprentice’s record is closed")
            for column in changed
            if column not in {"uln", "given_names", "family_name", "email"}
        ]
    decided = {_COLUMN_OF[place] for place in _JUDGED_AT_GATEWAY} if known.is_accepted else set()
    return [
        Fault(row.number, column, "differs, but the gateway was decided on what is recorded")
        for column in changed
        if column in decided | known.locked
    ]
