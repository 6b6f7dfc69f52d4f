"""What a change does beyond itself: dates cleared, conflicts that arise, the clock in words."""

from __future__ import annotations

from datetime import date, datetime

from epa.booking import services as booking
from epa.booking.candidates import against_holders
from epa.booking.queries import method_of
from epa.changes import queries
from epa.changes.rules import day_words, days_words
from epa.clock import LONDON, london_date
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.period import Period
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import DUTY_TITLES, Stage
from epa.people.models import Person


def clear_dates(
    assessment: EndPointAssessment, on: date, reason: str, *, actor: Person, at: datetime
) -> list[str]:
    """Take back every date from a day on, and say which; whoever had to be there is told."""
    if assessment.stage is not Stage.ASSESSMENT:
        return []
    said = []
    for dated in queries.dated_from(assessment, on, at=at):
        when = dated.starts_at.astimezone(LONDON)
        booking.cancel(dated.attempt, reason, actor=actor, at=at)
        title = method_of(dated.attempt).short_title
        said.append(f"{title}: its date, {day_words(when.date())} at {when:%H:%M}, is cleared.")
    return said


def on_people(assessment: EndPointAssessment, *, at: datetime) -> list[str]:
    """Who of those allocated must not assess now, since employer or provider is another."""
    return [
        f"{method_of(attempt).short_title}, {DUTY_TITLES[duty].lower()}: {message}"
        for attempt in assessment.attempts
        for duty, message in against_holders(attempt, on=london_date(at))
    ]


def on_clock_of_leave(assessment: EndPointAssessment, on: date) -> str:
    """What a break does to the clock, before it is written down."""
    period = period_of(assessment)
    if period is None:
        return f"Days from {day_words(on)} on do not count towards the time on programme."
    left = max((period.ends_on - on).days, 0)
    return (
        f"The clock stands still from {day_words(on)}:"
        f" {days_words(left)} of the EPA period are left for the return."
    )


def on_clock_of_return(
    assessment: EndPointAssessment, away: int, before: Period | None, today: date
) -> list[str]:
    """What a return did to the clock, once it is written down.

    Args:
        assessment: with the break closed.
        away: days on which the apprentice was away.
        before: the period as it stood while they were away.
        today: the London date.
    """
    counted = "does" if away == 1 else "do"
    period = period_of(assessment)
    if period is None or before is None:
        told = f"{days_words(away)} away {counted} not count towards the time on programme."
        return [told] if away else []
    said = [f"{days_words(away)} away {counted} not count in the EPA period."] if away else []
    if period.ends_on != before.ends_on:
        said.append(
            f"Its last day is {day_words(period.ends_on)} now, not {day_words(before.ends_on)}."
        )
    if period.days_left(today) < 0:
        said.append("The EPA period is over, so that no method can be booked.")
    return said
