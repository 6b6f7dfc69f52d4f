"""How a sheet's addresses answer: which sheet is meant, and what a save by script is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import abort, current_app, jsonify, redirect
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from epa.conduct import queries as days
from epa.conduct.models import AskedQuestion
from epa.errors import ChangedMeanwhile, RuleBroken
from epa.judgements import clock_board, queries
from epa.judgements.board import Desk, SheetMethod
from epa.judgements.log import Noted
from epa.judgements.models import MarkSheet
from epa.judgements.open_sheets import OpenSheet
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES
from epa.people.signed_in import signed_in_person
from epa.web.sent import sent_as

Body = TypeVar("Body", bound=BaseModel)


def sheet_at(attempt: MethodAttempt) -> MarkSheet:
    """The newest sheet of an attempt; a 404 while there is none."""
    return queries.sheet_of(attempt) or abort(404)


def sheet_found(attempt: MethodAttempt | OpenSheet) -> MarkSheet | OpenSheet:
    """The sheet to save on: the one that was found together with its assessor, or the newest."""
    return attempt if isinstance(attempt, OpenSheet) else sheet_at(attempt)


def sheet_to_work_on(method: SheetMethod, attempt: MethodAttempt) -> MarkSheet:
    """The sheet to work on; one that is signed is shown instead."""
    sheet = sheet_at(attempt)
    if not queries.may_judge(attempt, signed_in_person()):
        abort(redirect(method.address("sheet", attempt), 303))
    return sheet


def answer(
    kind: type[Body],
    keep: Callable[[Body], Mapping[str, Any]],
    standing: Callable[[], Mapping[str, Any]] | None = None,
) -> ResponseReturnValue:
    """What a save by script is told: when it was kept, or why not and what stands there.

    Args:
        kind: the shape of what is sent.
        keep: keeps it and gives the answer.
        standing: what to show a page whose save is refused because it is behind.
    """
    try:
        sent = sent_as(kind)
    except ValidationError as fault:
        where = ", ".join(str(one["loc"][0]) if one["loc"] else "body" for one in fault.errors())
        return jsonify({"error": f"This cannot be saved as it was sent ({where})."}), 400
    try:
        return jsonify(keep(sent))
    except ChangedMeanwhile as changed:
        return jsonify({"error": changed.message, "current": _standing(changed.newest)}), 409
    except RuleBroken as broken:
        more = {"standing": standing()} if standing else {}
        return jsonify({"error": broken.message, **more}), 422


def part(template: str, name: str, *values: Any) -> str:
    """A piece of a page, drawn by a macro: an answer carries it, so that the page need not be."""
    pieces = current_app.jinja_env.get_template(f"epa/judgements/{template}.html")
    return str(getattr(pieces.module, name)(*values))


def prompt_answer(desk: Desk, number: int) -> dict[str, Any]:
    """What a page is told of a question's prompt after it changed; nothing where none is drawn."""
    if desk.prompts is None:
        return {}
    asked = {one.number for one in days.questions_of(desk.attempt)}
    shown = clock_board.prompt_row(desk, number, is_asked=number in asked)
    return {"prompt": {"part": part("parts", "prompt", shown), "text": shown["text"]}}


def _standing(newest: object) -> dict[str, Any]:
    """What stands on the sheet, for a page that is behind it."""
    if isinstance(newest, Noted):
        return {
            "note": str(newest.id),
            "text": newest.text,
            "source": newest.source,
            "service_user": newest.service_user,
        }
    if isinstance(newest, AskedQuestion):
        return {"seen": newest.version, "question": newest.question, "answer": newest.answer}
    sequence, grade = getattr(newest, "sequence", 0), getattr(newest, "grade", None)
    title = GRADE_TITLES[grade] if grade else "Not judged"
    return {"sequence": sequence, "grade": grade, "title": title}
