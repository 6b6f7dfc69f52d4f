"""The presentation: the file submitted for it, and its mark sheet."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.files.forms import sent_to_be_kept
from epa.files.services import opened, store
from epa.judgements.board import SheetMethod
from epa.judgements.routes import give_sheet
from epa.lifecycle import queries as lifecycle
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.portfolio.queries import versions_seen
from epa.portfolio.rules import PortfolioStatus
from epa.presentation import queries, services
from epa.presentation.forms import PresentationConductForm, SubmitFileForm, SubmitLateForm
from epa.presentation.rules import METHOD, PresentationConduct
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("presentation", __name__)


@bp.get("/attempts/<uuid:attempt_id>/presentation-file")
@access(Permission.VIEW_PRESENTATION, attempt=queries.attempt_for)
def submitted(attempt: MethodAttempt) -> ResponseReturnValue:
    """What was submitted and when it is due; for the apprentice the form as well."""
    return _file_page(attempt, SubmitFileForm())


@bp.post("/attempts/<uuid:attempt_id>/presentation-file")
@access(Permission.SUBMIT_PRESENTATION, attempt=queries.attempt_for)
@writes
def submit_file(attempt: MethodAttempt) -> ResponseReturnValue:
    """Submit the file, or a newer one in its place."""
    form = SubmitFileForm()
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _submit, attempt, form, signed_in_person(), utc_now()
    ):
        flash("Your file is submitted.", "done")
        return redirect(url_for("presentation.submitted", attempt_id=attempt.id))
    return _file_page(attempt, form), 422 if form.error_list else 200


@bp.route("/attempts/<uuid:attempt_id>/presentation-file/late", methods=["GET", "POST"])
@access(Permission.ACCEPT_LATE_MATERIAL, attempt=queries.attempt_for)
@writes
def submit_late(attempt: MethodAttempt) -> ResponseReturnValue:
    """Accept a late file, with a reason."""
    due = services.require_open(attempt)
    form = SubmitLateForm()
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _submit_late, attempt, form, signed_in_person(), utc_now()
    ):
        flash("The late file is accepted.", "done")
        return redirect(url_for("presentation.submitted", attempt_id=attempt.id))
    page = render_template(
        "epa/presentation/submit_late.html", attempt=attempt, form=form, due_on=due
    )
    return page, 422 if form.error_list else 200


@bp.get("/attempts/<uuid:attempt_id>/presentation-file/download")
@access(Permission.VIEW_PRESENTATION, attempt=queries.attempt_for)
@writes_on_read
def file(attempt: MethodAttempt) -> ResponseReturnValue:
    """Give one version of the file, the newest by default, and write down who fetched it."""
    submission = queries.submission_of(attempt, request.args.get("version", type=int))
    if submission is None:
        abort(404)
    stored = services.note_file_read(submission, actor=signed_in_person(), at=utc_now())
    return attachment(
        opened(stored), name=stored.name, content_type=stored.content_type, size=stored.size
    )


def _submit(attempt: MethodAttempt, form: SubmitFileForm, actor: Person, at: datetime) -> None:
    assert form.file.checked  # the form is valid
    stored = store(form.file.checked, actor=actor, at=at)
    services.submit_file(attempt, stored, actor=actor, at=at)


def _submit_late(attempt: MethodAttempt, form: SubmitLateForm, actor: Person, at: datetime) -> None:
    assert form.file.checked  # the form is valid
    stored = store(form.file.checked, actor=actor, at=at)
    services.submit_late(attempt, stored, form.reason.data, actor=actor, at=at)


def _file_page(attempt: MethodAttempt, form: SubmitFileForm) -> str:
    person, at = signed_in_person(), utc_now()
    due, closed = queries.file_due_on(attempt), services.closed_because(attempt)
    is_own = lifecycle.attempt_for(person, Permission.SUBMIT_PRESENTATION, attempt.id) is not None
    may_be_late = lifecycle.attempt_for(person, Permission.ACCEPT_LATE_MATERIAL, attempt.id)
    oversees = lifecycle.attempt_for(person, Permission.VIEW_UNRELEASED_RESULTS, attempt.id)
    is_late = due is not None and london_date(at) > due
    plan = framework_of(attempt.assessment)
    return render_template(
        "epa/presentation/file.html",
        attempt=attempt,
        form=form,
        title=plan.judged_method(attempt.method_code).fixed_title,
        due_on=due,
        days=(due - london_date(at)).days if due else None,
        submissions=queries.submissions(attempt),
        closed=closed,
        is_own=is_own,
        can_submit=is_own and not closed and not is_late,
        can_submit_late=may_be_late is not None and not closed and is_late,
        is_late=is_late,
        sees_why_late=is_own or oversees is not None,  # it may be about health: not to be judged by
    )


def _papers(attempt: MethodAttempt) -> list[dict[str, str]]:
    """What the assessor has beside the sheet: the portfolio, and the file if there is one."""
    portfolio = url_for("portfolio.show", assessment_id=attempt.assessment_id)
    papers = [{"title": "Portfolio", "url": portfolio}]
    if queries.newest_submission(attempt) is not None:
        file = url_for("presentation.submitted", attempt_id=attempt.id)
        papers.append({"title": "Presentation file", "url": file})
    return papers


def _pieces(attempt: MethodAttempt) -> dict[int, str]:
    """The pieces of the portfolio as it was shared, by number; none before it was."""
    versions = versions_seen(signed_in_person(), attempt.assessment)
    accepted = [one for one in versions if one.status is PortfolioStatus.ACCEPTED]
    return {piece.number: piece.title for one in accepted[:1] for piece in one.pieces}


give_sheet(
    bp,
    SheetMethod(
        METHOD,
        PresentationConduct,
        PresentationConductForm,
        services.sign,
        papers=_papers,
        pieces=_pieces,
    ),
)
