"""Answers that came after the end of a test: brought as a sealed file, and decided about."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.errors import RuleBroken
from epa.invigilation import forms, late, queries
from epa.invigilation.blueprint import bp
from epa.invigilation.models import EventCandidate
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes
from question_bank.sittings import answering
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import LateBatch

_DECIDE: Final = Permission.DECIDE_LATE_ANSWERS


@bp.route("/candidates/<uuid:candidate_id>/late-answers", methods=["GET", "POST"])
@access(Permission.RUN_TEST_SESSION, candidate=queries.candidate_for)
@writes
def bring_late(candidate: EventCandidate) -> ResponseReturnValue:
    """Hand in the sealed answers that a candidate took away from their device."""
    form, event = forms.SealedForm(), candidate.event
    if form.validate_on_submit() and form.applied(lambda: _bring(candidate, form.file.data.read())):
        flash(
            "The answers are here. Somebody who did not watch decides whether they count.", "done"
        )
        return redirect(url_for("invigilation.show", event_id=event.id), 303)
    page = render_template(
        "epa/invigilation/bring_late.html", form=form, candidate=candidate, event=event
    )
    return page, 422 if form.errors else 200


def _bring(candidate: EventCandidate, content: bytes) -> None:
    sitting = sittings.of_attempts([candidate.attempt_id]).get(candidate.attempt_id)
    if sitting is None:
        raise RuleBroken("no-paper", "This candidate has no paper on a screen.", "file")
    inside = answering.unsealed(sitting, answering.batch_in(content))
    edits = [one.sent for one in inside.edits]
    late.hand_in(sitting, inside.device, edits, actor=signed_in_person(), at=utc_now())


@bp.route("/late-answers/<uuid:batch_id>", methods=["GET", "POST"])
@access(_DECIDE, batch=queries.late_for)
@writes
def decide_late(batch: LateBatch) -> ResponseReturnValue:
    """What came after the end, when it was changed, and whether it is let in; never what it says."""
    form, person = forms.LateForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        late.decide,
        batch,
        form.reason.data,
        is_accepted=form.decision.data == "yes",
        actor=person,
        at=utc_now(),
    ):
        flash("It is decided, and the candidate's receipt says so.", "done")
        return redirect(url_for("invigilation.decide_late", batch_id=batch.id), 303)
    shown = late.shown(batch, person)
    page = render_template("epa/invigilation/decide_late.html", form=form, batch=batch, **shown)
    return page, 422 if form.errors else 200
