"""The mark sheet of an observation: to work on, the facts of its day, signing."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from epa.judgements import pages
from epa.judgements.board import SheetMethod
from epa.judgements.queries import attempt_at
from epa.lifecycle.models import MethodAttempt
from epa.observation import services
from epa.observation.forms import ObservationConductForm
from epa.observation.rules import METHOD, ObservationConduct
from epa.people.rules import Permission
from epa.web.access import access
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("observation", __name__)
SHEET = SheetMethod(METHOD, ObservationConduct, ObservationConductForm, services.sign)


@bp.route("/attempts/<uuid:attempt_id>/observation")
@access(Permission.VIEW_MARK_SHEET, attempt=attempt_at(METHOD))
@writes_on_read
def sheet(attempt: MethodAttempt) -> ResponseReturnValue:
    """The mark sheet, to work on or to read; reading it is written to the log."""
    return pages.show(SHEET, attempt, papers=[])


@bp.route("/attempts/<uuid:attempt_id>/observation/open", methods=["POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def open_sheet(attempt: MethodAttempt) -> ResponseReturnValue:
    """Open the mark sheet."""
    return pages.open_(SHEET, attempt)


@bp.route("/attempts/<uuid:attempt_id>/observation/ksbs/<ksb>", methods=["POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def save(attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one KSB sent as a form."""
    return pages.save(SHEET, attempt, ksb)


@bp.route("/attempts/<uuid:attempt_id>/observation/ksbs/<ksb>/judgement", methods=["POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def judge(attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one judgement sent by the page's script."""
    return pages.judge(SHEET, attempt, ksb)


@bp.route("/attempts/<uuid:attempt_id>/observation/ksbs/<ksb>/note", methods=["POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def note(attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one evidence note sent by the page's script."""
    return pages.note(SHEET, attempt, ksb)


@bp.route("/attempts/<uuid:attempt_id>/observation/conduct", methods=["GET", "POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def conduct(attempt: MethodAttempt) -> ResponseReturnValue:
    """The facts of the day."""
    return pages.conduct(SHEET, attempt)


@bp.route("/attempts/<uuid:attempt_id>/observation/sign", methods=["GET", "POST"])
@access(Permission.JUDGE, attempt=attempt_at(METHOD))
@writes
def sign(attempt: MethodAttempt) -> ResponseReturnValue:
    """Look the sheet over and sign it."""
    return pages.sign(SHEET, attempt)
