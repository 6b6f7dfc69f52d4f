"""A portfolio's page, its pieces, and handing it in."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.files.forms import sent_to_be_kept
from epa.files.models import StoredFile
from epa.files.services import opened, store
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.portfolio import queries, services
from epa.portfolio.comparing import compared
from epa.portfolio.forms import PieceForm, SubmitForm, intake_form, reasons_in
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.pages import intake_of, page_of
from epa.portfolio.rules import PortfolioStatus
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("portfolio", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/portfolio")
@access(Permission.VIEW_PORTFOLIO, assessment=queries.assessment_for)
def show(assessment: EndPointAssessment) -> ResponseReturnValue:
    """One version: the newest, or the one that the address asks for."""
    person = signed_in_person()
    number = request.args.get("version", type=int)
    page = page_of(queries.versions_seen(person, assessment), number)
    if page is None:
        abort(404)
    builds = queries.is_reached(person, Permission.BUILD_PORTFOLIO, assessment)
    return render_template(
        "epa/portfolio/show.html",
        assessment=assessment,
        page=page,
        limits=framework_of(assessment).portfolio,
        can_build=builds and page.is_draft and services.is_built_in(assessment),
        is_own=builds,
        can_check=_is_to_check(person, page.version),
    )


@bp.route("/apprentices/<uuid:assessment_id>/portfolio/pieces/new", methods=["GET", "POST"])
@access(Permission.BUILD_PORTFOLIO, assessment=assessment_for)
@writes
def add_piece(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Add a piece; the first one begins the portfolio."""
    services.require_room(assessment)
    form = PieceForm(framework_of(assessment))
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _add, assessment, form, signed_in_person(), utc_now()
    ):
        flash(f"“{form.title.data}” is in your portfolio.", "done")
        return _back_to(assessment)
    return _piece_page(assessment, form, None)


@bp.route("/portfolio/pieces/<uuid:piece_id>", methods=["GET", "POST"])
@access(Permission.BUILD_PORTFOLIO, piece=queries.piece_for)
@writes
def edit_piece(piece: EvidencePiece) -> ResponseReturnValue:
    """Change a piece of a draft."""
    services.require_draft(piece.version)
    assessment = piece.version.assessment
    form = PieceForm(framework_of(assessment), piece)
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _change, piece, form, signed_in_person(), utc_now()
    ):
        flash(f"“{form.title.data}” is changed.", "done")
        return _back_to(assessment)
    return _piece_page(assessment, form, piece)


@bp.post("/portfolio/pieces/<uuid:piece_id>/remove")
@access(Permission.BUILD_PORTFOLIO, piece=queries.piece_for)
@writes
def remove_piece(piece: EvidencePiece) -> ResponseReturnValue:
    """Take a piece out; the page offers to put it back."""
    services.remove_piece(piece, actor=signed_in_person(), at=utc_now())
    flash(f"“{piece.title}” is taken out. Until you submit you can put it back below.", "done")
    return _back_to(piece.version.assessment)


@bp.post("/portfolio/pieces/<uuid:piece_id>/put-back")
@access(Permission.BUILD_PORTFOLIO, piece=queries.piece_for)
@writes
def put_piece_back(piece: EvidencePiece) -> ResponseReturnValue:
    """Put a piece back that was taken out."""
    services.put_piece_back(piece, actor=signed_in_person(), at=utc_now())
    flash(f"“{piece.title}” is back.", "done")
    return _back_to(piece.version.assessment)


@bp.get("/portfolio/pieces/<uuid:piece_id>/file")
@access(Permission.VIEW_PORTFOLIO, piece=queries.piece_for)
@writes_on_read
def piece_file(piece: EvidencePiece) -> ResponseReturnValue:
    """Give a piece's file, and write down who fetched it."""
    file = services.note_file_read(piece, actor=signed_in_person(), at=utc_now())
    if file is None:
        abort(404)
    return attachment(opened(file), name=file.name, content_type=file.content_type, size=file.size)


@bp.route("/apprentices/<uuid:assessment_id>/portfolio/submit", methods=["GET", "POST"])
@access(Permission.BUILD_PORTFOLIO, assessment=assessment_for)
@writes
def submit(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Say what submitting does, and do it."""
    version = queries.current_version(assessment)
    if version is None:
        abort(404)
    services.require_draft(version)
    form = SubmitForm()
    if form.validate_on_submit() and form.applied(
        services.submit, version, actor=signed_in_person(), at=utc_now()
    ):
        flash("Your portfolio is submitted. Its pieces can no longer be changed.", "done")
        return _back_to(assessment)
    page = render_template(
        "epa/portfolio/submit.html",
        assessment=assessment,
        form=form,
        standing=queries.standing_of(version),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/portfolio/versions/<uuid:version_id>/intake", methods=["GET", "POST"])
@access(Permission.CHECK_PORTFOLIO, version=queries.version_for)
@writes
def check(version: PortfolioVersion) -> ResponseReturnValue:
    """Look a submitted version over, piece by piece, and note what has to be put right."""
    services.require_submitted(version)
    form = intake_form(version)
    if form.validate_on_submit() and form.applied(
        services.note_intake,
        version,
        reasons_in(form, version),
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("Your reasons are kept. Nobody else sees them until you decide.", "done")
        return redirect(url_for("portfolio.check", version_id=version.id))
    page = render_template(
        "epa/portfolio/check.html",
        version=version,
        form=form,
        pieces=intake_of(version, form),
        standing=queries.standing_of(version),
        checks=framework_of(version.assessment).portfolio.intake_checks,
    )
    return page, 409 if form.changed else 422 if form.is_submitted() else 200


@bp.get("/apprentices/<uuid:assessment_id>/portfolio/compare")
@access(Permission.VIEW_PORTFOLIO, assessment=queries.assessment_for)
def compare(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Two versions beside each other: the newest two, or those that the address asks for."""
    seen = {one.number: one for one in queries.versions_seen(signed_in_person(), assessment)}
    numbers = sorted(seen)
    later = request.args.get("later", numbers[-1] if numbers else 0, type=int)
    earlier = request.args.get("earlier", later - 1, type=int)
    before, after = seen.get(earlier), seen.get(later)
    return render_template(
        "epa/portfolio/compare.html",
        assessment=assessment,
        numbers=numbers,
        comparison=compared(before, after) if before and after and earlier < later else None,
        chosen=(earlier, later),
    )


def _back_to(assessment: EndPointAssessment) -> ResponseReturnValue:
    return redirect(url_for("portfolio.show", assessment_id=assessment.id))


def _is_to_check(person: Person, version: PortfolioVersion | None) -> bool:
    """Whether the version waits for an intake check that this person may make."""
    return (
        version is not None
        and version.status is PortfolioStatus.SUBMITTED
        and queries.is_reached(person, Permission.CHECK_PORTFOLIO, version.assessment)
    )


def _piece_page(
    assessment: EndPointAssessment, form: PieceForm, piece: EvidencePiece | None
) -> ResponseReturnValue:
    page = render_template(
        "epa/portfolio/piece.html", assessment=assessment, form=form, piece=piece
    )
    return page, 422 if form.error_list else 200


def _add(assessment: EndPointAssessment, form: PieceForm, actor: Person, at: datetime) -> None:
    version = services.open_portfolio(assessment, actor=actor, at=at)
    services.add_piece(version, form.fields(_stored(form, actor, at)), actor=actor, at=at)


def _change(piece: EvidencePiece, form: PieceForm, actor: Person, at: datetime) -> None:
    services.change_piece(piece, form.fields(_stored(form, actor, at)), actor=actor, at=at)


def _stored(form: PieceForm, actor: Person, at: datetime) -> StoredFile | None:
    upload = form.file.checked
    return store(upload, actor=actor, at=at) if upload else None
