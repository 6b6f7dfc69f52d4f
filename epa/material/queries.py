"""Supporting material within a person's reach, and the day by which it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from epa.database import db, prepared
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.material.models import MaterialDelivery, SupportingMaterial
from epa.material.rules import MaterialStanding, Supplier, standing
from epa.people.models import Person
from epa.people.readers import NamedReader, Reader, rows_within
from epa.people.rules import Permission, Role

OPEN_STAGES = (Stage.ON_PROGRAMME, Stage.GATEWAY, Stage.ASSESSMENT)
SUPPLIER_ROLES = {
    Supplier.APPRENTICE: Role.APPRENTICE,
    Supplier.EMPLOYER: Role.EMPLOYER,
    Supplier.TRAINING_PROVIDER: Role.TRAINING_PROVIDER,
}


def _reached(person: Reader, permission: Permission) -> Select[SupportingMaterial]:
    ids = assessments(person, permission).with_only_columns(EndPointAssessment.id)
    return select(SupportingMaterial).where(SupportingMaterial.assessment_id.in_(ids))


def material_for(
    person: Person, permission: Permission, material_id: UUID
) -> SupportingMaterial | None:
    """One piece of material, if this person may do this to it; None as for an unknown id."""
    query = _reached(person, permission).where(SupportingMaterial.id == material_id)
    return db.session.scalar(query)


def material_of(assessment: EndPointAssessment) -> Sequence[SupportingMaterial]:
    """Everything that was asked for, in the order of asking, with what was supplied."""
    query = (
        select(SupportingMaterial)
        .where(SupportingMaterial.assessment_id == assessment.id)
        .order_by(SupportingMaterial.asked_at, SupportingMaterial.id)
        .options(
            selectinload(SupportingMaterial.deliveries).joinedload(MaterialDelivery.supplied_by),
            selectinload(SupportingMaterial.deliveries).joinedload(
                MaterialDelivery.allowed_late_by
            ),
        )
    )
    return db.session.scalars(query).all()


def still_open(person: Person, permission: Permission) -> Sequence[SupportingMaterial]:
    """What is asked for and neither supplied nor dropped, within a person's reach."""
    return rows_within(person, select(SupportingMaterial), _still_open, permission)


@prepared
def _still_open(reader: NamedReader, permission: Permission) -> Select[UUID]:
    return (
        _reached(reader, permission)
        .join(SupportingMaterial.assessment)
        .where(
            SupportingMaterial.dropped_at.is_(None),
            ~SupportingMaterial.deliveries.any(),
            EndPointAssessment.stage.in_(OPEN_STAGES),
        )
        .with_only_columns(SupportingMaterial.id)
    )


def due_on(assessment: EndPointAssessment) -> date | None:
    """The last day for supporting material, inclusive; None before the EPA period has begun."""
    period = period_of(assessment)
    return period.material_due_on if period else None


def delivery_of(material: SupportingMaterial, version: int | None) -> MaterialDelivery | None:
    """One delivery by its version, the newest when no number is given; None when there is none."""
    if version is None:
        return material.newest
    return next((one for one in material.deliveries if one.version == version), None)


def standing_of(material: SupportingMaterial, due: date | None, today: date) -> MaterialStanding:
    """Where one piece of material stands on a day."""
    newest = material.newest
    return standing(
        is_dropped=material.dropped_at is not None,
        is_supplied=newest is not None,
        was_let_in=newest is not None and newest.late_reason is not None,
        due_on=due,
        today=today,
    )
