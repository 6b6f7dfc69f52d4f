"""A provider's self-assessment: sections, ratings, evidence, tasks, handing in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.errors import RuleBroken
from epa.files.forms import sent_to_be_kept
from epa.files.services import opened, store
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.review_ratings import pages as shown
from epa.review_ratings import queries as ratings
from epa.review_ratings import results
from epa.review_ratings.forms import section_form
from epa.reviews import pages as review_pages
from epa.reviews import queries as reviews
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.queries import review_for
from epa.reviews.rules import SELF_ASSESSMENT as SELF
from epa.reviews.rules import Side
from epa.self_assessment import queries, services
from epa.self_assessment.forms import EvidenceForm, SubmitForm, TaskForm
from epa.self_assessment.models import ReviewEvidence, SectionTask
from epa.self_assessment.rules import RATED_IN
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("self_assessment", __name__)


@bp.get("/reviews/<uuid:review_id>/self-assessment")
@access(Permission.VIEW_REVIEW, review=review_for)
def show(review: ProviderReview) -> ResponseReturnValue:
    """How far it is, section by section, and who sees to what."""
    person = signed_in_person()
    about = _about(review, person)
    own = ratings.ratings_of(review, Side.PROVIDER)
    outcome = ratings.outcome_of(review, own)
    return render_template(
        "epa/self_assessment/show.html",
        section_rows=shown.section_rows(review, own, outcome),
        **_drawn(review, results.result_of(review, own, outcome)),
        verdict=shown.verdict_of(review, outcome),
        tasks=queries.tasks_of(review),
        may_rate=about["part"].is_provider and review.status in RATED_IN,
        may_add=about["part"].is_provider and queries.may_add_evidence(review),
        **about,
    )


@bp.get("/reviews/<uuid:review_id>/self-assessment/sections/<section>")
@access(Permission.VIEW_REVIEW, review=review_for)
def section(review: ProviderReview, section: str) -> ResponseReturnValue:
    """One section as it stands: ratings, words and evidence."""
    person = signed_in_person()
    about = _about(review, person)
    codes = reviews.codes_in(review, section) or abort(404)
    own = ratings.ratings_of(review, Side.PROVIDER)
    return render_template(
        "epa/self_assessment/section.html",
        section=_section(review, section),
        rows=shown.criterion_rows(review, codes, own, {}),
        evidence=queries.evidence_of(review),
        tasks=[one for one in queries.tasks_of(review) if one.section_code == section],
        may_rate=about["part"].is_provider and review.status in RATED_IN,
        may_add=about["part"].is_provider and queries.may_add_evidence(review),
        **about,
    )


@bp.route("/reviews/<uuid:review_id>/self-assessment/ratings/<section>", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def rate(review: ProviderReview, section: str) -> ResponseReturnValue:
    """Rate the criteria of one section together."""
    review_services.require(review, *RATED_IN)
    codes = reviews.codes_in(review, section) or abort(404)
    own, at = ratings.ratings_of(review, Side.PROVIDER), utc_now()
    listed = ratings.listed_measures(review)
    framework, wording = reviews.framework_of(review), reviews.wording_shown(review)
    form = section_form(framework, wording, codes, own, "Why, and what shows it", listed)
    if sent_to_be_kept(form, at) and form.applied(
        lambda: services.rate(review, form.given, actor=signed_in_person(), at=at)
    ):
        flash("What you said is kept, under your name.", "done")
        return _to(review, "show")
    if form.errors:
        form.see(ratings.ratings_of(review, Side.PROVIDER))
    page = render_template(
        "epa/self_assessment/rate.html",
        form=form,
        listed=listed,
        section=_section(review, section),
        rows=shown.criterion_rows(review, codes, own, {}),
        **_about(review, signed_in_person()),
    )
    return page, 422 if form.error_list else 200


@bp.route("/reviews/<uuid:review_id>/self-assessment/evidence/<criterion>", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def add_evidence(review: ProviderReview, criterion: str) -> ResponseReturnValue:
    """Add a file or a link to a criterion."""
    if criterion not in reviews.criteria_of(review):
        abort(404)
    services.require_evidence(review)
    form, person, at = EvidenceForm(), signed_in_person(), utc_now()
    if sent_to_be_kept(form, at) and form.applied(_add, review, criterion, form, person, at):
        flash(f"“{form.title.data}” is added to {criterion}.", "done")
        return _to_section(review, criterion)
    page = render_template(
        "epa/self_assessment/add_evidence.html",
        form=form,
        criterion=reviews.framework_of(review).criterion(criterion),
        **_about(review, person),
    )
    return page, 422 if form.error_list else 200


@bp.post("/review-evidence/<uuid:proof_id>/removal")
@access(Permission.RATE_OWN_SERVICE, proof=queries.evidence_for)
@writes
def remove_evidence(proof: ReviewEvidence) -> ResponseReturnValue:
    """Take a piece of evidence out."""
    services.remove_evidence(proof, actor=signed_in_person(), at=utc_now())
    flash(f"“{proof.title}” is taken out.", "done")
    return _to_section(proof.review, proof.criterion_code)


@bp.get("/review-evidence/<uuid:proof_id>/file")
@access(Permission.VIEW_REVIEW, proof=queries.evidence_for)
@writes_on_read
def file(proof: ReviewEvidence) -> ResponseReturnValue:
    """Give the file of a piece of evidence, and write down who fetched it."""
    kept = services.note_file_read(proof, actor=signed_in_person(), at=utc_now())
    if kept is None:
        abort(404)
    return attachment(opened(kept), name=kept.name, content_type=kept.content_type, size=kept.size)


@bp.route("/reviews/<uuid:review_id>/self-assessment/tasks", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def set_task(review: ProviderReview) -> ResponseReturnValue:
    """Share out some work."""
    review_services.require(review, *RATED_IN)
    people, at = queries.providers_people(review), utc_now()
    sections = [(one.code, one.title) for one in reviews.framework_of(review).sections]
    form = TaskForm.of(sections, people, london_date(at))
    known = {one.id: one for one in people}
    if form.validate_on_submit() and form.applied(
        lambda: services.set_task(
            review,
            services.NewTask(
                form.section.data, form.what.data, known[form.owner.data], form.due_on.data
            ),
            actor=signed_in_person(),
            at=at,
        )
    ):
        flash("It is shared out.", "done")
        return _to(review, "show")
    about = _about(review, signed_in_person())
    page = render_template("epa/self_assessment/set_task.html", form=form, **about)
    return page, 422 if form.errors else 200


@bp.post("/section-tasks/<uuid:task_id>/done")
@access(Permission.RATE_OWN_SERVICE, task=queries.task_for)
@writes
def finish_task(task: SectionTask) -> ResponseReturnValue:
    """Say that a task is done."""
    services.finish_task(task, actor=signed_in_person(), at=utc_now())
    flash(f"“{task.what}” is done.", "done")
    return _to(task.review, "show")


@bp.route("/reviews/<uuid:review_id>/self-assessment/handing-in", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def submit(review: ProviderReview) -> ResponseReturnValue:
    """Say what handing in does, and do it."""
    review_services.require(review, *RATED_IN)
    form = SubmitForm()
    if form.validate_on_submit() and form.applied(
        services.submit, review, actor=signed_in_person(), at=utc_now()
    ):
        flash("The self-assessment is handed in.", "done")
        return redirect(url_for("reviews.show", review_id=review.id), 303)
    missing = ratings.missing_from(review, ratings.ratings_of(review, Side.PROVIDER))
    page = render_template(
        "epa/self_assessment/submit.html",
        form=form,
        missing=missing,
        **_about(review, signed_in_person()),
    )
    return page, 422 if form.errors else 200


def _about(review: ProviderReview, person: Person) -> dict[str, Any]:
    about = review_pages.about(review, person)
    if not reviews.sees(review, about["part"], Side.PROVIDER):
        raise RuleBroken(
            "self-assessment-unseen",
            "The self-assessment is the provider’s own until it is handed in.",
        )
    return about


def _drawn(review: ProviderReview, result: dict[str, Any]) -> dict[str, Any]:
    """What is drawn of the self-assessment, with what changed since the service's last one."""
    earlier = queries.handed_in_before(review)
    before = None
    if earlier is not None:
        own = ratings.ratings_of(earlier, Side.PROVIDER)
        before = results.result_of(earlier, own, ratings.outcome_of(earlier, own))
    drawn = results.drawn(reviews.framework_of(review), result, before)
    return {"drawn": drawn, "earlier_on": reviews.step_days(earlier)[SELF] if earlier else None}


def _section(review: ProviderReview, code: str) -> Any:
    return next(one for one in reviews.framework_of(review).sections if one.code == code)


def _add(
    review: ProviderReview, code: str, form: EvidenceForm, actor: Person, at: datetime
) -> None:
    upload = form.file.checked
    kept = store(upload, actor=actor, at=at) if upload else None
    given = services.Shown(form.title.data, kept, form.link.data or "")
    services.add_evidence(review, code, given, actor=actor, at=at)


def _to(review: ProviderReview, view: str) -> ResponseReturnValue:
    return redirect(url_for(f"self_assessment.{view}", review_id=review.id), 303)


def _to_section(review: ProviderReview, criterion: str) -> ResponseReturnValue:
    code = reviews.framework_of(review).criterion(criterion).section
    address = url_for("self_assessment.section", review_id=review.id, section=code)
    return redirect(address, 303)
