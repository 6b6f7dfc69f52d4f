"""The pages of those who mark written answers, and how the marking stands for those who oversee it."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.answer_marking import (
    correcting,
    correction_pages,
    corrections,
    forms,
    pages,
    queries,
    seeds,
    services,
)
from epa.clock import london_date, utc_now
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes, writes_on_read
from question_bank.items.models import ItemVersion
from question_bank.marking import correcting as asking
from question_bank.marking import queries as marking
from question_bank.marking import seeding
from question_bank.marking.models import AnswerToMark, MarkerStop, RemarkedPaper, Remarking
from question_bank.marking.services import begin as begin_marking

bp = Blueprint("answer_marking", __name__, url_prefix="/marking")

_OVERSEE: Final = Permission.OVERSEE_MARKERS
_CORRECT: Final = Permission.CORRECT_MARKING


def _today() -> date:
    return london_date(utc_now())


def _answer_for(person: Person, permission: Permission, answer_id: UUID) -> AnswerToMark | None:
    """An answer that waits for somebody; from one that waited, a redirect to what waits now."""
    found = queries.answer_for(person, permission, answer_id, on=_today())
    if found is None and queries.has_waited(person, permission, answer_id, on=_today()):
        abort(redirect(url_for(".index", gone=1)))
    return found


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
        is_stopped=bool(queries.stops_now(person, pages.MARK)),
        is_gone="gone" in request.args,
    )


@bp.get("/questions/<uuid:asked_version_id>")
@access(Permission.MARK_ANSWERS, asked_version=queries.version_for)
@writes_on_read
def begin(asked_version: ItemVersion) -> ResponseReturnValue:
    """Go to the next answer to a question, in an order of one's own."""
    begin_marking(asked_version, actor=signed_in_person(), at=utc_now())
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
    person = signed_in_person()
    shown = pages.progress(person, Permission.VIEW_UNRELEASED_RESULTS)
    return render_template(
        "epa/answer_marking/progress.html",
        oversees=person.may(_OVERSEE),
        corrects=person.may(_CORRECT),
        **shown,
    )


@bp.get("/seeds")
@access(_OVERSEE)
def seeds_index() -> ResponseReturnValue:
    """The questions with answers that markers may be given as seeds."""
    rows = correction_pages.seeds_overview(signed_in_person(), _OVERSEE)
    return render_template("epa/answer_marking/seeds_index.html", rows=rows)


@bp.get("/seeds/<uuid:asked_version_id>")
@access(_OVERSEE, asked_version=queries.version_for)
def seeds_of(asked_version: ItemVersion) -> ResponseReturnValue:
    """The answers to a question on which people agree, without names."""
    shown = correction_pages.seeds_of(signed_in_person(), _OVERSEE, asked_version)
    return render_template("epa/answer_marking/seeds_of.html", **shown)


@bp.post("/answers/<uuid:settled_id>/seed")
@access(_OVERSEE, settled=seeds.settled_for)
@writes
def use_seed(settled: AnswerToMark) -> ResponseReturnValue:
    """Give an answer to markers among the others."""
    seeding.use(settled, actor=signed_in_person(), at=utc_now())
    return redirect(url_for(".seeds_of", asked_version_id=settled.version_id))


@bp.post("/answers/<uuid:settled_id>/no-seed")
@access(_OVERSEE, settled=seeds.settled_for)
@writes
def end_seed(settled: AnswerToMark) -> ResponseReturnValue:
    """Give it to nobody any more."""
    seeding.end(settled, actor=signed_in_person(), at=utc_now())
    return redirect(url_for(".seeds_of", asked_version_id=settled.version_id))


@bp.route("/stops/<uuid:stop_id>", methods=["GET", "POST"])
@access(_OVERSEE, stop=seeds.stop_for)
@writes
def let_on(stop: MarkerStop) -> ResponseReturnValue:
    """The seeds of a marker who was stopped; let them go on."""
    form = forms.ReasonForm()
    if form.validate_on_submit() and form.applied(
        seeding.let_on, stop, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash(f"{stop.person.name} can mark again.", "done")
        return redirect(url_for(".progress"))
    shown = correction_pages.stopped(stop)
    page = render_template("epa/answer_marking/let_on.html", form=form, **shown)
    return page, 422 if form.errors else 200


@bp.get("/corrections")
@access(_CORRECT)
def corrections_index() -> ResponseReturnValue:
    """What may be marked by a corrected key or guide, what waits, and what was decided."""
    shown = correction_pages.overview(signed_in_person(), _CORRECT)
    return render_template("epa/answer_marking/corrections_index.html", **shown)


@bp.route("/corrections/questions/<uuid:asked_version_id>", methods=["GET", "POST"])
@access(_CORRECT, asked_version=corrections.asked_for)
@writes_on_read
def ask_correction(asked_version: ItemVersion) -> ResponseReturnValue:
    """Whose marks a corrected key or guide changes, before anybody asks for it."""
    form = forms.ReasonForm()
    if form.validate_on_submit() and form.applied(
        asking.ask, asked_version, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash("A second person decides about it.", "done")
        return redirect(url_for(".corrections_index"))
    shown = correction_pages.asked(asked_version)
    _note_reading(asked_version, len(shown["effects"]))
    page = render_template("epa/answer_marking/ask_correction.html", form=form, **shown)
    return page, 422 if form.errors else 200


@bp.route("/corrections/<uuid:remarking_id>", methods=["GET", "POST"])
@access(_CORRECT, remarking=corrections.remarking_for)
@writes_on_read
def decide_correction(remarking: Remarking) -> ResponseReturnValue:
    """Agree to mark answers anew, or not: as somebody who did not ask for it."""
    form, person = forms.CorrectionForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        correcting.decide,
        remarking,
        form.reason.data,
        is_agreed=form.decision.data == "yes",
        actor=person,
        at=utc_now(),
    ):
        flash("It is decided.", "done")
        return redirect(url_for(".corrections_index"))
    shown = correction_pages.decided(remarking, person)
    _note_reading(remarking.version, len(shown["effects"]))
    page = render_template("epa/answer_marking/decide_correction.html", form=form, **shown)
    return page, 422 if form.errors else 200


@bp.route("/corrections/papers/<uuid:remarked_id>", methods=["GET", "POST"])
@access(_CORRECT, remarked=corrections.remarked_for)
@writes_on_read
def decide_released(remarked: RemarkedPaper) -> ResponseReturnValue:
    """Take a released result back for a correction, or let it stand."""
    form = forms.ReleasedForm()
    if form.validate_on_submit() and form.applied(
        correcting.decide_released,
        remarked,
        form.reason.data,
        is_changed=form.decision.data == "yes",
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("It is decided.", "done")
        return redirect(url_for(".corrections_index"))
    shown = correction_pages.released(remarked)
    _note_reading(remarked.remarking.version, 1)
    page = render_template("epa/answer_marking/decide_released.html", form=form, **shown)
    return page, 422 if form.errors else 200


def _note_reading(version: ItemVersion, papers: int) -> None:
    correcting.note_reading(version, papers, actor=signed_in_person(), at=utc_now())


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
