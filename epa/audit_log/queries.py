"""Which entries of the log somebody may read, and how they are narrowed.

The log itself knows no organisation. An entry is shown to the readers of an EPAO when it is about
one of its assessments (or anything that hangs on one), about one of its people, or was made by
somebody who belongs to it and to no other (docs/decisions/0012-reach-of-the-audit-log.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, and_, or_, select

from epa.audit.models import AuditEntry
from epa.audit_log.rules import identifiers_in
from epa.clock import london_instant
from epa.database import Base, db
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.scope import assessments
from epa.people.models import Organisation, Person
from epa.people.queries import (
    PeopleFilter,
    belongs_elsewhere,
    belongs_to,
    epao_ids,
    narrowed,
    people,
)
from epa.people.rules import Permission


@dataclass(frozen=True)
class EntryFilter:
    """How the log is narrowed; None or empty leaves it wide."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    subject_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None


def entries(person: Person, permission: Permission) -> Select[AuditEntry]:
    """The entries this person may read, the latest first."""
    epaos = epao_ids(person, permission)
    ours = select(Person.id).where(belongs_to(epaos))
    reached = assessments(person, permission).with_only_columns(EndPointAssessment.id)
    return (
        select(AuditEntry)
        .where(
            or_(
                AuditEntry.actor_id.in_(ours.where(~belongs_elsewhere(epaos))),
                _about(Person.__name__, ours),
                _about(Organisation.__name__, epaos),
                *_about_assessments(reached),
            )
        )
        .order_by(AuditEntry.row.desc())
    )


def _about(name: str, ids: Any) -> ColumnElement[bool]:
    return and_(AuditEntry.subject_type == name, AuditEntry.subject_id.in_(ids))


def _about_assessments(reached: Select[Any]) -> Iterator[ColumnElement[bool]]:
    of_them = select(EndPointAssessment.apprenticeship_id).where(EndPointAssessment.id.in_(reached))
    yield _about(Apprenticeship.__name__, of_them)
    for name, table in _hanging().items():
        yield _about(name, _ids(table, reached))


def _ids(table: Table, reached: Select[Any]) -> Select[Any]:
    if table is _root():
        return reached
    column, parent = _ways()[table]
    return select(table.c.id).where(column.in_(_ids(parent, reached)))


@cache
def _hanging() -> Mapping[str, Table]:
    """Every kind of record that hangs on an assessment, by the name the log has for it."""
    tables = {_root(), *_ways()}
    named = {mapper.class_.__name__: mapper.local_table for mapper in Base.registry.mappers}
    return {
        name: table
        for name, table in sorted(named.items())
        if isinstance(table, Table) and table in tables
    }


def _root() -> Table:
    table = EndPointAssessment.__table__
    assert isinstance(table, Table)
    return table


@cache
def _ways() -> Mapping[Table, tuple[Column[Any], Table]]:
    """For each table that hangs on an assessment: its shortest way there, one key at a time."""
    ways: dict[Table, tuple[Column[Any], Table]] = {}
    edge = [_root()]
    while edge:
        found = [
            (table, column, parent)
            for parent in edge
            for table in Base.metadata.sorted_tables
            for column in table.c
            if table is not _root() and column.references(parent.c.id)
        ]
        edge = []
        for table, column, parent in found:
            if table not in ways and "id" in table.c:
                ways[table] = (column, parent)
                edge.append(table)
    return ways


@dataclass(frozen=True)
class Subject:
    """Whom or what a record is about, in words, and the assessment or person that may be opened."""

    words: str
    assessment_id: UUID | None = None
    person_id: UUID | None = None


def subjects_of(
    found: Sequence[AuditEntry], reader: Person, permission: Permission
) -> dict[UUID, Subject]:
    """Whom the records of some entries are about, by record, as far as the reader reaches them.

    One question for each kind of record among them, one for the apprentices and one for others.
    What details name is a person, an assessment or an attempt, or stays as it is.
    """
    named_in = set().union(*(identifiers_in(one.details) for one in found))
    wanted: dict[str, set[UUID]] = {
        kind.__name__: set(named_in) for kind in (Person, EndPointAssessment, MethodAttempt)
    }
    for one in found:
        if one.subject_id is not None:
            wanted.setdefault(one.subject_type, set()).add(one.subject_id)
    named = _people_named(wanted.get(Person.__name__, set()), reader, permission)
    return named | _about_apprentices(wanted, reader, permission)


def _people_named(ids: set[UUID], reader: Person, permission: Permission) -> dict[UUID, Subject]:
    if not ids:
        return {}
    ours = select(Person).where(Person.id.in_(ids), belongs_to(epao_ids(reader, permission)))
    managed = people(reader, Permission.MANAGE_PEOPLE).where(Person.id.in_(ids))
    opened = set(db.session.scalars(managed.with_only_columns(Person.id)))
    shown = {one.id: one for query in (ours, managed) for one in db.session.scalars(query)}
    return {
        key: Subject(one.name, person_id=key if key in opened else None)
        for key, one in shown.items()
    }


def _about_apprentices(
    wanted: Mapping[str, set[UUID]], reader: Person, permission: Permission
) -> dict[UUID, Subject]:
    of: dict[UUID, UUID] = {}
    for kind, ids in wanted.items():
        if not ids:
            continue
        table = _hanging().get(kind)
        if table is not None:
            of |= {row[0]: row[1] for row in db.session.execute(_to_assessment(table, ids))}
        elif kind == Apprenticeship.__name__:
            newest = select(EndPointAssessment.apprenticeship_id, EndPointAssessment.id)
            query = newest.where(EndPointAssessment.apprenticeship_id.in_(ids))
            found = db.session.execute(query.order_by(EndPointAssessment.number))
            of |= {row[0]: row[1] for row in found}
    if not of:
        return {}
    reached = assessments(reader, permission).where(EndPointAssessment.id.in_(set(of.values())))
    open_to = assessments(reader, Permission.VIEW_ASSESSMENT).with_only_columns(
        EndPointAssessment.id
    )
    opened = set(db.session.scalars(open_to.where(EndPointAssessment.id.in_(set(of.values())))))
    names_of = {one.id: one.apprenticeship.person.name for one in db.session.scalars(reached)}
    return {
        record: Subject(names_of[key], assessment_id=key if key in opened else None)
        for record, key in of.items()
        if key in names_of
    }


def _to_assessment(table: Table, ids: set[UUID]) -> Select[UUID, UUID]:
    """From records of a table to the assessments that they hang on."""
    ways, query, at = _ways(), select(table.c.id), table
    last: ColumnElement[UUID] = table.c.id
    joined: Any = table
    while at is not _root():
        column, parent = ways[at]
        last = column
        if parent is _root():
            break
        joined, at = joined.join(parent, column == parent.c.id), parent
    return query.add_columns(last).select_from(joined).where(table.c.id.in_(ids))


def narrowed_entries(
    query: Select[AuditEntry], by: EntryFilter, reader: Person, permission: Permission
) -> Select[AuditEntry]:
    """The entries narrowed by what was asked for; days are London's, both included."""
    if by.actor:
        named = narrowed(people(reader, permission), PeopleFilter(words=by.actor))
        query = query.where(AuditEntry.actor_id.in_(named.with_only_columns(Person.id)))
    if by.action:
        query = query.where(AuditEntry.action == by.action)
    if by.subject:
        query = query.where(AuditEntry.subject_type == by.subject)
    if by.subject_id:
        query = query.where(AuditEntry.subject_id == by.subject_id)
    if by.first_day:
        query = query.where(AuditEntry.at >= london_instant(by.first_day, time()))
    if by.last_day:
        query = query.where(AuditEntry.at < london_instant(by.last_day + timedelta(days=1), time()))
    return query


def actions(query: Select[AuditEntry]) -> list[str]:
    """The actions among some entries, for the list to choose from."""
    wanted = query.order_by(None).with_only_columns(AuditEntry.action).distinct()
    return sorted(db.session.scalars(wanted))


def subjects(query: Select[AuditEntry]) -> list[str]:
    """The kinds of record among some entries."""
    wanted = query.order_by(None).with_only_columns(AuditEntry.subject_type).distinct()
    return sorted(db.session.scalars(wanted))


def actor_ids(query: Select[AuditEntry]) -> set[UUID | None]:
    """Whoever acted in some entries."""
    return set(
        db.session.scalars(query.order_by(None).with_only_columns(AuditEntry.actor_id).distinct())
    )


def names(ids: set[UUID | None]) -> dict[UUID, str]:
    """The names of the people who acted, by id."""
    found = db.session.execute(
        select(Person.id, Person.given_names, Person.family_name).where(
            Person.id.in_([one for one in ids if one])
        )
    )
    return {row.id: f"{row.given_names} {row.family_name}" for row in found}
