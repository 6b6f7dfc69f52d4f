"""What the page of supporting material shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.material import queries
from epa.material.models import MaterialDelivery
from epa.material.rules import STANDING_TITLES, MaterialStanding, Supplier
from epa.people.models import Person
from epa.people.rules import Permission
from epa.settings.queries import labels

_TAGS: Final[dict[MaterialStanding, str]] = {
    MaterialStanding.OPEN: "waiting",
    MaterialStanding.LATE: "stopped",
    MaterialStanding.SUPPLIED: "done",
    MaterialStanding.SUPPLIED_LATE: "done",
    MaterialStanding.DROPPED: "neutral",
}
_LABELS: Final[dict[Supplier, str]] = {
    Supplier.APPRENTICE: "apprentice",
    Supplier.EMPLOYER: "employer",
    Supplier.TRAINING_PROVIDER: "provider",
}


@dataclass(frozen=True)
class MaterialRow:
    """One thing that was asked for, with what its reader may do."""

    id: UUID
    title: str
    asked_of: str
    standing: str
    tag: str
    deliveries: list[MaterialDelivery]
    can_supply: bool
    can_accept_late: bool
    can_drop: bool
    is_dropped: bool


@dataclass(frozen=True)
class MaterialPage:
    """Everything that was asked for, and the last day for it (None before the period)."""

    rows: list[MaterialRow]
    due_on: date | None
    days: int | None
    still_open: int
    can_ask: bool
    sees_why_late: bool


def supplier_titles() -> dict[Supplier, str]:
    """What each who may be asked is called in the interface, with a capital."""
    words = labels()
    return {one: words[name].capitalize() for one, name in _LABELS.items()}


def material_page(person: Person, assessment: EndPointAssessment, today: date) -> MaterialPage:
    """The page as this person may see it; steps are offered only to those who may take them."""

    def may(permission: Permission) -> bool:
        return assessment_for(person, permission, assessment.id) is not None

    due, titles = queries.due_on(assessment), supplier_titles()
    runs = assessment.stage in queries.OPEN_STAGES
    supplies, asks = may(Permission.SUPPLY_MATERIAL), may(Permission.ASK_FOR_MATERIAL)
    is_over = due is not None and today > due
    lets_in = may(Permission.ACCEPT_LATE_MATERIAL)
    rows = []
    for one in queries.material_of(assessment):
        standing = queries.standing_of(one, due, today)
        wanted = runs and one.dropped_at is None
        rows.append(
            MaterialRow(
                id=one.id,
                title=one.title,
                asked_of=titles[one.asked_of],
                standing=STANDING_TITLES[standing],
                tag=_TAGS[standing],
                deliveries=one.deliveries,
                can_supply=wanted and supplies and not is_over,
                can_accept_late=wanted and lets_in and is_over,
                can_drop=wanted and asks,
                is_dropped=runs and asks and one.dropped_at is not None,
            )
        )
    lacking = (STANDING_TITLES[MaterialStanding.OPEN], STANDING_TITLES[MaterialStanding.LATE])
    return MaterialPage(
        rows=rows,
        due_on=due,
        days=(due - today).days if due else None,
        still_open=sum(one.standing in lacking for one in rows),
        can_ask=runs and asks,
        sees_why_late=may(Permission.VIEW_UNRELEASED_RESULTS)
        or may(Permission.SUBMIT_PRESENTATION),
    )
