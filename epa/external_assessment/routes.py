"""The pages of an external assessment: beside the self-assessment, interviews, feedback, timetable."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.errors import RuleBroken
from epa.external_assessment import forms, queries, services
from epa.external_assessment.models import ModerationRemark, ReviewObjection, TimetableBlock
from epa.external_assessment.rules import OBJECTION_TITLES, ObjectionKind
from epa.files.forms import sent_to_be_kept
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.review_ratings import pages as shown
from epa.review_ratings import queries as ratings
from epa.review_ratings import results
from epa.review_ratings.forms import section_form
from epa.reviews import pages as review_pages
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.queries import review_for
from epa.reviews.rules import ReviewStatus, Side
from epa.self_assessment.queries import evidence_of
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes

bp = Blueprint("external_assessment", __name__)


@bp.get("/reviews/<uuid:review_id>/assessment")
@access(Permission.VIEW_REVIEW, review=review_for)
def show(review: ProviderReview) -> ResponseReturnValue:
    """How far the assessment is, what it comes to, and where it differs from the self-assessment."""
    about = _seen(review)
    own, theirs = _both(review, about)
    outcome, framework = ratings.outcome_of(review, theirs), about["framework"]
    return render_template(
        "epa/external_assessment/show.html",
        section_rows=shown.section_rows(review, theirs, outcome),
        verdict=shown.verdict_of(review, outcome),
        drawn=results.drawn(framework, results.result_of(review, theirs, outcome, own)),
        differences=shown.compared(review, own, theirs),
        hearings=queries.hearings_of(review),
        interviews=queries.interviews_of(review) if _is_inside(about) else [],
        sample=queries.sample_of(review) if _reads_files(about) else None,
        objections=queries.objections_of(review),
        objection_titles=OBJECTION_TITLES,
        remarks=queries.remarks_of(review) if _is_inside(about) else [],
        lacking=queries.lacking(review),
        may_rate=about["part"].is_assessor and review.status is ReviewStatus.SUBMITTED,
        may_challenge=about["part"].is_provider
        and queries.may_challenge(review, london_date(utc_now())),
        **about,
    )


@bp.get("/reviews/<uuid:review_id>/assessment/sections/<section>")
@access(Permission.VIEW_REVIEW, review=review_for)
def section(review: ProviderReview, section: str) -> ResponseReturnValue:
    """One section with both sides' ratings, words and the evidence."""
    about = _seen(review)
    codes = reviews.codes_in(review, section) or abort(404)
    own, theirs = _both(review, about)
    return render_template(
        "epa/external_assessment/section.html",
        section=_section(review, section),
        rows=shown.criterion_rows(review, codes, theirs, own),
        evidence=evidence_of(review),
        may_rate=about["part"].is_assessor and review.status is ReviewStatus.SUBMITTED,
        **about,
    )


@bp.route("/reviews/<uuid:review_id>/assessment/ratings/<section>", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def rate(review: ProviderReview, section: str) -> ResponseReturnValue:
    """Rate the criteria of one section, the provider's own rating beside each."""
    review_services.require(review, ReviewStatus.SUBMITTED)
    codes = reviews.codes_in(review, section) or abort(404)
    about, at = _seen(review), utc_now()
    own, theirs = _both(review, about)
    listed = ratings.listed_measures(review)
    framework, wording = about["framework"], about["wording"]
    form = section_form(framework, wording, codes, theirs, "What was found", listed)
    if sent_to_be_kept(form, at) and form.applied(
        lambda: services.rate(review, form.given, actor=signed_in_person(), at=at)
    ):
        flash("What you found is kept, under your name.", "done")
        return _to(review, "show")
    if form.errors:
        form.see(ratings.ratings_of(review, Side.ASSESSORS))
    page = render_template(
        "epa/external_assessment/rate.html",
        form=form,
        listed=listed,
        section=_section(review, section),
        rows=shown.criterion_rows(review, codes, theirs, own),
        evidence=evidence_of(review),
        **about,
    )
    return page, 422 if form.error_list else 200


@bp.route("/reviews/<uuid:review_id>/assessment/interviews", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def note_interview(review: ProviderReview) -> ResponseReturnValue:
    """Note somebody who was heard."""
    review_services.require(review, ReviewStatus.SUBMITTED)
    visit = reviews.framework_of(review).cycle.visit
    form, at = forms.InterviewForm.of(visit.interviews if visit else ()), utc_now()
    if sent_to_be_kept(form, at) and form.applied(
        lambda: services.note_interview(
            review,
            services.Heard(form.kind.data, form.reference.data, form.held_on.data, form.words.data),
            actor=signed_in_person(),
            at=at,
        )
    ):
        flash("The interview is noted.", "done")
        return _to(review, "show")
    return _page("note_interview", review, form)


@bp.get("/reviews/<uuid:review_id>/feedback")
@access(Permission.VIEW_REVIEW, review=review_for)
def feedback(review: ProviderReview) -> ResponseReturnValue:
    """What the provider was told, and when."""
    about = review_pages.about(review, signed_in_person())
    return render_template(
        "epa/external_assessment/feedback.html",
        given=queries.feedback_of(review),
        titles=_step_titles(review),
        may_give=about["part"].is_assessor
        and review.status is ReviewStatus.SUBMITTED
        and bool(queries.feedback_steps(review)),
        may_challenge=about["part"].is_provider
        and queries.may_challenge(review, london_date(utc_now())),
        **about,
    )


@bp.route("/reviews/<uuid:review_id>/feedback/new", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, review=review_for)
@writes
def give_feedback(review: ProviderReview) -> ResponseReturnValue:
    """Tell the provider what was found."""
    review_services.require(review, ReviewStatus.SUBMITTED)
    cycle, at = reviews.framework_of(review).cycle, utc_now()
    form = forms.FeedbackForm.of(cycle.step(code) for code in queries.feedback_steps(review))
    if sent_to_be_kept(form, at) and form.applied(
        services.give_feedback,
        review,
        form.step.data,
        form.words.data,
        actor=signed_in_person(),
        at=at,
    ):
        flash("The feedback is given. The provider can read it now.", "done")
        return _to(review, "feedback")
    return _page("give_feedback", review, form)


@bp.route("/reviews/<uuid:review_id>/challenges", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def challenge(review: ProviderReview) -> ResponseReturnValue:
    """Challenge a finding at the closing meeting."""
    review_services.require(review, ReviewStatus.SUBMITTED)
    _seen(review)
    form, at = _objection_form(review), utc_now()
    if sent_to_be_kept(form, at) and form.applied(
        services.raise_challenge,
        review,
        form.criterion.data,
        form.words.data,
        actor=signed_in_person(),
        at=at,
    ):
        flash("Your challenge is with those who assess.", "done")
        return _to(review, "show")
    return _page("challenge", review, form)


@bp.route("/review-objections/<uuid:objection_id>", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, objection=queries.objection_for)
@writes
def answer(objection: ReviewObjection) -> ResponseReturnValue:
    """Answer an objection of the provider's."""
    review = objection.review
    if objection.answered_at is not None:
        raise RuleBroken("objection-answered", "It is answered already.")
    row = ratings.ratings_of(review, Side.ASSESSORS).get(objection.criterion_code or "")
    framework, wording = reviews.framework_of(review), reviews.wording_shown(review)
    code = objection.criterion_code
    form = forms.AnswerForm.of(framework, wording, code, row, asks_whether=True)
    if form.validate_on_submit() and form.applied(
        lambda: services.answer(
            objection,
            services.Reply(form.is_upheld.data, form.words.data, form.given),
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("Your answer is given.", "done")
        is_fact = objection.kind is ObjectionKind.FACT
        place = "review_reports.show" if is_fact else "external_assessment.show"
        return redirect(url_for(place, review_id=review.id), 303)
    title = OBJECTION_TITLES[objection.kind]
    return _page("answer", review, form, objection=objection, title=title)


@bp.route("/moderation-remarks/<uuid:remark_id>", methods=["GET", "POST"])
@access(Permission.ASSESS_SERVICE, remark=queries.remark_for)
@writes
def settle(remark: ModerationRemark) -> ResponseReturnValue:
    """Change the rating that the moderator gave back, or say why it stands."""
    review = remark.review
    review_services.require(review, ReviewStatus.RETURNED)
    row = ratings.ratings_of(review, Side.ASSESSORS).get(remark.criterion_code)
    framework, wording = reviews.framework_of(review), reviews.wording_shown(review)
    code = remark.criterion_code
    form = forms.AnswerForm.of(framework, wording, code, row, asks_whether=False)
    if form.validate_on_submit() and form.applied(
        lambda: services.settle(
            remark, form.words.data, form.given, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash(f"The remark on {remark.criterion_code} is settled.", "done")
        return _to(review, "show")
    shown_as = {"criterion": framework.criterion(code), "asks": wording.asks(code)}
    return _page("settle", review, form, remark=remark, **shown_as)


@bp.get("/reviews/<uuid:review_id>/timetable")
@access(Permission.VIEW_REVIEW, review=review_for)
def timetable(review: ProviderReview) -> ResponseReturnValue:
    """The days of the visit, block by block."""
    about = review_pages.about(review, signed_in_person())
    visit = about["framework"].cycle.visit
    runs = review.status not in review_rules.OVER | review_rules.SENT
    return render_template(
        "epa/external_assessment/timetable.html",
        blocks=queries.timetable_of(review),
        has_standard=visit is not None and bool(visit.timetable),
        may_plan=runs and (about["part"].is_provider or about["part"].is_assessor),
        agreed=reviews.step_days(review).get(review_rules.SCHEDULE),
        **about,
    )


@bp.post("/reviews/<uuid:review_id>/timetable/standard")
@access(Permission.VIEW_REVIEW, review=review_for)
@writes
def begin_timetable(review: ProviderReview) -> ResponseReturnValue:
    """Begin with the framework's standard blocks."""
    services.begin_timetable(review, actor=signed_in_person(), at=utc_now())
    flash("These are the standard blocks. Change what does not suit.", "done")
    return _to(review, "timetable")


@bp.route("/reviews/<uuid:review_id>/timetable/new", methods=["GET", "POST"])
@access(Permission.VIEW_REVIEW, review=review_for)
@writes
def add_block(review: ProviderReview) -> ResponseReturnValue:
    """Add a block."""
    person, form = signed_in_person(), forms.BlockForm()
    services.require_planner(review, person)
    if form.validate_on_submit() and form.applied(
        lambda: services.keep_block(review, form.slot, actor=person, at=utc_now())
    ):
        flash("The block is in the timetable.", "done")
        return _to(review, "timetable")
    return _page("keep_block", review, form, block=None)


@bp.route("/timetable-blocks/<uuid:block_id>", methods=["GET", "POST"])
@access(Permission.VIEW_REVIEW, block=queries.block_for)
@writes
def change_block(block: TimetableBlock) -> ResponseReturnValue:
    """Change a block."""
    person, form = signed_in_person(), forms.BlockForm(obj=block)
    services.require_planner(block.review, person)
    if form.validate_on_submit() and form.applied(
        lambda: services.keep_block(
            block.review, form.slot, actor=person, at=utc_now(), block=block
        )
    ):
        flash("The block is changed.", "done")
        return _to(block.review, "timetable")
    return _page("keep_block", block.review, form, block=block)


@bp.post("/timetable-blocks/<uuid:block_id>/removal")
@access(Permission.VIEW_REVIEW, block=queries.block_for)
@writes
def remove_block(block: TimetableBlock) -> ResponseReturnValue:
    """Take a block out."""
    review = block.review
    services.remove_block(block, actor=signed_in_person(), at=utc_now())
    flash("The block is taken out.", "done")
    return _to(review, "timetable")


@bp.post("/reviews/<uuid:review_id>/timetable/agreement")
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def agree_timetable(review: ProviderReview) -> ResponseReturnValue:
    """Say, as the provider, that the timetable stands."""
    services.agree_timetable(review, actor=signed_in_person(), at=utc_now())
    flash("The timetable stands.", "done")
    return _to(review, "timetable")


def _seen(review: ProviderReview) -> dict[str, Any]:
    about = review_pages.about(review, signed_in_person())
    if not reviews.sees(review, about["part"], Side.ASSESSORS):
        raise RuleBroken(
            "assessment-unseen",
            "What was found is told at the closing feedback, or with the report.",
        )
    return about


def _both(review: ProviderReview, about: dict[str, Any]) -> tuple[Any, Any]:
    """The provider's ratings, where this reader is shown them yet, and the assessors'."""
    shown_too = reviews.sees(review, about["part"], Side.PROVIDER)
    own = ratings.ratings_of(review, Side.PROVIDER) if shown_too else {}
    return own, ratings.ratings_of(review, Side.ASSESSORS)


def _reads_files(about: dict[str, Any]) -> bool:
    """Whether the reader is shown which clients were drawn: a moderator needs no client's file."""
    return bool(about["part"].oversees or about["part"].is_assessor)


def _is_inside(about: dict[str, Any]) -> bool:
    """Whether the reader is one of the organisation's: what was heard, and moderation, are theirs."""
    part = about["part"]
    return bool(part.oversees or part.is_assessor or part.is_moderator)


def _section(review: ProviderReview, code: str) -> Any:
    return next(one for one in reviews.framework_of(review).sections if one.code == code)


def _step_titles(review: ProviderReview) -> dict[str, str]:
    return {one.code: one.title for one in reviews.framework_of(review).cycle.steps}


def _objection_form(review: ProviderReview) -> forms.ObjectionForm:
    return forms.ObjectionForm.of(reviews.framework_of(review), reviews.criteria_of(review))


def _page(
    view: str, review: ProviderReview, form: PlumblineForm, **more: object
) -> ResponseReturnValue:
    page = render_template(
        f"epa/external_assessment/{view}.html",
        form=form,
        **more,
        **review_pages.about(review, signed_in_person()),
    )
    return page, 422 if form.error_list else 200


def _to(review: ProviderReview, view: str) -> ResponseReturnValue:
    return redirect(url_for(f"external_assessment.{view}", review_id=review.id), 303)
