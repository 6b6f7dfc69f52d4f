"""What the gateway asks for, requirement by requirement, and by how much something is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict

from epa.lifecycle.period import Break, Period, break_days, months_after
from epa.lifecycle.rules import Attainment, Stage
from frameworks.assessment_plan import Portfolio, Qualifications, Requirement

# Before it the review has not begun, after it the gateway is decided and everything is locked.
OPEN_STAGES: Final = frozenset({Stage.ON_PROGRAMME, Stage.GATEWAY})


class RequirementDecision(StrEnum):
    """What the EPAO decided of a requirement; accepted ones lock."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Check(StrEnum):
    """How a requirement is looked at; it follows from the definition's kind of evidence."""

    TIME = "time"
    OFF_THE_JOB = "off_the_job"
    QUALIFICATIONS = "qualifications"
    PORTFOLIO = "portfolio"
    PERMISSION = "permission"
    CONFIRMATION = "confirmation"


def check_of(requirement: Requirement) -> Check:
    """How this requirement is looked at: a declaration under a policy is the off-the-job one."""
    if requirement.evidence == "declaration":
        return Check.OFF_THE_JOB if requirement.policy else Check.PERMISSION
    return {
        "dates": Check.TIME,
        "file": Check.QUALIFICATIONS,
        "portfolio": Check.PORTFOLIO,
        "confirmation": Check.CONFIRMATION,
    }[requirement.evidence]


@dataclass(frozen=True)
class Finding:
    """What was shown against what is needed.

    ``shown`` is the sentence for the row, without a full stop; it says by how much something is
    missing. ``waived`` means that the policy in force asks for nothing, so that nothing needs to
    be supplied either.
    """

    shown: str
    is_met: bool
    waived: bool = False


NOTHING_YET: Final = Finding("Nothing supplied yet", is_met=False)


def counted(number: int, noun: str) -> str:
    """Write '1 month', '11 months'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day_words(day: date) -> str:
    """Write '9 June 2026' inside a sentence that is kept with the record."""
    return f"{day.day} {day:%B} {day.year}"


# ------------------------------------------------------------------------------ time on programme


def months_on_programme(start: date, gateway_on: date, breaks: Iterable[Break]) -> int:
    """Full months of learning from the start to the gateway, less breaks in learning.

    The days of break are taken off the end, so that a later gateway never counts for less.
    """
    worked_to = gateway_on - timedelta(days=break_days(breaks, start, gateway_on))
    months = (worked_to.year - start.year) * 12 + worked_to.month - start.month
    while months > 0 and months_after(start, months) > worked_to:
        months -= 1
    return max(months, 0)


def earliest_gateway(start: date, months: int, breaks: Sequence[Break]) -> date | None:
    """The first day with so many months on programme; None while a break in learning lasts."""
    if any(one.ends_on is None for one in breaks):
        return None
    unbroken = months_after(start, months)
    day = unbroken
    while (later := unbroken + timedelta(days=break_days(breaks, start, day))) != day:
        day = later
    return day


def time_finding(start: date, gateway_on: date, breaks: Sequence[Break], needed: int) -> Finding:
    """Whether the time on programme is enough on the gateway date.

    Args:
        start: the first day of learning.
        gateway_on: the day on which it is judged.
        breaks: breaks in learning.
        needed: full months, from the definition.
    """
    months = months_on_programme(start, gateway_on, breaks)
    pause = break_days(breaks, start, gateway_on)
    after = f" after {'a break' if len(breaks) == 1 else 'breaks'} of {counted(pause, 'day')}"
    said = f"{counted(months, 'full month')}{after if pause else ''}; {needed} needed"
    if months >= needed:
        return Finding(said, is_met=True)
    said += f", {counted(needed - months, 'month')} short"
    reached = earliest_gateway(start, needed, breaks)
    return Finding(said + (f" until {day_words(reached)}" if reached else ""), is_met=False)


# --------------------------------------------------------------------------- policies by date


class Policy(BaseModel):
    """A funding policy as data, in effect from a date on, with where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    effective_from: date
    source: str


AnyPolicy = TypeVar("AnyPolicy", bound=Policy)


def policy_in_force(policies: Sequence[AnyPolicy], on: date) -> AnyPolicy:
    """The newest policy in effect on a day; before all of them, the first one."""
    ordered = sorted(policies, key=lambda one: one.effective_from)
    return next((one for one in reversed(ordered) if one.effective_from <= on), ordered[0])


# ----------------------------------------------------------------------- English and mathematics


class QualificationPolicy(Policy):
    """Of whom English and mathematics are asked, from a date on.

    ``optional_from_age`` is the age at the original start from which somebody need not, unless
    they opted in; None asks it of everybody.
    """

    optional_from_age: int | None = None

    def asks(self, age: int, *, opted_in: bool) -> bool:
        """Whether this policy asks it of somebody of this age at the original start."""
        return self.optional_from_age is None or age < self.optional_from_age or opted_in


def age_on(born: date, day: date) -> int:
    """Whole years; somebody born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Learner:
    """What is known of an apprentice's English and mathematics.

    ``attained`` maps the definition's subjects to levels; ``grounds`` are those of the
    definition's ``reduced_for`` that apply.
    """

    age_at_original_start: int
    opted_in: bool
    attained: Mapping[str, Attainment]
    grounds: frozenset[str] = frozenset()
    has_sign_language: bool = False


LEVEL_TITLES: Final[dict[str, str]] = {
    Attainment.LEVEL_2: "level 2",
    Attainment.ENTRY_3: "Entry Level 3",
}


def _subject(
    subject: str, learner: Learner, wanted: Qualifications, *, asked: bool
) -> tuple[str, bool]:
    name, level = subject.capitalize(), learner.attained.get(subject, Attainment.NONE)
    if level == wanted.standard:
        return f"{name} at {LEVEL_TITLES[level]}", True
    if not asked:
        age = learner.age_at_original_start
        return f"{name} not required: {age} at original start, not opted in", True
    # The reason why the lower level is enough is nobody's business who only reads the row.
    if level == wanted.reduced and learner.grounds & set(wanted.reduced_for):
        return f"{name} at {LEVEL_TITLES[level]}, which is enough here", True
    if learner.has_sign_language and subject == wanted.sign_language_replaces:
        return f"British Sign Language in place of {name}", True
    has = f"at {LEVEL_TITLES[level]}" if level in LEVEL_TITLES else "not shown"
    needed = LEVEL_TITLES.get(wanted.standard, wanted.standard)
    return f"{name} {has}; {needed} needed", False


def qualifications_finding(
    learner: Learner, wanted: Qualifications, policy: QualificationPolicy
) -> Finding:
    """Whether English and mathematics are enough under the policy in force."""
    asked = policy.asks(learner.age_at_original_start, opted_in=learner.opted_in)
    subjects = [_subject(one, learner, wanted, asked=asked) for one in wanted.subjects]
    return Finding(
        ". ".join(sentence for sentence, _ in subjects),
        is_met=all(met for _, met in subjects),
        waived=not asked,
    )


# ---------------------------------------------------------------------------------- portfolio


def _within(count: int, least: int, most: int, noun: str) -> str:
    if count < least:
        return f"{counted(least - count, noun)} short"
    return f"{counted(count - most, noun)} too many" if count > most else ""


def portfolio_finding(
    pieces: int, service_users: int, activities: Iterable[str], limits: Portfolio
) -> Finding:
    """Whether a submitted portfolio is within the limits; every activity is shown."""
    shown = set(activities)
    missing = [one.title.lower() for one in limits.activities if one.code not in shown]
    said = (
        f"{counted(pieces, 'piece')} from {counted(service_users, 'service user')};"
        f" {limits.pieces_min} to {limits.pieces_max} pieces from"
        f" {limits.service_users_min} to {limits.service_users_max} service users needed"
    )
    faults = [
        _within(pieces, limits.pieces_min, limits.pieces_max, "piece"),
        _within(service_users, limits.service_users_min, limits.service_users_max, "service user"),
    ]
    said = ", ".join([said, *filter(None, faults)])
    if missing:
        said += f". No piece shows {', '.join(missing)}"
    return Finding(said, is_met=not any(faults) and not missing)


# --------------------------------------------------------------------------- an earlier start


def start_fault(to_on: date, *, period: Period, earliest: date, today: date) -> str | None:
    """What is wrong with an earlier first day of the EPA period, or None.

    Source: the clock of the plan as it is read: backdating needs a reason and a second person.

    Args:
        to_on: the day that is proposed.
        period: the period as it would be then.
        earliest: the day on which everything had been shown.
        today: the London date.
    """
    if to_on < earliest:
        return (
            f"The first day must be {day_words(earliest)} or later: not everything had been shown"
            " before it"
        )
    if period.ends_on < today:
        return f"The last day would be {day_words(period.ends_on)}, which is over"
    return None


# ------------------------------------------------------------------- the employer's confirmation


@dataclass(frozen=True)
class Readiness:
    """The employer's own answer: ready or not yet, decided on which day, and why not yet."""

    is_ready: bool
    decided_on: date
    reason: str = ""


def decision_date_fault(decided_on: date, *, started: date, today: date) -> str | None:
    """What is wrong with the date of an employer's decision, or None."""
    if decided_on > today:
        return f"The date of your decision must be {day_words(today)} or earlier"
    if decided_on < started:
        return f"The date of your decision must be {day_words(started)} or later"
    return None
