"""The landing page: what needs the person who is signed in, nearest day first."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.lifecycle.queries import counts_by_stage
from epa.lifecycle.rules import STAGE_TITLES
from epa.needs.queries import needs_of
from epa.needs.rules import Group, Need, days_left, grouped
from epa.people.models import Person
from epa.people.rules import Permission, Role
from epa.people.signed_in import signed_in_person
from epa.settings import queries as settings
from epa.web.access import access

bp = Blueprint("home", __name__)


@bp.get("/")
@access(Permission.USE_PLUMBLINE)
def show() -> ResponseReturnValue:
    """What needs you."""
    person, at = signed_in_person(), utc_now()
    today = london_date(at)
    groups = grouped(needs_of(person, at), today)
    return render_template(
        "epa/home/show.html",
        today=today,
        groups=[_shown(group, today) for group in groups],
        count=sum(len(group.needs) for group in groups),
        closing=sum(len(group.needs) for group in groups if group.is_urgent),
        stages=[
            {
                "label": STAGE_TITLES[stage],
                "value": f"{count:,}",
                "url": url_for("record.index", stage=stage),
            }
            for stage, count in counts_by_stage(person).items()
        ],
        records_title=_records_title(person),
    )


def _records_title(person: Person) -> str:
    """What leads on where nothing is waiting; empty for those without a list."""
    if not person.may(Permission.LIST_ASSESSMENTS):
        return ""
    if person.roles == {Role.APPRENTICE}:
        return "Your record"
    return f"All {settings.labels()['apprentices']}"


def _shown(group: Group, today: date) -> dict[str, Any]:
    return {
        "title": group.title,
        "is_urgent": group.is_urgent,
        "rows": [
            {
                "days": days_left(need, today),
                "unit": _unit(days_left(need, today), waits=need.due_on is None),
                "title": need.title,
                "url": _address(need),
                "text": need.text,
                "action": need.action,
                "action_url": _address(need),
            }
            for need in group.needs
        ],
    }


def _address(need: Need) -> str:
    values: dict[str, Any] = dict(need.parameters)
    return url_for(need.place, **values)


def _unit(days: int, *, waits: bool) -> str:
    """What stands under the figure; empty leaves it to the page."""
    if not waits:
        return ""
    if days == 0:
        return "since today"
    return "day waiting" if days == 1 else "days waiting"
