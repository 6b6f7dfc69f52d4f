"""Drawing a prompt for a question and passing one over: by script in JSON, by form with a page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.judgements.answering import answer, prompt_answer, sheet_at, sheet_to_work_on
from epa.judgements.board import Desk, SheetMethod
from epa.judgements.pad import QUESTIONS
from epa.judgements.pages import working_page
from epa.lifecycle.models import MethodAttempt
from epa.observation import services
from epa.observation.forms import PromptAction, PromptForm, PromptSave
from epa.people.signed_in import signed_in_person
from epa.personal_data.remarks import remark_in_words
from epa.web.filters import saved_time

_SEEDS: Final = 2**63


def prompt(method: SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Draw a prompt of the bank for a question, or pass one over."""
    sheet, at = sheet_at(attempt), utc_now()
    if not request.is_json:
        return _prompt_form(method, attempt)

    def keep(sent: PromptSave) -> Mapping[str, Any]:
        _act(attempt, sent.action, sent.number, sent.reason, at=at, token=sent.token)
        desk = Desk.of(method, sheet)
        return {"saved_at": saved_time(at), **prompt_answer(desk, sent.number)}

    return answer(PromptSave, keep)


def _act(
    attempt: MethodAttempt,
    action: PromptAction,
    number: int,
    reason: str,
    *,
    at: datetime,
    token: str | None = None,
) -> None:
    actor = signed_in_person()
    if action is PromptAction.SET_ASIDE:
        services.pass_over(attempt, number, reason, actor=actor, at=at)
    else:
        seed = secrets.randbelow(_SEEDS)
        services.draw_prompt(attempt, number, seed=seed, actor=actor, at=at, token=token)


def _prompt_form(method: SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The same sent as a form: the sheet again at its questions, or why it cannot be."""
    form = PromptForm()
    problem = "Choose what to do with the prompt."
    if form.validate_on_submit():
        try:
            with db.session.begin_nested():
                _act(
                    attempt,
                    form.action.data,
                    form.number.data,
                    form.reason.data or "",
                    at=utc_now(),
                )
        except RuleBroken as broken:
            problem = broken.message
        else:
            if said := remark_in_words(form.reason.data or ""):
                flash(said, "care")
            sheet = sheet_to_work_on(method, attempt)
            return redirect(Desk.of(method, sheet).place(QUESTIONS), 303)
    flash(problem, "bad")
    return working_page(method, sheet_to_work_on(method, attempt)), 422
