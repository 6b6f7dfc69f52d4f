"""The invigilator's board of a session on screens, and what is done from it."""

from __future__ import annotations

from typing import Final

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.invigilation import board as boards
from epa.invigilation import forms, integrity, online, queries
from epa.invigilation.blueprint import bp
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import DEED_TITLES, DEED_WORDS, BoardDeed, Delivery
from epa.people.meanwhile import as_seen
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes
from question_bank.sittings.answering import settings_file

_RUN: Final = Permission.RUN_TEST_SESSION


@bp.get("/<uuid:event_id>/board")
@access(_RUN, event=queries.event_for)
def board(event: InvigilatedEvent) -> ResponseReturnValue:
    """Who waits, works, is offline or has handed in, and how much time is left."""
    return _board(event, PlumblineForm())


@bp.get("/<uuid:event_id>/board/rows")
@access(_RUN, event=queries.event_for)
def board_rows(event: InvigilatedEvent) -> ResponseReturnValue:
    """The same for the page's script, which asks every few seconds."""
    return jsonify(boards.as_json(event, utc_now()))


@bp.post("/<uuid:event_id>/papers")
@access(Permission.PLAN_TEST_SESSIONS, event=queries.event_for)
@writes
def issue_papers(event: InvigilatedEvent) -> ResponseReturnValue:
    """Draw and issue the papers of those who have none."""
    form = PlumblineForm()
    if form.applied(online.issue_papers, event, actor=signed_in_person(), at=utc_now()):
        flash("Every candidate has a paper. Nobody sees it before they start.", "done")
        return redirect(url_for("invigilation.board", event_id=event.id), 303)
    return _board(event, form, 422)


@bp.route("/<uuid:event_id>/board/<deed>", methods=["GET", "POST"])
@access(_RUN, event=queries.event_for)
@writes
def do(event: InvigilatedEvent, deed: str) -> ResponseReturnValue:
    """Do something to the papers of those who were chosen on the board, and say why."""
    if deed not in set(BoardDeed):
        abort(404)
    form = forms.DeedForm.of(BoardDeed(deed), event, request.args.getlist("candidate"))
    if form.validate_on_submit() and form.applied(
        lambda: online.do(
            event, form.chosen(event), form.fields, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash(f"{DEED_TITLES[form.deed]}: done for {len(form.chosen(event))}.", "done")
        return redirect(url_for("invigilation.board", event_id=event.id), 303)
    shown = {"title": DEED_TITLES[form.deed], "words": DEED_WORDS[form.deed], "event": event}
    page = render_template("epa/invigilation/do.html", form=form, **shown)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:event_id>/window", methods=["GET", "POST"])
@access(_RUN, event=queries.event_for)
@writes
def window(event: InvigilatedEvent) -> ResponseReturnValue:
    """Let a session close or admit at another time."""
    form = forms.WindowForm.of(event)
    if form.validate_on_submit() and form.applied(
        as_seen(
            event,
            form.version,
            lambda: online.move_window(
                event, *form.instants(event), actor=signed_in_person(), at=utc_now()
            ),
        )
    ):
        flash("The times are changed, for every test in the session.", "done")
        return redirect(url_for("invigilation.show", event_id=event.id), 303)
    page = render_template("epa/invigilation/window.html", form=form, event=event)
    return page, form.status


@bp.post("/<uuid:event_id>/safe-browser")
@access(Permission.PLAN_TEST_SESSIONS, event=queries.event_for)
@writes
def ask_for_safe_browser(event: InvigilatedEvent) -> ResponseReturnValue:
    """Let the tests of a session be sat in Safe Exam Browser alone, or in any browser again."""
    asks = request.form.get("asks") == "yes"
    online.ask_for_safe_browser(event, asks=asks, actor=signed_in_person(), at=utc_now())
    return redirect(url_for("invigilation.show", event_id=event.id), 303)


@bp.get("/safe-browser.seb")
@access(_RUN)
def safe_browser() -> ResponseReturnValue:
    """The settings for Safe Exam Browser, to be put on the computers of a room."""
    return settings_file()


@bp.route("/candidates/<uuid:candidate_id>/noted", methods=["GET", "POST"])
@access(_RUN, candidate=queries.candidate_for)
@writes
def noted(candidate: EventCandidate) -> ResponseReturnValue:
    """What a candidate's page told of itself, and what somebody makes of it."""
    form, event = forms.FindingForm(), candidate.event
    if form.validate_on_submit() and form.applied(
        lambda: integrity.find(
            candidate,
            form.disposition.data,
            form.words.data,
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("It is written down.", "done")
        return redirect(url_for("invigilation.board", event_id=event.id), 303)
    shown = boards.noted(candidate)
    page = render_template("epa/invigilation/noted.html", form=form, event=event, **shown)
    return page, 422 if form.errors else 200


def _board(event: InvigilatedEvent, form: PlumblineForm, status: int = 200) -> ResponseReturnValue:
    at = utc_now()
    found = boards.rows(event, at)
    page = render_template(
        "epa/invigilation/board.html",
        form=form,
        event=event,
        rows=found,
        sums=boards.sums(found),
        at=at,
        deeds=DEED_TITLES,
        is_online=event.delivery is Delivery.ONLINE,
        may_issue=queries.event_for(signed_in_person(), Permission.PLAN_TEST_SESSIONS, event.id),
    )
    return page, status
