"""The recordings of a day: the notice before them, attaching one, fetching one."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.conduct import queries as days
from epa.conduct.services import attach_recording, fetch_recording
from epa.files.services import opened, store
from epa.judgements import board
from epa.judgements.recording_forms import AttachRecordingForm
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.people.signed_in import signed_in_person
from epa.web.attachments import attachment


def recordings(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """What is attached, and what somebody must know before they fetch one."""
    return _page(method, attempt, AttachRecordingForm())


def attach(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Attach a recording of the day."""
    form = AttachRecordingForm()
    if form.validate_on_submit() and form.applied(
        _attach, attempt, form, signed_in_person(), utc_now()
    ):
        flash("The recording is attached.", "done")
        return redirect(method.address("recordings", attempt), 303)
    return _page(method, attempt, form), 422


def fetch(_method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Give one recording to somebody who has read the notice, and write that down."""
    number = request.form.get("number", type=int)
    recording = days.recording_of(attempt, number) or abort(404)
    stored = fetch_recording(recording, actor=signed_in_person(), at=utc_now())
    return attachment(
        opened(stored), name=stored.name, content_type=stored.content_type, size=stored.size
    )


def _attach(attempt: MethodAttempt, form: AttachRecordingForm, actor: Person, at: datetime) -> None:
    assert form.file.checked  # the form is valid
    stored = store(form.file.checked, actor=actor, at=at)
    attach_recording(attempt, stored, actor=actor, at=at)


def _page(method: board.SheetMethod, attempt: MethodAttempt, form: AttachRecordingForm) -> str:
    person = signed_in_person()
    return render_template(
        "epa/judgements/recordings.html",
        form=form,
        recordings=days.recordings_of(attempt),
        may_attach=board.is_assessor(attempt, person) and attempt.released_at is None,
        attach_url=method.address("attach", attempt),
        fetch_url=method.address("fetch", attempt),
        **board.about(method, attempt),
    )
