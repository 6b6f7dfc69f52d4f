"""What a mark sheet holds: grades, notes and their sources; gaps, the count, the digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from epa.conduct.facts import Missing
from epa.errors import RuleBroken
from epa.lifecycle.rules import GRADE_TITLES, Grade
from frameworks.assessment_plan import AssessmentPlan

NOTE_LETTERS: Final = 4000
FURTHEST_SERVICE_USER: Final = 99
FEEDBACK_LETTERS: Final = 3000


@dataclass(frozen=True)
class NoteFields:
    """What an assessor writes down, for a KSB or into the stream of notes.

    Args:
        source: a source's code from the definition, such as ``seen`` or ``asked``.
        text: the note; empty takes the replaced note back.
        service_user: 1 for SU-1; only in a method with service users.
        piece: the number of a piece of the portfolio it refers to, only where the method is
            underpinned by one; a reference beside the note, never evidence by itself.
        replaces: the note that this one is a new version of.
        token: a name the browser gives to one save, so that a repeated save is kept once.
    """

    source: str
    text: str
    service_user: int | None = None
    piece: int | None = None
    replaces: UUID | None = None
    token: str | None = None


@dataclass(frozen=True)
class Entry:
    """A whole KSB at once: its grade and its note, as they stand on a sheet kept on paper."""

    ksb: str
    grade: str
    note: NoteFields


@dataclass(frozen=True)
class FeedbackFields:
    """What an assessor tells the apprentice of a method; an empty text says nothing."""

    overall: str = ""
    went_well: str = ""
    work_on: str = ""

    @property
    def titled(self) -> tuple[tuple[str, str], ...]:
        """Each text under its heading, in the order they are read in."""
        return (
            ("Overall", self.overall),
            ("What went well", self.went_well),
            ("What to work on", self.work_on),
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone, in the same order."""
        return tuple(text for _, text in self.titled)


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


def must_be_a_note(
    plan: AssessmentPlan,
    method: str,
    ksbs: Collection[str],
    fields: NoteFields,
    pieces: Collection[int] = (),
) -> None:
    """Refuse a note that the method has no place for, or that says nothing or too much.

    Args:
        plan: the definition.
        method: the method's code.
        ksbs: the KSBs that the note is evidence for; none for one in the stream.
        fields: the note.
        pieces: the numbers of the pieces that a note may refer to.

    Raises:
        RuleBroken: what is wrong, with its field.
    """
    judged = plan.judged_method(method)
    for ksb in ksbs:
        if ksb not in plan.descriptors[method]:
            raise RuleBroken("unknown-ksb", f"{ksb} is not judged in this method.")
    if fields.source not in {source.code for source in judged.sources}:
        titles = " or ".join(source.title for source in judged.sources)
        raise RuleBroken("unknown-source", f"Say where this comes from: {titles}.", "source")
    if fields.service_user is not None and not (
        judged.service_users_min and 1 <= fields.service_user <= FURTHEST_SERVICE_USER
    ):
        raise RuleBroken("no-service-user", "Choose a service user from the list.", "service_user")
    if fields.piece is not None and fields.piece not in pieces:
        raise RuleBroken("unknown-piece", "Choose a piece of the portfolio from the list.", "piece")
    if len(fields.text) > NOTE_LETTERS:
        raise RuleBroken(
            "note-too-long",
            f"A note must have {NOTE_LETTERS:,} characters or fewer; it has {len(fields.text):,}.",
            "text",
        )
    if not fields.text.strip() and fields.replaces is None:
        words = "Write what was seen or said."
        if fields.piece is not None:
            words = "A piece of the portfolio is no evidence by itself. Write what was said."
        raise RuleBroken("empty-note", words, "text")


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
