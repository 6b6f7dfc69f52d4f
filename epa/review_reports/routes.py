"""The pages of a report: where it stands, writing it, moderating it, sending it; the certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import utc_now
from epa.external_assessment import queries as visits
from epa.external_assessment.forms import ObjectionForm
from epa.external_assessment.models import ModerationRemark
from epa.files.forms import sent_to_be_kept
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.review_reports import forms, pages, queries, services
from epa.reviews import pages as review_pages
from epa.reviews import queries as reviews
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.queries import review_for
from epa.reviews.rules import ReviewStatus
from epa.web.access import access
from epa.web.exports import Export, answer
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("review_reports", __name__)


@bp.get("/reviews/<uuid:review_id>/report")
@access(Permission.VIEW_REVIEW, review=review_for)
def show(review: ProviderReview) -> ResponseReturnValue:
    """Where the report stands, and what may be done with it."""
    return _hub(review, PlumblineForm())


@bp.get("/reviews/comparison")
@access(Permission.VIEW_REVIEW)
def compare() -> ResponseReturnValue:
    """The last reports of all services within reach, section by section."""
    values = pages.comparison(signed_in_person(), request.args.get("framework", ""))
    return render_template("epa/review_reports/compare.html", **values)


@bp.get("/reviews/comparison.csv", defaults={"ending": "csv"})
@bp.get("/reviews/comparison.xlsx", defaults={"ending": "xlsx"})
@access(Permission.VIEW_REVIEW)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same as a file for a spreadsheet: the services, and where others lie without names."""
    person = signed_in_person()
    values = pages.comparison(person, request.args.get("framework", ""))
    rows = list(pages.compared_lines(values))
    note_export(person, "comparison of services", ending=ending, rows=len(rows), at=utc_now())
    name = f"services-{values['code'] or 'compared'}"
    return answer(Export(name, pages.compared_head(values), rows), ending)


@bp.route("/reviews/<uuid:review_id>/report/words", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def write(review: ProviderReview) -> ResponseReturnValue:
    """Write background, overall impression and recipients."""
    review_services.require(review, *services.WRITTEN_IN)
    form = forms.ReportForm.of(queries.text_of(review))
    if form.validate_on_submit() and form.applied(
        lambda seen: services.write(
            review, form.words, seen=seen, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("Your words are kept.", "done")
        return _to(review)
    about = review_pages.about(review, signed_in_person())
    return render_template("epa/review_reports/write.html", form=form, **about), form.status


@bp.route("/reviews/<uuid:review_id>/report/notes/<section>", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def note_criteria(review: ProviderReview, section: str) -> ResponseReturnValue:
    """Write good practice and improvement for the criteria of a section."""
    review_services.require(review, *services.WRITTEN_IN)
    codes, at = reviews.codes_in(review, section) or abort(404), utc_now()
    form = forms.notes_form(codes, queries.notes_of(review))
    if sent_to_be_kept(form, at) and form.applied(
        lambda: services.note_criteria(review, form.said, actor=signed_in_person(), at=at)
    ):
        flash("Your notes are kept.", "done")
        return _to(review)
    return _page("note_criteria", review, form, codes=codes, section=section)


@bp.post("/reviews/<uuid:review_id>/report/handing-in")
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def hand_in(review: ProviderReview) -> ResponseReturnValue:
    """Give assessment and report to the moderator."""
    return _done(review, services.hand_in, "It is with the moderator.")


@bp.get("/reviews/<uuid:review_id>/moderation")
@access(Permission.MODERATE_REVIEW, review=review_for)
def moderate(review: ProviderReview) -> ResponseReturnValue:
    """Look the report over, criterion by criterion, as somebody who did not assess."""
    services.require_moderator(review, signed_in_person())
    return _moderation(review, PlumblineForm())


@bp.route("/reviews/<uuid:review_id>/moderation/remarks", methods=["GET", "POST"])
@access(Permission.MODERATE_REVIEW, review=review_for)
@writes
def remark(review: ProviderReview) -> ResponseReturnValue:
    """Mark a criterion to be returned."""
    services.require_moderator(review, signed_in_person())
    form = forms.RemarkForm.of(reviews.framework_of(review), reviews.criteria_of(review))
    if form.validate_on_submit() and form.applied(
        services.remark,
        review,
        form.criterion.data,
        form.words.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash(f"{form.criterion.data} is marked. Nobody reads it until you return it.", "done")
        return redirect(url_for("review_reports.moderate", review_id=review.id), 303)
    return _page("remark", review, form)


@bp.post("/moderation-remarks/<uuid:remark_id>/removal")
@access(Permission.MODERATE_REVIEW, remark=visits.remark_for)
@writes
def drop_remark(remark: ModerationRemark) -> ResponseReturnValue:
    """Take a mark out again."""
    review = remark.review
    services.drop_remark(remark, actor=signed_in_person(), at=utc_now())
    flash("The mark is taken out.", "done")
    return redirect(url_for("review_reports.moderate", review_id=review.id), 303)


@bp.post("/reviews/<uuid:review_id>/moderation/return")
@access(Permission.MODERATE_REVIEW, review=review_for)
@writes
def give_back(review: ProviderReview) -> ResponseReturnValue:
    """Return the marked criteria."""
    form = PlumblineForm()
    if form.applied(services.give_back, review, actor=signed_in_person(), at=utc_now()):
        flash("The marked criteria are returned.", "done")
        return _to(review)
    return _moderation(review, form)


@bp.post("/reviews/<uuid:review_id>/moderation/acceptance")
@access(Permission.MODERATE_REVIEW, review=review_for)
@writes
def accept(review: ProviderReview) -> ResponseReturnValue:
    """Accept the report."""
    form = PlumblineForm()
    if form.applied(services.accept, review, actor=signed_in_person(), at=utc_now()):
        flash("The report is accepted. The lead can send it now.", "done")
        return _to(review)
    return _moderation(review, form)


@bp.post("/reviews/<uuid:review_id>/report/sending")
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def send(review: ProviderReview) -> ResponseReturnValue:
    """Send the report to the provider."""
    return _done(review, services.send, "The report is sent.")


@bp.route("/reviews/<uuid:review_id>/report/inaccuracies", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def dispute(review: ProviderReview) -> ResponseReturnValue:
    """Name what is factually wrong in the report."""
    review_services.require(review, ReviewStatus.ISSUED)
    framework, at = reviews.framework_of(review), utc_now()
    form = ObjectionForm.of(framework, reviews.criteria_of(review), "Another part of the report")
    if sent_to_be_kept(form, at) and form.applied(
        lambda: services.dispute(
            review, form.code, form.words.data, actor=signed_in_person(), at=at
        )
    ):
        flash("It is with those who assessed.", "done")
        return _to(review)
    return _page("dispute", review, form)


@bp.post("/reviews/<uuid:review_id>/report/confirmation")
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def say_it_is_right(review: ProviderReview) -> ResponseReturnValue:
    """Say that nothing more is factually wrong."""
    return _done(review, services.say_it_is_right, "Thank you. The report can be made final.")


@bp.post("/reviews/<uuid:review_id>/report/final")
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def finish(review: ProviderReview) -> ResponseReturnValue:
    """Make the report final."""
    return _done(review, services.finish, "The report is final.")


@bp.get("/reviews/<uuid:review_id>/report/document", defaults={"form": "page"})
@bp.get("/reviews/<uuid:review_id>/report/document.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_REVIEW, review=queries.issued_for)
@writes_on_read
def document(review: ProviderReview, form: str) -> ResponseReturnValue:
    """The report that was sent last, to take away."""
    services.note_read(
        review, actor=signed_in_person(), at=utc_now(), what="review report", form=form
    )
    report = queries.issued_of(review)[0]
    if form == "pdf":
        return pages.report_pdf(review, report)
    return pages.report_page(review, report)


@bp.post("/reviews/<uuid:review_id>/certificate/issue")
@access(Permission.MANAGE_REVIEW, review=review_for)
@writes
def certify(review: ProviderReview) -> ResponseReturnValue:
    """Issue the certificate."""
    return _done(review, services.certify, "The certificate is issued.")


@bp.get("/reviews/<uuid:review_id>/certificate", defaults={"form": "page"})
@bp.get("/reviews/<uuid:review_id>/certificate.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_REVIEW, review=queries.certified_for)
@writes_on_read
def certificate(review: ProviderReview, form: str) -> ResponseReturnValue:
    """The certificate, to take away."""
    services.note_read(
        review, actor=signed_in_person(), at=utc_now(), what="certificate", form=form
    )
    row = queries.certificate_of(review) or abort(404)
    if form == "pdf":
        return pages.certificate_pdf(review, row)
    return pages.certificate_page(review, row)


def _done(
    review: ProviderReview, service: Callable[..., object], words: str
) -> ResponseReturnValue:
    """Do what a button says; what stands in the way is said on the page it stands on."""
    form = PlumblineForm()
    if form.applied(service, review, actor=signed_in_person(), at=utc_now()):
        flash(words, "done")
        return _to(review)
    return _hub(review, form)


def _hub(review: ProviderReview, form: PlumblineForm) -> ResponseReturnValue:
    shown = pages.hub(review, signed_in_person())
    page = render_template("epa/review_reports/show.html", form=form, **shown)
    return page, 422 if form.error_list else 200


def _moderation(review: ProviderReview, form: PlumblineForm) -> ResponseReturnValue:
    content = queries.content_of(review)
    page = render_template(
        "epa/review_reports/moderate.html",
        form=form,
        remarks=visits.remarks_of(review),
        content=content,
        **pages.drawn(review, content),
        **review_pages.about(review, signed_in_person()),
    )
    return page, 422 if form.error_list else 200


def _page(
    view: str, review: ProviderReview, form: PlumblineForm, **more: Any
) -> ResponseReturnValue:
    about = review_pages.about(review, signed_in_person())
    page = render_template(f"epa/review_reports/{view}.html", form=form, **more, **about)
    return page, 422 if form.error_list else 200


def _to(review: ProviderReview) -> ResponseReturnValue:
    return redirect(url_for("review_reports.show", review_id=review.id), 303)
