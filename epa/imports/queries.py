"""What is known already of the people and organisations that a table speaks of, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from epa.database import db
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.rules import Check, RequirementDecision, check_of
from epa.imports.models import ApprenticeImport, ImportLine
from epa.imports.rules import Fate, ImportRow, Known, identity
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import PLACEHOLDER_ULN
from epa.people.models import Organisation, Person, RoleAssignment
from epa.people.names import email_key, search_form
from epa.people.queries import epao_ids
from epa.people.rules import EPAO_ROLES, Permission
from epa.settings import queries as settings

# How many values one question to the database carries.
_AT_ONCE: Final = 500
_MOST_EARLIER: Final = 20
Value = TypeVar("Value")
# A question to the database that is answered in rows of several columns.
Question = Select[*tuple[Any, ...]]

_EMPLOYER = aliased(Organisation)
_PROVIDER = aliased(Organisation)
# The columns of the gateway's decided rows on which a file has nothing more to say.
_DECIDED_ON: Final[dict[Check, frozenset[str]]] = {
    Check.TIME: frozenset({"learning_start"}),
    Check.QUALIFICATIONS: frozenset(
        {
            *("date_of_birth", "original_start", "ehc_plan", "legacy_statement", "bsl"),
            "english_maths_opt_in",
        }
    ),
}


class Register:
    """Every registration that a table's rows may mean, found by number or by name."""

    def __init__(self, rows: Sequence[ImportRow], epao: Organisation) -> None:
        self._epao = epao
        self._by_uln: dict[tuple[str, str], list[tuple[UUID, Known]]] = {}
        self._by_name: dict[Any, list[tuple[UUID, Known]]] = {}
        self._seen: set[UUID] = set()
        nameless = [row for row in rows if row.is_nameless]
        for found in (
            *_in_parts({row.uln for row in rows} - {PLACEHOLDER_ULN}, self._with_ulns),
            self._without_number(),
            *_in_parts({row.date_of_birth for row in nameless}, self._born_on),
        ):
            self._add(found)

    def registered(self, row: ImportRow) -> Known | None:
        """The registration at this EPAO that a row speaks of: an open one before one that is over.

        One with the row's number; else one without a number of their own under the same names,
        birth date and employer; for a row without a number, whoever has those.
        """
        if not row.is_nameless and (held := self._here(self._numbered(row))):
            return held
        named = self._here(self._by_name.get(row.identity, []))
        return named if named and (row.is_nameless or named.uln == PLACEHOLDER_ULN) else None

    def is_registered_elsewhere(self, row: ImportRow) -> bool:
        """Whether another EPAO has an open registration under the row's number."""
        return any(
            epao != self._epao.id and not known.is_over for epao, known in self._numbered(row)
        )

    def _numbered(self, row: ImportRow) -> list[tuple[UUID, Known]]:
        if row.is_nameless:
            return []
        return self._by_uln.get((row.uln, row.standard_reference), [])

    def _here(self, found: Iterable[tuple[UUID, Known]]) -> Known | None:
        ours = [known for epao, known in found if epao == self._epao.id]
        return next((known for known in ours if not known.is_over), ours[0] if ours else None)

    def _add(self, found: Question) -> None:
        for row in db.session.execute(found).mappings():
            if row["assessment_id"] in self._seen:
                continue
            self._seen.add(row["assessment_id"])
            values = dict(row)
            epao = values.pop("epao_id")
            known = Known(locked=frozenset(), **values)
            self._by_uln.setdefault((known.uln, known.standard_reference), []).append((epao, known))
            key = identity(
                (known.given_names, known.family_name),
                known.date_of_birth,
                known.employer,
                known.standard_reference,
            )
            self._by_name.setdefault(key, []).append((epao, known))

    def _with_ulns(self, ulns: Collection[str]) -> Question:
        return _registrations().where(Apprenticeship.uln.in_(ulns))

    def _without_number(self) -> Question:
        return _registrations().where(
            Apprenticeship.uln == PLACEHOLDER_ULN, EndPointAssessment.epao_id == self._epao.id
        )

    def _born_on(self, days: Collection[Any]) -> Question:
        return _registrations().where(
            Apprenticeship.date_of_birth.in_(days), EndPointAssessment.epao_id == self._epao.id
        )


def _registrations() -> Question:
    query: Question = (
        select(
            EndPointAssessment.id.label("assessment_id"),
            EndPointAssessment.epao_id,
            EndPointAssessment.stage,
            EndPointAssessment.gateway_accepted_at.is_not(None).label("is_accepted"),
            Apprenticeship.person_id,
            Apprenticeship.uln,
            Person.given_names,
            Person.family_name,
            Person.email,
            _EMPLOYER.name.label("employer"),
            _PROVIDER.ukprn.label("provider_ukprn"),
            Apprenticeship.standard_reference,
            Apprenticeship.date_of_birth,
            Apprenticeship.learning_start_on,
            Apprenticeship.original_start_on,
            Apprenticeship.planned_end_on,
            Apprenticeship.planned_gateway_on,
            Apprenticeship.workplace_address,
            Apprenticeship.english,
            Apprenticeship.maths,
            Apprenticeship.has_ehc_plan,
            Apprenticeship.has_legacy_statement,
            Apprenticeship.has_bsl,
            Apprenticeship.opted_in_to_english_maths,
        )
        .join(Apprenticeship, EndPointAssessment.apprenticeship_id == Apprenticeship.id)
        .join(Person, Apprenticeship.person_id == Person.id)
        .join(_EMPLOYER, Apprenticeship.employer_id == _EMPLOYER.id)
        .outerjoin(_PROVIDER, Apprenticeship.provider_id == _PROVIDER.id)
        .order_by(EndPointAssessment.stage_since.desc(), EndPointAssessment.id)
    )
    return query


def decided_columns(assessments: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """For each assessment the columns that an accepted requirement of its gateway rests on."""
    found: dict[UUID, frozenset[str]] = {}

    def accepted(ids: Collection[UUID]) -> Question:
        query: Question = (
            select(
                GatewayReview.assessment_id,
                GatewayRequirement.code,
                EndPointAssessment.framework_code,
                EndPointAssessment.framework_version,
            )
            .join(GatewayRequirement.review)
            .join(EndPointAssessment, EndPointAssessment.id == GatewayReview.assessment_id)
            .where(
                GatewayReview.assessment_id.in_(ids),
                GatewayRequirement.decision == RequirementDecision.ACCEPTED,
            )
        )
        return query

    for query in _in_parts(assessments, accepted):
        for key, code, framework, version in db.session.execute(query):
            check = check_of(definition(framework, version).gateway.requirement(code))
            found[key] = found.get(key, frozenset()) | _DECIDED_ON.get(check, frozenset())
    return found


def people_with(emails: Iterable[str]) -> dict[str, Person]:
    """Whoever has one of these addresses, by the address as it is compared."""
    keys = {email_key(email) for email in emails}
    return {
        person.email_key: person
        for query in _in_parts(keys, lambda part: select(Person).where(Person.email_key.in_(part)))
        for person in db.session.scalars(query)
        if person.email_key is not None
    }


def belonging_elsewhere(people: Collection[UUID], epao: Organisation) -> set[UUID]:
    """Which of these people hold or held a role at another EPAO, so that they are not ours alone."""

    def elsewhere(part: Collection[UUID]) -> Question:
        return select(RoleAssignment.person_id).where(
            RoleAssignment.person_id.in_(part),
            RoleAssignment.role.in_(EPAO_ROLES),
            RoleAssignment.organisation_id != epao.id,
        )

    return {
        person for query in _in_parts(people, elsewhere) for person in db.session.scalars(query)
    }


def organisations_named(names: Iterable[str]) -> dict[str, list[Organisation]]:
    """The organisations with these names, by the name as it is searched."""
    found: dict[str, list[Organisation]] = {}
    for query in _in_parts(
        {search_form(name) for name in names},
        lambda part: select(Organisation).where(Organisation.search_name.in_(part)),
    ):
        for row in db.session.scalars(query):
            found.setdefault(row.search_name, []).append(row)
    return found


def organisations_numbered(ukprns: Collection[str]) -> dict[str, Organisation]:
    """The organisations with these UKPRNs."""
    return {
        row.ukprn: row
        for query in _in_parts(
            ukprns, lambda part: select(Organisation).where(Organisation.ukprn.in_(part))
        )
        for row in db.session.scalars(query)
        if row.ukprn is not None
    }


def imports(person: Person, permission: Permission) -> Select[ApprenticeImport]:
    """The imports within a person's reach: those for the EPAOs at which they may do this."""
    return select(ApprenticeImport).where(
        ApprenticeImport.epao_id.in_(epao_ids(person, permission))
    )


def import_for(person: Person, permission: Permission, import_id: UUID) -> ApprenticeImport | None:
    """The import, if this person may do this to it; else None, as for an unknown id."""
    return db.session.scalar(imports(person, permission).where(ApprenticeImport.id == import_id))


def earlier(person: Person, permission: Permission) -> Sequence[ApprenticeImport]:
    """The last imports within a person's reach, the newest first."""
    found = imports(person, permission).order_by(ApprenticeImport.checked_at.desc())
    return db.session.scalars(found.limit(_MOST_EARLIER)).all()


def to_forget(at: datetime) -> Sequence[UUID]:
    """The tables that are kept for longer than the settings say, since they were last looked at."""
    before = at - timedelta(days=settings.value("import_table_days"))
    last = func.coalesce(ApprenticeImport.stored_at, ApprenticeImport.checked_at)
    query = select(ApprenticeImport.id).where(
        ApprenticeImport.forgotten_at.is_(None), last < before
    )
    return db.session.scalars(query.order_by(last)).all()


def lines(
    kept: ApprenticeImport, fate: Fate | None = None, *, only_to_look_at: bool = False
) -> Select[ImportLine]:
    """The rows of an import in their order, narrowed to a fate or to those with a warning."""
    query = select(ImportLine).where(ImportLine.import_id == kept.id)
    if fate is not None:
        query = query.where(ImportLine.fate == fate)
    if only_to_look_at:
        query = query.where(ImportLine.is_to_look_at)
    return query.order_by(ImportLine.row)


def assessments_of(ids: Sequence[UUID]) -> Iterator[EndPointAssessment]:
    """The assessments with these ids, some at a time."""
    for query in _in_parts(
        ids, lambda part: select(EndPointAssessment).where(EndPointAssessment.id.in_(part))
    ):
        yield from db.session.scalars(query)


def _in_parts(
    values: Collection[Value], asked: Callable[[Collection[Value]], Question]
) -> Iterator[Question]:
    listed = list(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield asked(listed[start : start + _AT_ONCE])
