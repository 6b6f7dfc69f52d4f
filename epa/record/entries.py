"""What stands on an apprentice's way through, from what the reader may see of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from epa.clock import london_date
from epa.gateway.rules import RequirementDecision
from epa.grading.queries import MethodResult
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.period import months_after
from epa.lifecycle.rules import ATTEMPT_TITLES, AttemptKind
from epa.portfolio.models import PortfolioVersion
from epa.record.queries import Record
from epa.record.rules import Entry
from epa.web.filters import plural

_GRADE_KINDS = {"fail": "stopped", "pass": "done", "distinction": "distinction"}


def entries_of(record: Record, at: datetime) -> Iterator[Entry]:
    """Everything that stands on the line at an instant, in no order."""
    apprenticeship = record.assessment.apprenticeship
    yield Entry(
        apprenticeship.learning_start_on,
        "Learning started",
        text=_breaks(record),
        is_done=True,
    )
    yield _gateway(record)
    if record.portfolio_shared_on:
        yield Entry(record.portfolio_shared_on, "Portfolio shared", part="portfolio", is_done=True)
    elif record.portfolio:
        yield _portfolio(record.portfolio)
    if record.period:
        yield _presentation_file(record)
        yield from _earlier(record)
        for code, attempt in record.attempts.items():
            yield _method(record, code, attempt, at)
        if not (record.results and record.results.overall):
            yield _last_day(record, at)
    if record.results and record.results.overall:
        overall = record.results.overall
        yield Entry(
            london_date(overall.released_at),
            "Result released",
            part="overall",
            tags=((overall.grade.value.capitalize(), _GRADE_KINDS[overall.grade]),),
            is_done=True,
        )


def _breaks(record: Record) -> str:
    closed = [one for one in record.assessment.apprenticeship.breaks if one.ended_on]
    days = sum((one.ended_on - one.started_on).days + 1 for one in closed if one.ended_on)
    if not days:
        return ""
    which = "A break" if len(closed) == 1 else f"{len(closed)} breaks"
    return f"{which} in learning of {days} days{'' if len(closed) == 1 else ' in all'}."


def _gateway(record: Record) -> Entry:
    started = record.assessment.epa_starts_on
    if started:
        return Entry(started, "Gateway accepted", part="gateway", is_done=True)
    tags: tuple[tuple[str, str], ...] = ()
    if record.review:
        rows = record.review.requirements
        done = sum(one.decision is RequirementDecision.ACCEPTED for one in rows)
        tags = ((f"{done} of {len(rows)}", "waiting"),)
    return Entry(None, "Gateway", part="gateway", tags=tags)


def _portfolio(version: PortfolioVersion) -> Entry:
    """The portfolio until somebody is given it: what last happened to it, on that day."""
    kinds = {"submitted": "waiting", "returned": "stopped", "accepted": "done"}
    status = version.status.value
    happened = version.decided_at or version.submitted_at
    if happened is None or status not in kinds:
        return Entry(None, "Portfolio", part="portfolio", tags=(("Being built", "neutral"),))
    return Entry(
        london_date(happened),
        "Portfolio",
        part="portfolio",
        tags=((status.capitalize(), kinds[status]),),
        is_done=True,
    )


def _presentation_file(record: Record) -> Entry:
    if record.presentation:
        return Entry(
            london_date(record.presentation.submitted_at),
            "Presentation file submitted",
            part="presentation",
            is_done=True,
        )
    return Entry(record.file_due_on, "Presentation file due", part="presentation")


def _earlier(record: Record) -> Iterator[Entry]:
    """Attempts that another followed: each was failed, and that is known."""
    for result in record.results.earlier if record.results else ():
        if result.grade:
            tags = ((result.grade_title, _GRADE_KINDS[result.grade]),)
            yield Entry(
                result.held_on,
                result.title,
                part="result",
                code=result.code,
                tags=tags,
                is_done=True,
            )


def _method(record: Record, code: str, attempt: MethodAttempt, at: datetime) -> Entry:
    title = framework_of(record.assessment).methods[code].short_title
    if attempt.kind is not AttemptKind.FIRST:
        title = f"{title}, {ATTEMPT_TITLES[attempt.kind].lower()}"
    result = _result_of(record, attempt)
    if result and result.grade:
        graded = [(result.grade_title, _GRADE_KINDS[result.grade])]
        if result.awaits_release:
            graded.append(("To be released", "waiting"))
        return Entry(
            result.held_on, title, part="result", code=code, tags=tuple(graded), is_done=True
        )
    day = london_date(attempt.scheduled_at) if attempt.scheduled_at else None
    # Past its date and without a grade that this reader may see: the same words whether it is
    # graded or not, so that nothing of an unreleased result shows.
    is_past = day is not None and day < london_date(at)
    tags = (("Result to follow", "waiting"),) if is_past else ()
    return Entry(day, title, part="method", code=code, tags=tags, is_done=is_past)


def _result_of(record: Record, attempt: MethodAttempt) -> MethodResult | None:
    methods = record.results.methods if record.results else ()
    return next((one for one in methods if one.attempt_id == attempt.id), None)


def _last_day(record: Record, at: datetime) -> Entry:
    period = record.period
    if period is None:
        raise ValueError("there is no last day before the period has begun")
    months = framework_of(record.assessment).clock
    text = f"{months.epa_period_months} months from {_unbroken(period.starts_on)}."
    away = period.period_last_day - months_after(period.starts_on, months.epa_period_months)
    if away:
        text += f" Days of a break in learning put it off by {plural(away.days, 'day')}."
    if period.paused_since:
        text += f" The clock has stood still since {_unbroken(period.paused_since)}."
    if period.ends_on > period.plan_ends_on:
        text += (
            f" Exceptional circumstances put it off from {_unbroken(period.plan_ends_on)}, for the"
            " attempt that they are about."
        )
    elif period.methods_last_day:
        text += (
            f" {months.methods_within_months} months from the first method would be "
            f"{_unbroken(period.methods_last_day)}; the earlier date binds."
        )
    return Entry(
        period.ends_on,
        "Last day of the period",
        text=text,
        is_done=period.ends_on < london_date(at) and period.paused_since is None,
    )


def _unbroken(day: date) -> str:
    """A date whose day, month and year stay on one line."""
    return f"{day:%-d\N{NO-BREAK SPACE}%B\N{NO-BREAK SPACE}%Y}"
