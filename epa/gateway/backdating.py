"""An earlier first day of the EPA period: proposed with a reason, decided by a second person."""

from __future__ import annotations

from datetime import date, datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.gateway import checks, queries, rules
from epa.gateway.models import EarlierStart, GatewayReview
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.period import Period, epa_period
from epa.lifecycle.services import move_start
from epa.people.models import Person


def propose(
    assessment: EndPointAssessment, to_on: date, reason: str, *, actor: Person, at: datetime
) -> EarlierStart:
    """Propose that the period began earlier than the day of the last acceptance.

    Raises:
        NotAllowed: the person does not decide for this EPAO.
        RuleBroken: another proposal waits, there is no reason, or the day will not do.
    """
    checks.must_be_in_period(assessment)
    checks.must_be_decider(_review(assessment), actor)
    if queries.start_proposed(assessment) is not None:
        raise RuleBroken("proposed-already", "An earlier start is proposed already.")
    if not reason.strip():
        raise RuleBroken("start-why", "Enter why it began earlier", "reason")
    _must_do(assessment, to_on, at=at)
    assert assessment.epa_starts_on is not None, "the period has begun"
    row = EarlierStart(
        assessment=assessment,
        from_on=assessment.epa_starts_on,
        to_on=to_on,
        reason=reason.strip(),
        proposed_at=at,
        proposed_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "earlier start proposed", row, at=at, to_on=to_on.isoformat())
    return row


def decide(
    proposed: EarlierStart,
    *,
    is_agreed: bool,
    answer: str,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Agree to an earlier start, which moves the clock at once, or say why not.

    Raises:
        NotAllowed: the person does not decide for this EPAO.
        RuleBroken: they proposed it, it is decided or taken back, it will no longer do, or a
            refusal has no reason.
        Conflict: it is another proposal than the one of which ``seen`` is the number.
    """
    assessment = proposed.assessment
    checks.must_be_in_period(assessment)
    checks.must_be_decider(_review(assessment), actor)
    _must_wait(proposed)
    if seen is not None and seen != len(queries.starts_of(assessment)):
        raise Conflict(
            f"{proposed.proposed_by.name} proposes another day since you opened this page:"
            f" {rules.day_words(proposed.to_on)}."
        )
    if proposed.proposed_by is actor:
        raise RuleBroken("second-person", "You proposed this. Somebody else must decide.")
    if not is_agreed and not answer.strip():
        raise RuleBroken("start-why-not", "Enter why you do not agree", "answer")
    if is_agreed:
        _must_do(assessment, proposed.to_on, at=at)
    proposed.decided_at, proposed.decided_by = at, actor
    proposed.is_agreed, proposed.answer = is_agreed, answer.strip() or None
    db.session.flush()
    record(actor, "earlier start decided", proposed, at=at, is_agreed=is_agreed)
    if is_agreed:
        move_start(assessment, proposed.to_on, actor=actor, at=at)


def withdraw(proposed: EarlierStart, *, actor: Person, at: datetime) -> None:
    """Take a proposal back, as the person who made it.

    Raises:
        NotAllowed: somebody else made it.
        RuleBroken: it is decided or taken back already.
    """
    if proposed.proposed_by is not actor:
        raise NotAllowed(f"Only {proposed.proposed_by.name} can take this back.")
    _must_wait(proposed)
    proposed.withdrawn_at = at
    db.session.flush()
    record(actor, "earlier start taken back", proposed, at=at)


def must_be_proposed(assessment: EndPointAssessment) -> EarlierStart:
    """The proposal that waits for a second person.

    Raises:
        RuleBroken: none does.
    """
    proposed = queries.start_proposed(assessment)
    if proposed is None:
        raise RuleBroken("nothing-proposed", "No earlier start waits for a decision.")
    return proposed


def earliest_start(assessment: EndPointAssessment) -> date:
    """The earliest day that will do: everything had been shown on it."""
    assert assessment.epa_starts_on is not None, "the period has begun"
    return queries.everything_shown_on(_review(assessment), assessment.epa_starts_on)


def _review(assessment: EndPointAssessment) -> GatewayReview:
    review = queries.review_of(assessment)
    if review is None:
        raise RuleBroken("no-review", "This gateway was not decided requirement by requirement.")
    return review


def _must_wait(proposed: EarlierStart) -> None:
    if proposed.decided_at is not None or proposed.withdrawn_at is not None:
        raise RuleBroken("decided-already", "This is decided or taken back already.")


def _must_do(assessment: EndPointAssessment, to_on: date, *, at: datetime) -> None:
    """Refuse a day that is not earlier, not yet whole, or leaves a date behind the last day."""
    if assessment.epa_starts_on is not None and to_on >= assessment.epa_starts_on:
        words = rules.day_words(assessment.epa_starts_on)
        raise RuleBroken("not-earlier", f"The first day must be before {words}", "to_on")
    period = _period_from(assessment, to_on)
    earliest = earliest_start(assessment)
    fault = rules.start_fault(to_on, period=period, earliest=earliest, today=london_date(at))
    if fault:
        raise RuleBroken("start-day", fault, "to_on")
    for attempt in assessment.attempts:
        day = london_date(attempt.scheduled_at) if attempt.scheduled_at else None
        if day is not None and day > period.ends_on:
            title = framework_of(assessment).methods[attempt.method_code].short_title.lower()
            raise RuleBroken(
                "start-leaves-dates",
                f"The last day would be {rules.day_words(period.ends_on)}, and the {title} is"
                f" booked for {rules.day_words(day)}. Move it first",
                "to_on",
            )


def _period_from(assessment: EndPointAssessment, starts_on: date) -> Period:
    held = [one.held_on for one in assessment.attempts if one.held_on is not None]
    clock, breaks = framework_of(assessment).clock, queries.breaks_of(assessment)
    return epa_period(starts_on, clock, min(held, default=None), breaks)
