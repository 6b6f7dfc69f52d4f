"""The page on which somebody decides about answers that came after the end of a test."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.invigilation import forms, late, queries
from epa.invigilation.blueprint import bp
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes
from question_bank.sittings.models import LateBatch

_DECIDE: Final = Permission.DECIDE_LATE_ANSWERS


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
