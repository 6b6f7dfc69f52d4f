"""The landing page: what needs the person who is signed in, nearest day first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.home.queries import standing_of
from epa.lifecycle.queries import assessment_for, counts_by_stage
from epa.lifecycle.rules import STAGE_TITLES
from epa.needs.queries import needs_of
from epa.needs.rules import Group, Need, days_left, grouped
from epa.people.models import Person
from epa.people.rules import Permission, Role
from epa.people.signed_in import signed_in_person
from epa.record.pages import way_through
from epa.record.queries import only_record_of
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.addresses import address_of
from epa.web.pagination import page_of_rows

bp = Blueprint("home", __name__)
MOST_STANDING: Final = 12


@bp.get("/")
@access(Permission.USE_PLUMBLINE)
def show() -> ResponseReturnValue:
    """What needs you."""
    person, at = signed_in_person(), utc_now()
    today, urgent_days = london_date(at), settings.value("urgent_days")
    needs = needs_of(person, at)
    groups = grouped(needs, today, urgent_days=urgent_days)
    in_order = [(group, need) for group in groups for need in group.needs]
    page = page_of_rows(in_order, request.args)
    return render_template(
        "epa/home/show.html",
        today=today,
        urgent_days=urgent_days,
        page=page,
        groups=[
            _shown(group, shown, today)
            for group in groups
            if (shown := [need for of, need in page.rows if of is group])
        ],
        count=page.total,
        closing=sum(len(group.needs) for group in groups if group.is_urgent),
        stages=_stages(person),
        records_title=_records_title(person),
        own=_own_way(person, needs, at),
        standing=standing_of(person, at, MOST_STANDING) if _is_client(person) else [],
        stage_titles=STAGE_TITLES,
        leads_quality=Role.PROVIDER_QUALITY_LEAD in person.roles,
    )


def _stages(person: Person) -> list[dict[str, str]]:
    return [
        {
            "label": STAGE_TITLES[stage],
            "value": f"{count:,}",
            "url": f"{address_of('record.index')}?stage={stage}",
        }
        for stage, count in counts_by_stage(person).items()
    ]


def _own_way(person: Person, needs: Sequence[Need], at: datetime) -> dict[str, Any] | None:
    """The timeline of somebody who is an apprentice and nothing else."""
    own = only_record_of(person)
    assessment = assessment_for(person, Permission.VIEW_ASSESSMENT, own) if own else None
    return way_through(person, assessment, needs, at) if assessment else None


def _is_client(person: Person) -> bool:
    return bool(person.roles & {Role.EMPLOYER, Role.TRAINING_PROVIDER})


def _records_title(person: Person) -> str:
    """What leads on where nothing is waiting; empty for those without a list."""
    if not person.may(Permission.LIST_ASSESSMENTS):
        return ""
    if person.roles == {Role.APPRENTICE}:
        return "Your record"
    return f"All {settings.labels()['apprentices']}"


def _shown(group: Group, needs: Iterable[Need], today: date) -> dict[str, Any]:
    """The needs of a group that stand on this page."""
    return {
        "title": group.title,
        "is_urgent": group.is_urgent,
        "rows": [_line(need, today) for need in needs],
    }


def _line(need: Need, today: date) -> dict[str, Any]:
    days, address = days_left(need, today), address_of(need.place, **need.parameters)
    return {
        "days": days,
        "unit": _unit(days, waits=need.due_on is None),
        "title": need.title,
        "url": address,
        "text": need.text,
        "action": need.action,
        "action_url": address,
    }


def _unit(days: int, *, waits: bool) -> str:
    """What stands under the figure; empty leaves it to the page."""
    if not waits:
        return ""
    if days == 0:
        return "since today"
    return "day waiting" if days == 1 else "days waiting"
