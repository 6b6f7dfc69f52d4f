"""States of a provider's review, the days its steps are due, and what a mark is worth."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from epa.working_days import counted_from, on_or_before
from frameworks import CriteriaMet, QualityFramework, WeightedFidelity
from frameworks.review_cycle import Cycle, Due

LONGEST_SERVICE: Final = 200
LONGEST_WORDS: Final = 4000
_MONTHS_A_YEAR: Final = 12


class ReviewStatus(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    HANDED_IN = "handed_in"
    MODERATED = "moderated"
    ISSUED = "issued"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Whose rating it is: the provider's own, or the assessors'."""

    PROVIDER = "provider"
    ASSESSORS = "assessors"


STATUS_TITLES: Final[dict[ReviewStatus, str]] = {
    ReviewStatus.OPEN: "Self-assessment",
    ReviewStatus.SUBMITTED: "Assessment",
    ReviewStatus.RETURNED: "Returned by the moderator",
    ReviewStatus.HANDED_IN: "Moderation",
    ReviewStatus.MODERATED: "Ready to send",
    ReviewStatus.ISSUED: "Report sent",
    ReviewStatus.FINAL: "Final",
    ReviewStatus.WITHDRAWN: "Withdrawn",
}
STATUS_TAGS: Final[dict[ReviewStatus, str]] = {
    ReviewStatus.FINAL: "done",
    ReviewStatus.WITHDRAWN: "stopped",
    ReviewStatus.RETURNED: "stopped",
}
# The assessors may rate, hold interviews and write.
ASSESSING: Final = frozenset({ReviewStatus.SUBMITTED, ReviewStatus.RETURNED})
# A report has left the house.
SENT: Final = frozenset({ReviewStatus.ISSUED, ReviewStatus.FINAL})
OVER: Final = frozenset({ReviewStatus.FINAL, ReviewStatus.WITHDRAWN})

# Steps of a cycle that happen in Plumbline by themselves; any other one is noted by hand.
ASSESSORS_NAMED: Final = "assessors_named"
SELF_ASSESSMENT: Final = "self_assessment"
SCHEDULE: Final = "schedule"
CLIENT_LIST: Final = "client_list"
SAMPLE: Final = "sample"
FORMATIVE: Final = "formative_feedback"
SUMMATIVE: Final = "summative_feedback"
FURTHER_EVIDENCE: Final = "further_evidence"
ASSESSMENT: Final = "assessment"
MODERATION: Final = "moderation"
REPORT: Final = "report"
FACTUAL_ERRORS: Final = "factual_errors"
FINAL_REPORT: Final = "final_report"
ACTION_PLAN: Final = "action_plan"
UPKEEP: Final = "yearly_upkeep"
DONE_HERE: Final = frozenset(
    {
        *(ASSESSORS_NAMED, SELF_ASSESSMENT, SCHEDULE, FORMATIVE, SUMMATIVE, FURTHER_EVIDENCE),
        *(ASSESSMENT, MODERATION, REPORT, FACTUAL_ERRORS, FINAL_REPORT, ACTION_PLAN, UPKEEP),
    }
)
FIRST_DAY: Final = "first_day"
LAST_DAY: Final = "last_day"
_THE_PROVIDERS: Final = frozenset({"provider", "lead_contact", "partnership"})
_THE_ASSESSORS: Final = frozenset({"lead_assessor", "assessors"})


class Doer(StrEnum):
    """Who of the people of a review sees to a step."""

    PROVIDER = "provider"
    ASSESSORS = "assessors"
    MODERATOR = "moderator"
    ORGANISATION = "organisation"


def doer_of(actor: str) -> Doer:
    """Which of a review's people an actor of a cycle is; whoever is unknown is the organisation."""
    if actor in _THE_PROVIDERS:
        return Doer.PROVIDER
    if actor in _THE_ASSESSORS:
        return Doer.ASSESSORS
    return Doer.MODERATOR if actor == "moderator" else Doer.ORGANISATION


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier where negative); the month's last if it is shorter."""
    whole = day.year * _MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(whole, _MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_beyond(number: int, every: int, years: int) -> bool:
    """Whether the so-manieth upkeep would fall on the end of the award, or after it.

    Args:
        number: from 1.
        every: months from one to the next.
        years: for which the award is given.
    """
    return number * every >= years * _MONTHS_A_YEAR


def due_on(due: Due, anchor: date) -> date:
    """The last day of a step, given the day it counts from.

    A limit in weeks, months or years that ends on no working day ends on the one before: what must
    be there so long before is there in time, and what must follow within a period does.
    """
    if due.amount is None:
        return anchor
    amount = -due.amount if due.when == "before" else due.amount
    if due.unit == "working_days":
        return counted_from(anchor, amount)
    if due.unit in {"months", "years"}:
        return on_or_before(
            months_after(anchor, amount * (_MONTHS_A_YEAR if due.unit == "years" else 1))
        )
    return on_or_before(anchor + timedelta(days=amount * (7 if due.unit == "weeks" else 1)))


def due_days(cycle: Cycle, known: Mapping[str, date]) -> dict[str, date]:
    """The last day of every step that has one so far.

    Args:
        cycle: of the framework.
        known: days that are set, and days on which steps were done, by their codes. A step counts
            from the day on which the other one was done; before that from the day it is due.
    """
    steps = {step.code: step for step in cycle.steps}
    found: dict[str, date] = {}

    def of(code: str) -> date | None:
        if code in known:
            return known[code]
        if code not in found and code in steps and (due := steps[code].due) is not None:
            anchor = of(due.of)
            if anchor is not None:
                found[code] = due_on(due, anchor)
        return found.get(code)

    days = {}
    for code, step in steps.items():
        if step.due is not None and (anchor := of(step.due.of)) is not None:
            days[code] = due_on(step.due, anchor)
    return days


def dates_fault(first_on: date, last_on: date, days: int) -> str | None:
    """Say why the days of a visit cannot stand, or None: in order, and not fewer than its days."""
    if last_on < first_on:
        return "The last day must not be before the first day"
    if (last_on - first_on).days + 1 < days:
        return f"The visit takes {days} days: the last day must leave room for them"
    return None


def outcome_titles(framework: QualityFramework) -> dict[str, str]:
    """What each outcome of a framework is called, lowest first; empty where it draws none."""
    if isinstance(framework, WeightedFidelity):
        return {band.code: band.title for band in framework.bands}
    if isinstance(framework, CriteriaMet):
        return {one.code: one.title for one in framework.outcomes}
    return {}


def mark_of(framework: QualityFramework, outcome: str | None) -> str | None:
    """What is awarded for an outcome; None for the lowest, and where there is no award."""
    titles = outcome_titles(framework)
    if framework.cycle.award is None or outcome not in [*titles][1:]:
        return None
    return titles[str(outcome)]
