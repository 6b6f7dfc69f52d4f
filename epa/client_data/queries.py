"""Which lists of clients somebody reaches, and the definition that says what comes out of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from epa.client_data.models import ClientRecords, ClientSample
from epa.client_data.rules import FRAMEWORK
from epa.database import db
from epa.lifecycle.definitions import any_definition, every_definition
from epa.people.models import Organisation, OrganisationKindHeld, Person
from epa.people.queries import epao_ids
from epa.people.rules import GRANTS, ROLE_BELONGS_TO, OrganisationKind, Permission, Role
from frameworks.kpis.report import with_clients
from frameworks.quality_framework import ClientMeasures, WeightedFidelity

_PROVIDERS = ROLE_BELONGS_TO[Role.PROVIDER_QUALITY_LEAD]


def led_by(person: Person, permission: Permission) -> frozenset[UUID]:
    """The organisations whose quality this person leads, if that grants the permission."""
    return frozenset(
        held.organisation_id
        for held in person.current_roles
        if held.role is Role.PROVIDER_QUALITY_LEAD and permission in GRANTS[held.role]
    )


def lists(person: Person, permission: Permission) -> Select[ClientRecords]:
    """The lists within a person's reach: of the providers they lead, and kept for their EPAO."""
    return select(ClientRecords).where(
        or_(
            ClientRecords.organisation_id.in_(led_by(person, permission)),
            ClientRecords.epao_id.in_(epao_ids(person, permission)),
        )
    )


def list_for(person: Person, permission: Permission, list_id: UUID) -> ClientRecords | None:
    """The list, if this person may do this to it; else None, as for an unknown id."""
    return db.session.scalar(
        lists(person, permission)
        .where(ClientRecords.id == list_id)
        .options(
            joinedload(ClientRecords.stored_by),
            selectinload(ClientRecords.samples).joinedload(ClientSample.drawn_by),
        )
    )


def lists_of(
    person: Person, permission: Permission, organisation: Organisation
) -> Sequence[ClientRecords]:
    """A provider's lists within a person's reach, the latest period first."""
    found = lists(person, permission).where(ClientRecords.organisation_id == organisation.id)
    return db.session.scalars(
        found.options(joinedload(ClientRecords.stored_by)).order_by(
            ClientRecords.ends_on.desc(), ClientRecords.starts_on.desc(), ClientRecords.id
        )
    ).all()


def providers(person: Person, permission: Permission) -> Select[Organisation]:
    """The providers for which a person may do this.

    Those they lead; for an EPAO's people who upload lists every provider, as providers are shared
    between EPAOs, and for those who only look the providers with a list that is kept for them.
    """
    epaos, kinds = epao_ids(person, permission), OrganisationKindHeld
    if epao_ids(person, Permission.MANAGE_CLIENT_DATA) & epaos:
        return select(Organisation).where(
            exists().where(kinds.organisation_id == Organisation.id, kinds.kind.in_(_PROVIDERS))
        )
    has_list = exists().where(
        ClientRecords.organisation_id == Organisation.id, ClientRecords.epao_id.in_(epaos)
    )
    return select(Organisation).where(
        or_(Organisation.id.in_(led_by(person, permission)), has_list)
    )


def provider_for(
    person: Person, permission: Permission, organisation_id: UUID
) -> Organisation | None:
    """The provider, if this person may do this for it; else None, as for an unknown id."""
    return db.session.scalar(
        providers(person, permission).where(Organisation.id == organisation_id)
    )


def kept_for(person: Person, permission: Permission) -> Sequence[Organisation]:
    """The EPAOs for which this person may keep a list, by name: their own, or any to choose from."""
    ours = epao_ids(person, permission)
    kinds = OrganisationKindHeld
    found = select(Organisation).where(
        exists().where(
            kinds.organisation_id == Organisation.id, kinds.kind == OrganisationKind.EPAO
        )
    )
    if ours:
        found = found.where(Organisation.id.in_(ours))
    return db.session.scalars(found.order_by(Organisation.search_name, Organisation.id)).all()


def same_period(
    organisation: Organisation, epao: Organisation, starts_on: date, ends_on: date
) -> ClientRecords | None:
    """The list that is kept already for the same days."""
    return db.session.scalar(
        select(ClientRecords).where(
            ClientRecords.organisation_id == organisation.id,
            ClientRecords.epao_id == epao.id,
            ClientRecords.starts_on == starts_on,
            ClientRecords.ends_on == ends_on,
        )
    )


def newest_kept(organisation_id: UUID, epao_id: UUID, framework_code: str) -> ClientRecords | None:
    """A provider's latest list for an EPAO, for a review of that provider by that EPAO.

    Who may see the review is for the caller to know; of the list they are shown its figures only.
    """
    return db.session.scalar(
        select(ClientRecords)
        .where(
            ClientRecords.organisation_id == organisation_id,
            ClientRecords.epao_id == epao_id,
            ClientRecords.framework_code == framework_code,
        )
        .order_by(ClientRecords.ends_on.desc(), ClientRecords.starts_on.desc(), ClientRecords.id)
        .limit(1)
    )


def newest_measures() -> tuple[WeightedFidelity, ClientMeasures]:
    """The newest definition whose indicators come out of a client list, with its periods."""
    newest = [one for one in every_definition() if one.code == FRAMEWORK][-1]
    return with_clients(newest)


def measures_of(kept: ClientRecords) -> tuple[WeightedFidelity, ClientMeasures]:
    """The definition in the version that a list was worked out by."""
    return with_clients(any_definition(kept.framework_code, kept.framework_version))
