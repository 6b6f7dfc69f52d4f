"""A candidate's own sitting: the page, what its script sends, and the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from textwrap import wrap
from typing import Any, Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_actor, signed_in_person
from epa.web.access import access, briefly, found_together
from epa.web.transaction import writes, writes_plainly
from question_bank.items.queries import method_of
from question_bank.sittings import (
    answering,
    finishing,
    forms,
    integrity,
    late,
    practice,
    queries,
    sealing,
    seats,
    writing,
)
from question_bank.sittings.edits import ANSWER_LETTERS
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import SittingState
from question_bank.sittings.seats import Seat

bp = Blueprint("sittings", __name__, url_prefix="/sittings")

_SIT: Final = Permission.SIT_TEST
# How a candidate may change the page, the ordinary way first; kept on the device.
_LOOKS: Final = (
    ("size", "Text size", (("usual", "Usual"), ("large", "Large"), ("larger", "Larger"))),
    ("spacing", "Line spacing", (("usual", "Usual"), ("wide", "Wide"))),
    ("contrast", "Contrast", (("usual", "Usual"), ("high", "High"))),
    (
        "overlay",
        "Colour behind the text",
        (("none", "None"), ("cream", "Cream"), ("blue", "Blue"), ("green", "Green")),
    ),
)
_GROUP: Final = 8  # letters of a digest that are read at a time


@bp.get("/<uuid:sitting_id>")
@access(_SIT, sitting=queries.own_sitting)
def show(sitting: Sitting) -> ResponseReturnValue:
    """The page on which a test is sat; the questions come once it has started."""
    return _test_page(
        who=sitting.candidate.name,
        address=url_for("sittings.show", sitting_id=sitting.id),
        keeps_as=sitting.id,
        seals_with=sealing.public_key(),
        state=sitting.state,
        title=_title(sitting),
        questions=len(queries.layout_of(sitting)),
        minutes=sitting.clock.allowed // timedelta(minutes=1),
        needs_safe_browser=sitting.needs_safe_browser and not answering.is_safe_browser(sitting),
    )


@bp.get("/practice")
@access(_SIT)
def practise() -> ResponseReturnValue:
    """The same page with a short test that is kept nowhere."""
    asked = practice.questions()
    return _test_page(
        who=signed_in_person().name,
        address=url_for("sittings.practise"),
        keeps_as="practice",
        state=SittingState.UNLOCKED,
        title="Practice",
        questions=len(asked),
        minutes=practice.MINUTES,
        practice=asked,
    )


@bp.get("/check")
@access(_SIT)
def check() -> ResponseReturnValue:
    """Whether a browser and its connection can hold a test; the page finds out for itself."""
    page = "question_bank/sittings/check.html"
    return render_template(page, checks=practice.CHECKS, is_over="over" in request.args)


@bp.get("/safe-browser.seb")
@access(_SIT)
def safe_browser() -> ResponseReturnValue:
    """The settings for Safe Exam Browser, the same for every test here."""
    return answering.settings_file()


@bp.get("/<uuid:sitting_id>/ahead")
@access(_SIT, sitting=queries.own_sitting)
@briefly
def ahead(sitting: Sitting) -> ResponseReturnValue:
    """The paper before its start, sealed; without the key, which the start gives, it says nothing."""
    return answering.ahead_of_start(sitting)


@bp.post("/<uuid:sitting_id>/paper")
@access(_SIT, sitting=queries.own_sitting_to_change)
@writes
@briefly
@found_together(seats.startable_with_bearer)
def paper(sitting: Sitting | Seat) -> ResponseReturnValue:
    """Give a device its paper; the first time this starts the clock."""
    at = utc_now()

    def give(sent: forms.PaperAsked) -> Mapping[str, Any]:
        answering.refuse_other_browser(sitting)
        actor, holds = signed_in_actor(), sent.sealed
        given = writing.deliver(sitting, sent.device, holds=holds, actor=actor, at=at)
        if given is None:
            return answering.standing(sitting, at)
        return {**answering.standing(given.stands, at), **answering.delivery_words(given)}

    return answering.answer(forms.PaperAsked, give)


@bp.post("/<uuid:sitting_id>/answers")
@access(_SIT, sitting=seats.own_seat)
@writes_plainly
@briefly
@found_together(seats.own_seat_with_bearer)
def save(sitting: Seat) -> ResponseReturnValue:
    """Keep one change of one answer."""
    at = utc_now()

    def keep(sent: forms.AnswerSave) -> Mapping[str, Any]:
        answering.refuse_other_browser(sitting)
        kept = writing.save(sitting, sent.device, sent.edit.sent, at=at)
        done = {"outcome": kept.outcome, **answering.saved_words(kept.saved_at)}
        return {**done, **answering.standing(sitting, at)}

    return answering.answer(forms.AnswerSave, keep)


@bp.post("/<uuid:sitting_id>/sign")
@access(_SIT, sitting=queries.own_sitting_to_change)
@writes
@briefly
def sign(sitting: Sitting) -> ResponseReturnValue:
    """Take a sign of life, and tell the page where it stands."""
    at = utc_now()

    def hear(sent: forms.Sign) -> Mapping[str, Any]:
        finishing.run_out(sitting, at=at)
        unsaved, is_up, here = sent.unsaved, sent.hand_is_up, answering.whence(sitting)
        writing.hear(sitting, sent.device, unsaved=unsaved, hand_is_up=is_up, at=at, whence=here)
        is_seen = is_up and sitting.hand_raised_at is None
        return {**answering.standing(sitting, at), "hand_is_seen": is_seen}

    return answering.answer(forms.Sign, hear)


@bp.post("/<uuid:sitting_id>/events")
@access(_SIT, sitting=queries.own_sitting)
@writes
def notice(sitting: Sitting) -> ResponseReturnValue:
    """Keep what the page tells of itself: that it was left, or something copied, never what."""
    at = utc_now()

    def keep(sent: forms.EventsSent) -> Mapping[str, Any]:
        told = [one.told for one in sent.events]
        kept = integrity.notice(sitting, sent.device, told, at=at)
        return {"kept": kept, **answering.standing(sitting, at)}

    return answering.answer(forms.EventsSent, keep, answering.EVENTS_BYTES)


@bp.post("/<uuid:sitting_id>/hand-in")
@access(_SIT, sitting=queries.own_sitting_to_change)
@writes
@briefly
def hand_in(sitting: Sitting) -> ResponseReturnValue:
    """Hand the paper in."""
    at = utc_now()

    def finish(sent: forms.HandIn) -> Mapping[str, Any]:
        receipt = finishing.hand_in(sitting, sent.device, actor=signed_in_actor(), at=at)
        return {**answering.standing(sitting, at), **answering.receipt_words(receipt)}

    return answering.answer(forms.HandIn, finish)


@bp.post("/<uuid:sitting_id>/late")
@access(_SIT, sitting=queries.own_sitting_to_change)
@writes
def send_late(sitting: Sitting) -> ResponseReturnValue:
    """Keep what a device still had when the paper was closed, for a person to decide."""
    at = utc_now()

    def keep(sent: forms.LateSave) -> Mapping[str, Any]:
        batch = late.receive(sitting, sent.device, [one.sent for one in sent.edits], at=at)
        return {"kept": len(batch.edits), **answering.saved_words(batch.received_at)}

    return answering.answer(forms.LateSave, keep, answering.BATCH_BYTES)


@bp.post("/<uuid:sitting_id>/late-sealed")
@access(_SIT, sitting=queries.own_sitting_to_change)
@writes
def send_sealed(sitting: Sitting) -> ResponseReturnValue:
    """The same, sealed by the page."""
    at = utc_now()

    def keep(sent: forms.SealedSave) -> Mapping[str, Any]:
        inside = answering.unsealed(sitting, sent.batch)
        edits = [one.sent for one in inside.edits]
        batch = late.receive(sitting, inside.device, edits, at=at)
        return {"kept": len(batch.edits), **answering.saved_words(batch.received_at)}

    return answering.answer(forms.SealedSave, keep, answering.SEALED_BYTES)


@bp.get("/<uuid:sitting_id>/receipt")
@access(_SIT, sitting=queries.own_sitting)
def receipt(sitting: Sitting) -> ResponseReturnValue:
    """The receipt of a paper that was handed in."""
    given = queries.receipt_of(sitting) or abort(404)
    return render_template(
        "question_bank/sittings/receipt.html",
        sitting=sitting,
        title=_title(sitting),
        receipt=given,
        digest=" ".join(wrap(given.digest, _GROUP)),
        questions=len(queries.layout_of(sitting)),
        late=queries.late_batches(sitting),
    )


def _title(sitting: Sitting) -> str:
    return method_of(sitting.paper.bank).title


def _test_page(**shown: Any) -> str:
    page = "question_bank/sittings/show.html"
    return render_template(page, letters=ANSWER_LETTERS, looks=_LOOKS, **shown)
