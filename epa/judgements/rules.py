"""What a mark sheet must hold before it is signed: limits, gaps, the count, the digest.

Every number comes from the definition. A limit that the plan lets the assessor stretch asks for
the recorded choice; beyond that, for a reason; what the plan says *must* be blocks.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from epa.errors import RuleBroken
from epa.lifecycle.rules import GRADE_TITLES, Grade
from frameworks.assessment_plan import AssessmentPlan, JudgedMethod, QuestionLimits, Stretch

NOTE_LETTERS: Final = 4000
FURTHEST_SERVICE_USER: Final = 99


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of signing, and where to put it right.

    ``ksb`` is the code of the KSB it concerns, or ``field`` the fact of the day.
    """

    code: str
    message: str
    ksb: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class NoteFields:
    """What an assessor writes down for one KSB.

    Args:
        source: a source's code from the definition, such as ``seen`` or ``asked``.
        text: the note; empty takes the replaced note back.
        service_user: 1 for SU-1; only in a method with service users.
        replaces: the note that this one is a new version of.
        token: a name the browser gives to one save, so that a repeated save is kept once.
    """

    source: str
    text: str
    service_user: int | None = None
    replaces: UUID | None = None
    token: str | None = None


@dataclass(frozen=True)
class Entry:
    """A whole KSB at once: its grade and its note, as they stand on a sheet kept on paper."""

    ksb: str
    grade: str
    note: NoteFields


def must_be_a_grade(plan: AssessmentPlan, method: str, ksb: str, grade: Grade | None) -> None:
    """Refuse a KSB that the method does not judge, and a grade the plan does not describe for it.

    Raises:
        RuleBroken: which of the two it is.
    """
    if ksb not in plan.descriptors[method]:
        raise RuleBroken("unknown-ksb", f"{ksb} is not judged in this method.")
    if grade is not None and grade.value not in plan.ratings_for(method, ksb):
        title = GRADE_TITLES[grade]
        raise RuleBroken("no-such-grade", f"The plan describes no {title} for {ksb}.", "grade")


def must_be_a_note(plan: AssessmentPlan, method: str, ksb: str, fields: NoteFields) -> None:
    """Refuse a note that the method has no place for, or that says nothing or too much.

    Raises:
        RuleBroken: what is wrong, with its field.
    """
    judged = plan.judged_method(method)
    if ksb not in plan.descriptors[method]:
        raise RuleBroken("unknown-ksb", f"{ksb} is not judged in this method.")
    if fields.source not in {source.code for source in judged.sources}:
        titles = " or ".join(source.title for source in judged.sources)
        raise RuleBroken("unknown-source", f"Say where this comes from: {titles}.", "source")
    if fields.service_user is not None and not (
        judged.service_users_min and 1 <= fields.service_user <= FURTHEST_SERVICE_USER
    ):
        raise RuleBroken("no-service-user", "Choose a service user from the list.", "service_user")
    if len(fields.text) > NOTE_LETTERS:
        raise RuleBroken(
            "note-too-long",
            f"A note must have {NOTE_LETTERS:,} characters or fewer; it has {len(fields.text):,}.",
            "text",
        )
    if not fields.text.strip() and fields.replaces is None:
        raise RuleBroken("empty-note", "Write what was seen or said.", "text")


class Conduct(BaseModel, ABC):
    """The facts of the day that both judged methods share; each method adds its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    main_part: ClassVar[str]

    held_on: date | None = None
    identity_checked: bool = False
    questions_asked: int | None = None
    questions_reason: str = ""
    question_minutes: int | None = None
    question_time_reason: str = ""

    @property
    @abstractmethod
    def main_minutes(self) -> int | None:
        """How long the method's main part took; None while it is not entered."""

    @abstractmethod
    def missing(self, plan: AssessmentPlan) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs; empty when in order."""


def not_said(conduct: BaseModel, wanted: Mapping[str, str]) -> list[Missing]:
    """The facts that are not given yet, by field: the sentence that asks for each."""
    given = {field: getattr(conduct, field) for field in wanted}
    return [
        Missing("fact-missing", sentence, field=field)
        for field, sentence in wanted.items()
        if given[field] is None or given[field] is False or given[field] == ""
    ]


def over_time(part: Stretch, minutes: int | None, *, stretched: bool) -> str | None:
    """What is wrong with the minutes of one timed part, by how much; None when nothing is.

    Args:
        part: the part, with the plan's minutes and what may be added to them.
        minutes: how long it took.
        stretched: whether the assessor recorded the choice to add the plan's tolerance.
    """
    if minutes is None or minutes <= part.minutes:
        return None
    if minutes <= part.longest_minutes:
        if stretched:
            return None
        return (
            f"{part.title}: {minutes} min is {minutes - part.minutes} min over the {part.minutes}"
            f" of the plan. Record that you added time {part.tolerance_for}, or give a reason."
        )
    most = f"{part.minutes} min"
    if part.tolerance_percent:
        most = f"{part.longest_minutes} min that {part.minutes} may be stretched to"
    return (
        f"{part.title}: {minutes} min is {minutes - part.longest_minutes} min over the {most}."
        " Give a reason."
    )


def over_count(limits: QuestionLimits, asked: int | None) -> str | None:
    """What is wrong with the number of questions, by how much; None when nothing is."""
    if asked is None or asked <= limits.maximum:
        return None
    return (
        f"{asked} questions is {asked - limits.maximum} over the {limits.maximum} that may be"
        " asked. Give a reason."
    )


def unless(reason: str, problem: str | None, field: str) -> list[Missing]:
    """A problem that a reason settles: none when there is no problem, or a reason is given."""
    if problem is None or reason.strip():
        return []
    return [Missing("limit-broken", problem, field=field)]


def question_limits(conduct: Conduct, method: JudgedMethod, *, stretched: bool) -> list[Missing]:
    """The number of questions and their minutes, held to the plan."""
    part = method.part(method.questions.part)
    many = over_count(method.questions, conduct.questions_asked)
    long = over_time(part, conduct.question_minutes, stretched=stretched)
    return [
        *unless(conduct.questions_reason, many, "questions_reason"),
        *unless(conduct.question_time_reason, long, "question_time_reason"),
    ]


def day_in_order(held_on: date | None, *, starts_on: date | None, today: date) -> list[Missing]:
    """A method is held on a day of the EPA period that has come."""
    if held_on is None:
        return []
    if held_on > today:
        return [Missing("day-to-come", "The day it was held is still to come.", field="held_on")]
    if starts_on is not None and held_on < starts_on:
        return [
            Missing(
                "before-the-period",
                f"The day it was held is before the EPA period, which starts on"
                f" {starts_on.day} {starts_on:%B %Y}.",
                field="held_on",
            )
        ]
    return []


def gaps(ksbs: Iterable[str], judged: Iterable[str], noted: Iterable[str]) -> list[Missing]:
    """The KSBs that are not judged, or carry no evidence note, in the plan's order."""
    has_grade, has_note = set(judged), set(noted)
    found = []
    for ksb in ksbs:
        if ksb not in has_grade and ksb not in has_note:
            words = f"{ksb} is not judged and has no evidence note."
        elif ksb not in has_grade:
            words = f"{ksb} is not judged."
        elif ksb not in has_note:
            words = f"{ksb} has no evidence note."
        else:
            continue
        found.append(Missing("ksb-unfinished", words, ksb=ksb))
    return found


@dataclass(frozen=True)
class Tally:
    """How far a sheet is. It says nothing of the grade: that is not known before it is signed."""

    judged: int
    total: int
    distinctions: int
    needed: int

    @property
    def words(self) -> str:
        """The count in words, the same in the page and in what a save answers."""
        pending = ", so no grade yet" if self.judged < self.total else ""
        return (
            f"{self.judged} of {self.total} judged{pending}."
            f" {self.distinctions} at Distinction, {self.needed} needed."
        )


def tally(plan: AssessmentPlan, method_code: str, ratings: Mapping[str, str]) -> Tally:
    """Count a sheet's ratings by KSB code against what a Distinction needs."""
    return Tally(
        judged=len(ratings),
        total=len(plan.ksbs_of(method_code)),
        distinctions=sum(rating == "distinction" for rating in ratings.values()),
        needed=plan.distinctions_needed(method_code),
    )


def matches(typed: str, code: str, title: str) -> bool:
    """Whether a KSB is meant by what was typed: the start of its code, or words of its title."""
    wanted = typed.casefold().split()
    return code.casefold().startswith("".join(wanted)) or all(
        word in title.casefold() for word in wanted
    )


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a sheet's whole content, as hexadecimal."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
