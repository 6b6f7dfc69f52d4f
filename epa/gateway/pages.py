"""What the gateway's page shows, as plain values: rows, who may do what, the one thing to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from epa.gateway import queries, rules
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.rules import Check, RequirementDecision
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.filters import listed
from frameworks.assessment_plan import Requirement

# What is asked of the reader first; what cannot be accepted yet can wait.
_DECIDE, _SUPPLY, _LATER = range(3)


@dataclass(frozen=True)
class Action:
    """Something the reader can do about a row; ``full`` says it whole, for the one button.

    ``rank`` orders what is asked of the reader: decisions before supplies; None is not asked.
    """

    words: str
    full: str
    url: str
    rank: int | None


@dataclass(frozen=True)
class Row:
    """One requirement, in the words that `requirement_table` takes."""

    title: str
    shown: str
    decision: str
    kind: str
    reason: str = ""
    supplier: str = ""
    who: str = ""
    at: datetime | None = None
    is_locked: bool = False
    action: str = ""
    action_url: str = ""
    url: str = ""


def unbroken(sentence: str) -> str:
    """A sentence in which no line ends between a day and its month."""
    return re.sub(r"(\d) (?=[A-Z][a-z]+ \d{4})", "\\1\u00a0", sentence)


@dataclass(frozen=True)
class GatewayPage:
    """All rows, how many are accepted, and the reader's next step, if there is one."""

    rows: list[Row]
    accepted: int
    next_step: Action | None
    may_open: bool
    may_advise: bool
    may_confirm: bool


def page_of(
    assessment: EndPointAssessment, review: GatewayReview | None, reader: Person, on: date
) -> GatewayPage:
    """The gateway as this reader sees it on a London date."""
    parts = queries.parts_of(reader, assessment)
    is_open = assessment.stage in rules.OPEN_STAGES
    plan = framework_of(assessment).gateway
    held = {row.code: row for row in review.requirements} if review else {}
    made = [
        _row(one, held.get(one.code), assessment, parts if is_open else frozenset(), on)
        for one in plan.requirements
    ]
    asked = [(action.rank, action) for _, action in made if action and action.rank is not None]
    return GatewayPage(
        rows=[row for row, _ in made],
        accepted=sum(row.is_locked for row, _ in made),
        next_step=min(asked, key=lambda one: one[0])[1] if asked else None,
        may_open=is_open
        and review is None
        and bool(parts & {"apprentice", "training_provider", "administrator"}),
        may_advise=is_open and bool(parts & set(plan.may_advise)),
        may_confirm=is_open and reader.may(Permission.CONFIRM_READINESS) and "employer" in parts,
    )


def _row(
    definition: Requirement,
    held: GatewayRequirement | None,
    assessment: EndPointAssessment,
    parts: frozenset[str],
    on: date,
) -> tuple[Row, Action | None]:
    names = queries.suppliers(definition, assessment)
    only = f"Only {listed(names, 'or')} can give this"
    action = _action(definition, held, assessment, parts, on)
    words, url = (action.words, action.url) if action else ("", "")
    if held is None:
        row = Row(definition.title, definition.needed, "Not begun", "neutral", supplier=only)
        return replace(row, action=words, action_url=url), action
    finding, supply = queries.finding_of(held, on), queries.supply_of(held)
    decision = queries.decision_of(held)
    stands, kind = _decision_words(decision, is_supplied=supply is not None)
    decided = decision is not RequirementDecision.PENDING
    by = held.decided_by.name if decided and held.decided_by else (supply.by if supply else "")
    row = Row(
        title=definition.title,
        shown=definition.needed if finding is rules.NOTHING_YET else f"{unbroken(finding.shown)}.",
        decision=stands,
        kind=kind,
        reason=f"Rejected: {held.reason}" if decision is RequirementDecision.REJECTED else "",
        supplier=only,
        who=by if decided or not by else f"Supplied by {by}",
        at=held.decided_at if decided else (supply.at if supply else None),
        is_locked=decision is RequirementDecision.ACCEPTED,
        action=words,
        action_url=url,
    )
    return row, action


def _decision_words(decision: RequirementDecision, *, is_supplied: bool) -> tuple[str, str]:
    if decision is RequirementDecision.ACCEPTED:
        return "Accepted", "done"
    if decision is RequirementDecision.REJECTED:
        return "Rejected", "stopped"
    return ("To be decided", "waiting") if is_supplied else ("Still needed", "neutral")


def _action(
    definition: Requirement,
    held: GatewayRequirement | None,
    assessment: EndPointAssessment,
    parts: frozenset[str],
    on: date,
) -> Action | None:
    """What this reader can do about a row: decide first, else supply; nothing once it is locked."""
    if held is not None and held.decision is RequirementDecision.ACCEPTED:
        return None
    if held is not None and "administrator" in parts and _is_decidable(held, on):
        url = url_for("gateway.decide", requirement_id=held.id)
        waits = not queries.finding_of(held, on).is_met
        return Action(
            "Decide", f"Decide on “{definition.title}”", url, _LATER if waits else _DECIDE
        )
    if not parts & set(definition.supplied_by):
        return None
    asked = held is None or queries.supply_of(held) is None
    return _supply_action(definition, held, assessment, is_asked=asked)


def _is_decidable(held: GatewayRequirement, on: date) -> bool:
    if queries.decision_of(held) is not RequirementDecision.PENDING:
        return False
    return queries.supply_of(held) is not None or queries.finding_of(held, on).waived


def _supply_action(
    definition: Requirement,
    held: GatewayRequirement | None,
    assessment: EndPointAssessment,
    *,
    is_asked: bool,
) -> Action | None:
    check, rank = rules.check_of(definition), _SUPPLY if is_asked else None
    if check is Check.CONFIRMATION:
        url = url_for("gateway.confirm", assessment_id=assessment.id)
        words = "Give your confirmation" if is_asked else "Change it or take it back"
        return Action(words, words, url, rank)
    if check is Check.PORTFOLIO:
        url = url_for("portfolio.show", assessment_id=assessment.id)
        return Action("Open the portfolio", "Open your portfolio", url, rank)
    if held is None:
        return None
    url = url_for("gateway.supply", requirement_id=held.id)
    words = "Supply" if is_asked else "Change"
    return Action(words, f"{words} “{definition.title}”", url, rank)
