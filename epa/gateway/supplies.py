"""What is kept when somebody supplies for a requirement: the plain JSON of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.gateway import rules
from epa.gateway.models import GatewayRequirement
from epa.gateway.rules import Check
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import BreakInLearning
from epa.lifecycle.rules import Attainment

Values = Mapping[str, Any]
# What may be stated at the gateway, in the place of what the registration says.
_STATED: Final = ("ehc_plan", "legacy_statement", "opted_in")
# Off-the-job training in hours, and what hours are held against: by the policy, one of these.
_HELD_AGAINST: Final = ("weekly_hours", "paid_hours", "hours_needed")
_HOURS: Final = ("hours", *_HELD_AGAINST, "hours_off")
_SAY: Final = {
    "weekly_hours": "Enter the hours worked each week, or all paid hours",
    "paid_hours": "Enter all paid hours",
    "hours_needed": "Enter the hours published for the standard",
}
Keep = Callable[[GatewayRequirement, Values, StoredFile | None], dict[str, Any]]


def _dates(
    requirement: GatewayRequirement, values: Values, _file: StoredFile | None
) -> dict[str, Any]:
    apprenticeship = requirement.review.assessment.apprenticeship
    first, last = values.get("break_from"), values.get("break_to")
    if first is not None:
        if first < apprenticeship.learning_start_on:
            raise RuleBroken(
                "break-before-start",
                f"The break must begin on {rules.day_words(apprenticeship.learning_start_on)}"
                " or later",
                "break_from",
            )
        if last is not None and last < first:
            raise RuleBroken(
                "break-backwards", "The break's last day must not be before its first", "break_to"
            )
        apprenticeship.breaks.append(
            BreakInLearning(
                started_on=first,
                ended_on=last,
                reason=values.get("break_reason") or "Not stated",
            )
        )
        db.session.flush()
    elif last is not None:
        raise RuleBroken("break-open-start", "Enter the first day of the break", "break_from")
    return {"learning_start_on": apprenticeship.learning_start_on.isoformat()}


def _off_the_job(
    _requirement: GatewayRequirement, values: Values, _file: StoredFile | None
) -> dict[str, Any]:
    percent: Decimal | None = values.get("percent")
    given: dict[str, Any] = {one: values[one] for one in _HOURS if values.get(one) is not None}
    if percent is not None and given:
        raise RuleBroken(
            "off-the-job-twice", "Give the percentage or the hours, not both", "percent"
        )
    if percent is not None:
        return {"percent": str(percent)}
    asked = [one for one in _HELD_AGAINST if one in values]
    if "hours" not in given:
        first = "percent" if "percent" in values and not given else "hours"
        raise RuleBroken("off-the-job-empty", "Enter how much training was given", first)
    held_against = [one for one in asked if one in given]
    if asked and not held_against:
        raise RuleBroken("off-the-job-hours", _SAY[asked[0]], asked[0])
    if len(held_against) > 1:
        raise RuleBroken(
            "off-the-job-twice", "Give the weekly hours or all paid hours, not both", asked[-1]
        )
    if "weekly_hours" in given:
        given["weekly_hours"] = str(given["weekly_hours"])
    return given


def _qualifications(
    requirement: GatewayRequirement, values: Values, file: StoredFile | None
) -> dict[str, Any]:
    subjects = framework_of(requirement.review.assessment).gateway.qualifications.subjects
    levels = {one: Attainment(values.get(one) or Attainment.NONE).value for one in subjects}
    has_bsl, evidence = bool(values.get("has_bsl")), (values.get("evidence") or "").strip()
    if (has_bsl or set(levels.values()) != {Attainment.NONE.value}) and not (evidence or file):
        raise RuleBroken(
            "no-evidence",
            "Say where the evidence is, such as a certificate's number and awarding body",
            "evidence",
        )
    stated = {one: bool(values[one]) for one in _STATED if one in values}
    return {**levels, **stated, "has_bsl": has_bsl, "evidence": evidence}


def _permission(
    _requirement: GatewayRequirement, values: Values, _file: StoredFile | None
) -> dict[str, Any]:
    if not values.get("given"):
        raise RuleBroken("permission-not-given", "Tick the box to give your permission", "given")
    return {"given": True}


# The portfolio is submitted, and the employer confirms, each on a page of its own.
SUPPLIES: Final[dict[Check, Keep]] = {
    Check.TIME: _dates,
    Check.OFF_THE_JOB: _off_the_job,
    Check.QUALIFICATIONS: _qualifications,
    Check.PERMISSION: _permission,
}
