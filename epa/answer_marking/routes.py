"""The pages of those who mark written answers, and how the marking stands for those who oversee it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.answer_marking import pages, queries
from epa.clock import london_date, utc_now
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes, writes_on_read
from question_bank.items.models import ItemVersion
from question_bank.marking import queries as marking
from question_bank.marking import services
from question_bank.marking.models import AnswerToMark

bp = Blueprint("answer_marking", __name__, url_prefix="/marking")


def _today() -> date:
    return london_date(utc_now())


def _answer_for(person: Person, permission: Permission, answer_id: UUID) -> AnswerToMark | None:
    return queries.answer_for(person, permission, answer_id, on=_today())


@bp.get("")
@access(Permission.MARK_ANSWERS)
def index() -> ResponseReturnValue:
    """The questions with answers that wait for the one who asks."""
    person = signed_in_person()
    return render_template(
        "epa/answer_marking/index.html",
        questions=[
            (one, pages.first_words(one.version))
            for one in queries.questions_for(person, pages.MARK, on=_today())
        ],
        last=pages.last_marked(person),
    )


@bp.get("/questions/<uuid:asked_version_id>")
@access(Permission.MARK_ANSWERS, asked_version=queries.version_for)
@writes_on_read
def begin(asked_version: ItemVersion) -> ResponseReturnValue:
    """Go to the next answer to a question, in an order of one's own."""
    services.begin(asked_version, actor=signed_in_person(), at=utc_now())
    return _on(asked_version.id, None)


@bp.route("/answers/<uuid:answer_id>", methods=["GET", "POST"])
@access(Permission.MARK_ANSWERS, answer=_answer_for)
@writes
def mark(answer: AnswerToMark) -> ResponseReturnValue:
    """Mark one answer."""
    person, points = signed_in_person(), marking.points_of(answer.version_id)
    given = marking.provisional_of(answer, person)
    form = pages.form_for(answer, points, given)
    alike = queries.alike(person, pages.MARK, answer, on=_today())
    same = alike if form.also.data else []
    if form.validate_on_submit() and form.applied(
        services.give, answer, form.fields(), same, actor=person, at=utc_now()
    ):
        return _after(answer)
    shown = pages.shown_answer(person, answer, len(alike), given, on=_today())
    last = pages.last_marked(person)
    page = render_template("epa/answer_marking/mark.html", form=form, last=last, **shown)
    return page, 422 if form.error_list else 200


@bp.post("/answers/<uuid:marked_id>/undo")
@access(Permission.MARK_ANSWERS, marked=queries.marked_for)
@writes
def take_back(marked: AnswerToMark) -> ResponseReturnValue:
    """Take one's last mark back."""
    services.take_back(marked, actor=signed_in_person(), at=utc_now())
    return redirect(url_for(".mark", answer_id=marked.id))


@bp.get("/progress")
@access(Permission.VIEW_UNRELEASED_RESULTS)
def progress() -> ResponseReturnValue:
    """How the marking stands, and how those who mark agree."""
    shown = pages.progress(signed_in_person(), Permission.VIEW_UNRELEASED_RESULTS)
    return render_template("epa/answer_marking/progress.html", **shown)


def _after(answer: AnswerToMark) -> ResponseReturnValue:
    """On to the next answer; to the same where others' marks are shown now."""
    person = signed_in_person()
    if marking.provisional_of(answer, person) is not None:
        return redirect(url_for(".mark", answer_id=answer.id))
    return _on(answer.version_id, answer.id)


def _on(version_id: UUID, after: UUID | None) -> ResponseReturnValue:
    person = signed_in_person()
    following = queries.next_answer(person, pages.MARK, version_id, after, on=_today())
    last = str(after) if after else request.args.get("last")
    if following is None:
        flash("No answer to this question waits for you.", "done")
        return redirect(url_for(".index", last=last))
    return redirect(url_for(".mark", answer_id=following, last=last))
