"""What a mark sheet's pages show: one KSB after another in plain values, and where links lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, Final

from flask import current_app, url_for

from epa.judgements import queries
from epa.judgements.forms import ConductForm, KsbForm
from epa.judgements.models import EvidenceNote, MarkSheet
from epa.judgements.queries import KsbEntry
from epa.judgements.rules import Conduct
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Duty, Grade
from epa.web.fields import Choice
from epa.web.filters import date_words, time_of_day
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
    """

    code: str
    conduct: type[Conduct]
    form: type[ConductForm]
    sign: Callable[..., None]
    papers: Callable[[MethodAttempt], list[dict[str, str]]] = lambda _attempt: []

    def address(self, view: str, attempt: MethodAttempt, **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.code}.{view}", attempt_id=attempt.id, **values)


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
    """What stands in a KSB's box for a note."""

    source: str = ""
    service_user: int | None = None
    text: str = ""
    replaces: str = ""


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
        "sheet_url": method.address("sheet", attempt),
        "open_url": method.address("open_sheet", attempt),
        "conduct_url": method.address("conduct", attempt),
        "sign_url": method.address("sign", attempt),
        "record_url": address_if_there("record.show", assessment_id=attempt.assessment_id),
    }


def section(
    method: SheetMethod,
    sheet: MarkSheet,
    entry: KsbEntry,
    box: Box,
    current: str = "",
    typed: tuple[str, KsbForm] | None = None,
) -> dict[str, Any]:
    """One KSB as the templates take it: plain values, what was typed in place of what is kept."""
    plan, attempt, code = queries.plan_of(sheet), sheet.attempt, entry.code
    form = typed[1] if typed and typed[0] == code else None
    chosen = entry.grade.value if entry.grade else ""
    if form is not None:
        chosen = str(form.grade.typed or chosen)
        box = Box(
            str(form.source.typed),
            form.service_user.data,
            str(form.text.typed),
            str(form.replaces.data or ""),
        )
    return {
        "code": code,
        "title": plan.criterion(code).title,
        "judging": Judging(f"{code}-grade", _choices(plan, method.code, code), chosen),
        "grade": entry.grade,
        "grade_title": GRADE_TITLES[entry.grade] if entry.grade else "Not judged",
        "chosen_at": entry.judgement.judged_at if entry.judgement else None,
        "undo": _undo(entry),
        "wording": f"{plan.standard_reference}, version {plan.version}",
        "sequence": entry.sequence,
        "notes": [
            _note(plan.judged_method(method.code), attempt, one, entry) for one in entry.notes
        ],
        "box": box,
        "problems": [message for _id, message in form.error_list] if form else [],
        "is_current": code == current,
        "url": method.address("sheet", attempt, ksb=code, _anchor=f"ksb-{code}"),
        "save_url": method.address("save", attempt, ksb=code),
        "judge_url": method.address("judge", attempt, ksb=code),
        "note_url": method.address("note", attempt, ksb=code),
    }


def _undo(entry: KsbEntry) -> dict[str, str] | None:
    """What Undo goes back to; nothing before the first judgement."""
    if entry.judgement is None:
        return None
    before: Grade | None = entry.before
    if before is None:
        return None if entry.grade is None else {"token": "none", "title": "Not judged"}
    return {"token": before.value, "title": GRADE_TITLES[before]}


def _choices(plan: AssessmentPlan, method: str, code: str) -> tuple[Choice, ...]:
    descriptor = plan.descriptor(method, code)
    words = {
        "fail": plan.grading.fail_wording,
        "pass": descriptor.pass_wording,
        "distinction": descriptor.distinction or "",
    }
    return tuple(
        Choice(one, GRADE_TITLES[Grade(one)], words[one]) for one in plan.ratings_for(method, code)
    )


def _note(
    method: JudgedMethod, attempt: MethodAttempt, note: EvidenceNote, entry: KsbEntry
) -> dict[str, Any]:
    titles = {source.code: source.title for source in method.sources}
    return {
        "id": str(note.id),
        "at": note.noted_at,
        "source": note.source,
        "source_title": titles.get(note.source, note.source),
        "service_user": note.service_user,
        "text": note.text,
        "versions": entry.versions.get(note.id, 1),
        "change_url": url_for(
            f"{method.code}.sheet",
            attempt_id=attempt.id,
            ksb=entry.code,
            note=note.id,
            _anchor=f"ksb-{entry.code}",
        ),
    }


def service_users(sheet: MarkSheet) -> int:
    """How many references a note may choose from; none where the method has no service users."""
    plan = queries.plan_of(sheet)
    if not plan.judged_method(sheet.attempt.method_code).service_users_min:
        return 0
    return max(plan.portfolio.service_users_max, sheet.conduct.get("service_users") or 0)


def as_read(method: SheetMethod, sheet: MarkSheet, entry: KsbEntry) -> dict[str, Any]:
    """One KSB to read: what was judged, in which words, on what evidence."""
    shown = section(method, sheet, entry, Box())
    wording = {choice.token: choice.hint for choice in shown["judging"].choices}
    return shown | {"wording": wording.get(entry.grade.value) if entry.grade else ""}


def conduct_facts(method: SheetMethod, conduct: Conduct) -> list[dict[str, str]]:
    """The facts of the day to read, in the words of the form that asks for them."""
    shown = []
    for name, question, unit in method.form.questions():
        value = getattr(conduct, name)
        if value is not None and value != "":
            words = f"{_words(value)} {unit}".strip()
            shown.append({"label": question.rstrip("?"), "value": words})
    return shown


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, time):
        return time_of_day(value)
    return str(value).capitalize() if isinstance(value, StrEnum) else str(value)
