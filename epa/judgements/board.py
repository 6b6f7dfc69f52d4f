"""What a mark sheet's pages show: one KSB after another in plain values, and where links lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Self

from flask import current_app, url_for

from epa.allowances.queries import allowance_of
from epa.conduct import queries as days
from epa.conduct.facts import RECORDING_TITLES, Conduct, Recording
from epa.conduct.models import AskedQuestion
from epa.conduct.rules import DayPrompts
from epa.judgements import queries
from epa.judgements.conduct_form import ConductForm
from epa.judgements.forms import KsbForm, NoteForm
from epa.judgements.models import EvidenceNote, MarkSheet
from epa.judgements.pad import Pad, chosen, note_rows, whose_wording
from epa.judgements.queries import KsbEntry
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Duty, Grade
from epa.people.models import Person
from epa.web.fields import Choice
from epa.web.filters import date_words, time_of_day
from epa.wording.queries import Wording, wording_of
from epa.wording.rules import Place
from frameworks import AssessmentPlan, JudgedMethod


@dataclass(frozen=True)
class SheetMethod:
    """What a judged method adds to the pages.

    Args:
        code: the method's code; also the name of its blueprint and of its templates' folder.
        conduct: the shape of its facts of the day.
        form: the form that asks for them.
        sign: its service for signing.
        papers: what its assessor has beside the sheet, as titles with addresses.
        pieces: the pieces of the portfolio that a note may refer to, by number.
        prompts: the prompts drawn from a bank for its questions; None where none may be drawn.
        note_prompts: writes down that those were shown.
    """

    code: str
    conduct: type[Conduct]
    form: type[ConductForm]
    sign: Callable[..., None]
    papers: Callable[[MethodAttempt], list[dict[str, str]]] = lambda _attempt: []
    pieces: Callable[[MethodAttempt], Mapping[int, str]] = lambda _attempt: {}
    prompts: Callable[[MethodAttempt], DayPrompts] | None = None
    note_prompts: Callable[..., None] = lambda _attempt, **_who_and_when: None

    def address(self, view: str, attempt: MethodAttempt, **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.code}.{view}", attempt_id=attempt.id, **values)


@dataclass(frozen=True)
class Desk(Pad):
    """One sheet with everything its pages ask of it again and again."""

    method: SheetMethod
    sheet: MarkSheet

    @classmethod
    def of(cls, method: SheetMethod, sheet: MarkSheet) -> Self:
        """The sheet with its definition."""
        return cls(queries.plan_of(sheet), method.code, sheet.attempt_id, method, sheet)

    @cached_property
    def wording(self) -> Wording:
        """The texts that are shown on it."""
        return wording_of(self.plan, self.sheet.wording_pack)

    @cached_property
    def judged(self) -> JudgedMethod:
        """The method as it holds for this apprentice, with the time that was granted."""
        return days.method_of(self.attempt)

    @cached_property
    def pieces(self) -> Mapping[int, str]:
        """The pieces of the portfolio that a note may refer to, by number."""
        return self.method.pieces(self.attempt)

    @cached_property
    def prompts(self) -> DayPrompts | None:
        """The prompts drawn for its questions; None where the method draws none."""
        if self.method.prompts is None or not self.judged.questions.drawn_from_bank:
            return None
        return self.method.prompts(self.attempt)

    @property
    def attempt(self) -> MethodAttempt:
        """The attempt whose sheet it is."""
        return self.sheet.attempt


@dataclass(frozen=True)
class Judging:
    """The radio buttons of one KSB, as the macro ``judgement`` draws them."""

    id: str
    choices: tuple[Choice, ...]
    chosen: str
    errors: tuple[str, ...] = ()
    name: Final = "grade"

    def is_chosen(self, choice: Choice) -> bool:
        """Whether this grade stands chosen on the page."""
        return choice.token == self.chosen


@dataclass(frozen=True)
class Box:
    """What stands in a box for a note."""

    source: str = ""
    service_user: int | None = None
    piece: int | None = None
    text: str = ""
    replaces: str = ""
    ksbs: Sequence[str] = ()

    @classmethod
    def typed(cls, form: NoteForm) -> Self:
        """What was typed, kept when it is refused."""
        return cls(
            str(form.source.typed),
            form.service_user.data,
            form.piece.data,
            form.text._value(),  # noqa: SLF001 (what WTForms writes into the box)
            str(form.replaces.data or ""),
            form.ksbs.typed or (),
        )

    @classmethod
    def of(cls, note: EvidenceNote) -> Self:
        """A note to be changed."""
        return cls(note.source, note.service_user, note.piece, note.text, str(note.id), note.ksbs)


def address_if_there(endpoint: str, **values: Any) -> str | None:
    """The address of another feature's page, where that feature is part of the application."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def about(method: SheetMethod, attempt: MethodAttempt) -> dict[str, Any]:
    """What every page of a sheet says at its top, and where its links lead."""
    apprenticeship = attempt.assessment.apprenticeship
    plan = framework_of(attempt.assessment)
    return {
        "attempt": attempt,
        "apprentice_name": apprenticeship.person.name,
        "first_name": apprenticeship.person.given_names,
        "employer_name": apprenticeship.employer.name,
        "method_title": plan.judged_method(method.code).short_title,
        "assessor": attempt.allocated(Duty.ASSESSOR),
        "adjustments": allowance_of(attempt).in_words,
        "sheet_url": method.address("sheet", attempt),
        "remarks_url": method.address("remarks", attempt),
        "open_url": method.address("open_sheet", attempt),
        "conduct_url": method.address("conduct", attempt),
        "feedback_url": method.address("feedback", attempt),
        "sign_url": method.address("sign", attempt),
        "recordings_url": method.address("recordings", attempt),
        "blank_url": method.address("blank", attempt),
        "record_url": address_if_there("record.show", assessment_id=attempt.assessment_id),
    }


def feedback_rows(sheet: MarkSheet) -> list[tuple[str, str]]:
    """What the assessor tells the apprentice: each text that was written, under its heading."""
    told = queries.feedback_of(sheet)
    if told is None:
        return []
    return [(title, text) for title, text in told.fields.titled if text]


def is_assessor(attempt: MethodAttempt, person: Person) -> bool:
    """Whether this person is allocated to judge this attempt."""
    return attempt.allocated(Duty.ASSESSOR) is person


def section(
    desk: Desk,
    entry: KsbEntry,
    box: Box,
    current: str = "",
    typed: tuple[str, KsbForm] | None = None,
) -> dict[str, Any]:
    """One KSB as the templates take it: plain values, what was typed in place of what is kept."""
    code = entry.code
    form = typed[1] if typed and typed[0] == code else None
    token = entry.grade.value if entry.grade else ""
    if form is not None:
        token, box = str(form.grade.typed or token), Box.typed(form)
    return {
        "code": code,
        "title": desk.plan.criterion(code).title,
        "judging": Judging(
            f"{code}-grade", choices_of(desk.plan, desk.wording, desk.method.code, code), token
        ),
        **chosen(entry.judged, whose_wording(desk, desk.sheet.wording_pack, code))._asdict(),
        "sequence": entry.sequence,
        "notes": note_rows(desk, entry.notes, entry.code),
        "answers": [answer_row(one) for one in entry.answers],
        "box": box,
        "problems": [message for _id, message in form.error_list] if form else [],
        "is_current": code == current,
        "url": desk.place(code),
        "save_url": desk.address("save", ksb=code),
        "judge_url": desk.address("judge", ksb=code),
        "note_url": desk.address("note", ksb=code),
    }


def choices_of(
    plan: AssessmentPlan, wording: Wording, method: str, code: str
) -> tuple[Choice, ...]:
    """The grades that a KSB may be given, each with the text that is shown for it."""
    texts = {"fail": plan.grading.fail_wording}
    for grade in (Grade.PASS, Grade.DISTINCTION):
        texts[grade.value] = wording.texts.get(Place(code, method, grade.value), "")
    return tuple(
        Choice(one, GRADE_TITLES[Grade(one)], texts[one]) for one in plan.ratings_for(method, code)
    )


def answer_row(one: AskedQuestion, *, is_banked: bool = False) -> dict[str, Any]:
    """A question with its answer as the lists show it.

    Args:
        one: the question.
        is_banked: whether the method draws some of its questions from a bank, so that it is said
            of each where it came from.
    """
    name = f"Question {one.number}" + (f", follow-up {one.follow_up}" if one.follow_up else "")
    return {
        "name": name,
        "at": one.asked_at,
        "question": one.question,
        "answer": one.answer,
        "ksbs": one.ksbs,
        "origin": _origin(one) if is_banked and not one.follow_up else "",
    }


def _origin(one: AskedQuestion) -> str:
    return f"From the bank: {one.prompt}" if one.prompt else "Arose from what was seen"


def service_users(desk: Desk) -> int:
    """How many references a note may choose from; none where the method has no service users."""
    if not desk.judged.service_users_min:
        return 0
    seen = desk.sheet.conduct.get("service_users") or ()
    numbers = [int(one["number"]) for one in seen] if isinstance(seen, list) else []
    return max([desk.plan.portfolio.service_users_max, *numbers])


def as_read(desk: Desk, entry: KsbEntry) -> dict[str, Any]:
    """One KSB to read: what was judged, in which words, on what evidence."""
    shown = section(desk, entry, Box())
    texts = {choice.token: choice.hint for choice in shown["judging"].choices}
    return shown | {
        "text": texts.get(entry.grade.value) if entry.grade else "",
        "judged_by": entry.judgement.judged_by.name if entry.judgement else "",
    }


def conduct_facts(desk: Desk, conduct: Conduct) -> list[dict[str, str]]:
    """The facts of the day to read, in the words of the form that asks for them."""
    shown = []
    for name, question, unit in desk.method.form.questions():
        value = getattr(conduct, name)
        if value is not None and value not in ("", ()):
            words = f"{_words(value)} {unit}".strip()
            shown.append({"label": question.rstrip("?"), "value": words})
    titles = {one.code: one.title for one in desk.plan.portfolio.activities}
    for one in getattr(conduct, "service_users", ()):
        seen = ", ".join(titles.get(code, code) for code in one.activities).lower()
        told = "told and content" if one.agreed else ""
        words = "; ".join(filter(None, (seen, told))) or "seen"
        shown.append({"label": f"SU-{one.number}", "value": words.capitalize()})
    return shown


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, time):
        return time_of_day(value)
    if isinstance(value, Recording):
        return RECORDING_TITLES[value]
    if isinstance(value, tuple):
        return ", ".join(str(one).replace("_", " ") for one in value).capitalize()
    return str(value).capitalize() if isinstance(value, StrEnum) else str(value)
