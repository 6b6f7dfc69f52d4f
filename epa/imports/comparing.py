"""What would become of each row of a table: the dry run, which the import itself begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from epa.errors import RuleBroken
from epa.imports import queries
from epa.imports.cells import Fault
from epa.imports.rules import Fate, ImportRow, Known, Reading, differences, forbidden
from epa.people.models import Organisation, Person
from epa.people.names import email_key, search_form
from epa.people.rules import EPAO_ROLES, OrganisationKind, Role
from epa.registration.queries import standards
from epa.registration.services import check_same
from frameworks import AssessmentPlan

# What belongs to a person's account, which may not be this EPAO's alone to change.
_ACCOUNT: Final = frozenset({"given_names", "family_name", "email"})


@dataclass
class Body:
    """An employer or provider of the table: known, known as something else, or new."""

    kind: OrganisationKind
    name: str
    ukprn: str | None = None
    row: Organisation | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is on record as what the table calls it."""
        return self.row is not None and self.kind in self.row.kinds


@dataclass(frozen=True)
class Planned:
    """One row with its fate and all that it takes to store it."""

    row: ImportRow
    fate: Fate
    changed: tuple[str, ...]
    employer: Body
    provider: Body | None
    plan: AssessmentPlan
    known: Known | None = None
    person: Person | None = None
    adds_contact: bool = False


@dataclass
class ImportPlan:
    """What an import would do, row by row."""

    read: int
    rows: list[Planned]
    rejected: list[Fault]
    warnings: list[Fault]
    new_bodies: list[tuple[int, Body]]
    names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of_nothing(cls, read: int, rejected: Sequence[Fault]) -> ImportPlan:
        """The plan of a table of which nothing can be stored."""
        return cls(read, [], list(rejected), [], [])

    def count(self, fate: Fate) -> int:
        """How many rows share a fate."""
        if fate is Fate.REJECTED:
            return len({fault.row for fault in self.rejected})
        return Counter(one.fate for one in self.rows)[fate]


def planned(reading: Reading, epao: Organisation) -> ImportPlan:
    """Compare a table's rows with the record; nothing is changed."""
    comparison = _Comparison(reading.rows, epao)
    rejected, rows = list(reading.rejected), []
    for row in reading.rows:
        faults = comparison.faults(row)
        if faults:
            rejected += faults
        else:
            rows.append(comparison.planned(row))
    faulty = {fault.row for fault in rejected}
    return ImportPlan(
        read=reading.read,
        rows=rows,
        rejected=sorted(rejected, key=lambda fault: fault.row),
        warnings=sorted(
            [
                *(one for one in reading.warnings if one.row not in faulty),
                *comparison.warnings(rows),
            ],
            key=lambda fault: fault.row,
        ),
        new_bodies=comparison.new_bodies(rows),
        names=reading.names,
    )


class _Comparison:
    """Everything that is looked up for a table, once."""

    def __init__(self, rows: Sequence[ImportRow], epao: Organisation) -> None:
        self._epao = epao
        self._plans = {plan.standard_reference: plan for plan in standards()}
        register = queries.Register(rows, epao)
        self._known = {row.number: self._match(register, row) for row in rows}
        self._elsewhere = {row.number for row in rows if register.is_registered_elsewhere(row)}
        decided = queries.decided_columns(
            [one.assessment_id for one in self._known.values() if one and not one.is_accepted]
        )
        self._known = {
            number: one and replace(one, locked=decided.get(one.assessment_id, frozenset()))
            for number, one in self._known.items()
        }
        self._changed = {
            row.number: differences(row, known) if (known := self._known[row.number]) else ()
            for row in rows
        }
        self._people = queries.people_with(self._addresses(rows))
        self._not_ours = queries.belonging_elsewhere(
            {
                known.person_id
                for number, known in self._known.items()
                if known and _ACCOUNT & set(self._changed[number])
            },
            epao,
        )
        self._named = queries.organisations_named({row.employer for row in rows})
        self._numbered = queries.organisations_numbered(
            {row.provider_ukprn for row in rows if row.provider_ukprn}
        )
        self._bodies: dict[tuple[OrganisationKind, str], Body] = {}
        self._contacts: set[tuple[str, str]] = set()

    def _addresses(self, rows: Sequence[ImportRow]) -> Iterator[str]:
        """Those that somebody may have already: of new apprentices, changed ones, and contacts."""
        for row in rows:
            is_new = self._known[row.number] is None or "email" in self._changed[row.number]
            if row.email and is_new:
                yield row.email
            if row.contact_email:
                yield row.contact_email

    def _match(self, register: queries.Register, row: ImportRow) -> Known | None:
        """The registration that a row speaks of; a later start after one that is over is new."""
        known = register.registered(row)
        if known and known.is_over and row.learning_start_on > known.learning_start_on:
            return None
        return known

    # ------------------------------------------------------------------------ what is wrong

    def faults(self, row: ImportRow) -> list[Fault]:
        """Why the record does not take a row; empty if it does."""
        known = self._known[row.number]
        if row.standard_reference not in self._plans:
            problem = "is not a standard that is assessed here"
            return [Fault(row.number, "standard_reference", problem)]
        if known is None and row.number in self._elsewhere:
            problem = f"is registered already for {row.standard_reference}"
            return [Fault(row.number, "uln", problem)]
        changed = self._changed[row.number]
        faults = forbidden(row, known, changed) if known else []
        faults += self._of_employer(row, known)
        faults += self._of_provider(row)
        faults += self._of_address(row, known, changed)
        return [*faults, *self._of_contact(row)]

    def _of_employer(self, row: ImportRow, known: Known | None) -> list[Fault]:
        if known and search_form(row.employer) == search_form(known.employer):
            return []
        found = self._named.get(search_form(row.employer), [])
        employers = [one for one in found if OrganisationKind.EMPLOYER in one.kinds]
        if len(employers) > 1:
            problem = "several employers here have this name; make their names differ first"
            return [Fault(row.number, "employer", problem)]
        if not employers and any(OrganisationKind.EPAO in one.kinds for one in found):
            problem = "is not an employer here; say on its own page that it is one"
            return [Fault(row.number, "employer", problem)]
        return []

    def _of_provider(self, row: ImportRow) -> list[Fault]:
        found = self._numbered.get(row.provider_ukprn or "")
        if found is None or OrganisationKind.TRAINING_PROVIDER in found.kinds:
            return []
        if OrganisationKind.EPAO in found.kinds:
            problem = "is not a training provider here; say on its own page that it is one"
            return [Fault(row.number, "provider_ukprn", problem)]
        return []

    def _of_address(
        self, row: ImportRow, known: Known | None, changed: Sequence[str]
    ) -> list[Fault]:
        if known and known.person_id in self._not_ours and _ACCOUNT & set(changed):
            problem = "belongs to another organisation too; change it on their own page"
            return [Fault(row.number, "given_names", problem)]
        holder = self._people.get(email_key(row.email)) if row.email else None
        if holder is None or (known and holder.id == known.person_id):
            return []
        if known is not None:
            return [Fault(row.number, "email", "is somebody else’s address already")]
        try:
            check_same(holder, (row.given_names, row.family_name), self._epao)
        except RuleBroken as broken:
            return [Fault(row.number, "email", broken.message)]
        return []

    def _of_contact(self, row: ImportRow) -> list[Fault]:
        holder = self._contact_on_record(row)
        if holder is None:
            return []
        if holder.disabled_at is not None:
            return [Fault(row.number, "employer_contact_email", "belongs to a disabled account")]
        if any(held.role in EPAO_ROLES for held in holder.roles_held):
            problem = "belongs to somebody who is not an employer’s contact"
            return [Fault(row.number, "employer_contact_email", problem)]
        return []

    def _contact_on_record(self, row: ImportRow) -> Person | None:
        return self._people.get(email_key(row.contact_email)) if row.contact_email else None

    # ---------------------------------------------------------------------------- its fate

    def planned(self, row: ImportRow) -> Planned:
        """A row that is taken, with what it changes."""
        known = self._known[row.number]
        changed = self._changed[row.number]
        employer = self._employer(row)
        adds_contact = self._adds_contact(row, employer)
        if known and adds_contact:
            changed = (*changed, "employer_contact_email")
        holder = self._people.get(email_key(row.email)) if row.email else None
        fate = Fate.UPDATED if changed else Fate.UNCHANGED
        return Planned(
            row=row,
            fate=fate if known else Fate.CREATED,
            changed=changed,
            employer=employer,
            provider=self._provider(row),
            plan=self._plans[row.standard_reference],
            known=known,
            person=None if known else holder,
            adds_contact=adds_contact,
        )

    def _employer(self, row: ImportRow) -> Body:
        key = (OrganisationKind.EMPLOYER, search_form(row.employer))
        if key not in self._bodies:
            found = self._named.get(key[1], [])
            employers = [one for one in found if OrganisationKind.EMPLOYER in one.kinds]
            row_found = next(iter(employers or found), None)
            self._bodies[key] = Body(OrganisationKind.EMPLOYER, row.employer, row=row_found)
        return self._bodies[key]

    def _provider(self, row: ImportRow) -> Body | None:
        if row.provider_ukprn is None:
            return None
        key = (OrganisationKind.TRAINING_PROVIDER, row.provider_ukprn)
        if key not in self._bodies:
            found = self._numbered.get(row.provider_ukprn)
            name = found.name if found else f"Training provider {row.provider_ukprn}"
            self._bodies[key] = Body(
                OrganisationKind.TRAINING_PROVIDER, name, row.provider_ukprn, found
            )
        return self._bodies[key]

    def _adds_contact(self, row: ImportRow, employer: Body) -> bool:
        """Whether the row is the first to give its employer a contact that it does not have."""
        if row.contact is None or row.contact_email is None:
            return False
        key = (email_key(row.contact_email), search_form(row.employer))
        holder = self._contact_on_record(row)
        has_it = (
            holder is not None
            and employer.row is not None
            and _has_role(holder, Role.EMPLOYER, employer.row.id)
        )
        if has_it or key in self._contacts:
            return False
        self._contacts.add(key)
        return True

    # ------------------------------------------------------------------------ what is new

    def new_bodies(self, rows: Sequence[Planned]) -> list[tuple[int, Body]]:
        """Organisations that are added or become something more, each at its first row."""
        first: dict[int, tuple[int, Body]] = {}
        for one in rows:
            for body in (one.employer, one.provider):
                if body is not None and not body.is_known and _is_used(one, body):
                    first.setdefault(id(body), (one.row.number, body))
        return list(first.values())

    def warnings(self, rows: Sequence[Planned]) -> list[Fault]:
        """What somebody should look at, of the organisations."""
        column = {
            OrganisationKind.EMPLOYER: "employer",
            OrganisationKind.TRAINING_PROVIDER: "provider_ukprn",
        }
        return [
            Fault(
                number,
                column[body.kind],
                f"is not known yet; “{body.name}” is added"
                if body.row is None
                else f"“{body.name}” is known as something else and becomes this too",
            )
            for number, body in self.new_bodies(rows)
        ]


def _is_used(one: Planned, body: Body) -> bool:
    """Whether storing the row needs the organisation: not where it says what is on record."""
    if one.fate is Fate.CREATED:
        return True
    wanted = "employer" if body.kind is OrganisationKind.EMPLOYER else "provider_ukprn"
    return wanted in one.changed


def _has_role(person: Person, role: Role, organisation_id: UUID) -> bool:
    return any(
        held.role is role and held.organisation_id == organisation_id
        for held in person.current_roles
    )
