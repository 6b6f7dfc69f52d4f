"""What the page of a record and an apprentice's landing page both show: the way through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from epa.clock import london_date
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import STAGE_TITLES
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.record import queries
from epa.record.entries import entries_of
from epa.record.rules import STOPPED, in_order
from epa.settings import queries as settings
from epa.web.ruler import Clock, clock_of


def way_through(
    person: Person, assessment: EndPointAssessment, needs: Sequence[Need], at: datetime
) -> dict[str, Any]:
    """Clock, timeline and what is asked of the reader, as ``epa/record/_way.html`` takes them.

    Args:
        person: the reader.
        assessment: within their reach.
        needs: what needs them, here or elsewhere.
        at: now.
    """
    shown = queries.record_of(person, assessment)
    return {
        "assessment": assessment,
        "plan": framework_of(assessment),
        "record": shown,
        "clock": _clock(shown, at),
        "way": in_order(entries_of(shown, at), london_date(at)),
        "needs": [
            need
            for need in needs
            if need.assessment_id == assessment.id and need.place != "record.show"
        ],
        "stage": STAGE_TITLES[assessment.stage],
        "can_book": person.may(Permission.BOOK),
    }


def _clock(shown: queries.Record, at: datetime) -> Clock | None:
    period, plan = shown.period, framework_of(shown.assessment)
    if period is None or shown.assessment.stage in STOPPED:
        return None
    dated = [
        (plan.methods[code].short_title, london_date(attempt.scheduled_at))
        for code, attempt in shown.attempts.items()
        if attempt.scheduled_at
    ]
    inside = [(name, day) for name, day in dated if period.starts_on <= day <= period.ends_on]
    made = clock_of(
        period.starts_on,
        period.ends_on,
        london_date(at),
        methods=inside,
        deadlines=[
            ("Presentation file due", shown.file_due_on or period.presentation_due_on),
            ("Material due", period.material_due_on),
        ],
        paused_since=period.paused_since,
    )
    is_near = (period.ends_on - london_date(at)).days < settings.value("urgent_days")
    return replace(made, is_urgent=is_near and made.paused_since is None)
