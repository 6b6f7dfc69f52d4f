"""What follows a review: the action plan, the yearly upkeep, and the lapse of a mark."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.improvement import forms, queries, services
from epa.improvement.models import ImprovementAction
from epa.improvement.rules import upkeep_left, without_action
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.review_ratings.queries import listed_measures
from epa.review_reports.queries import certificate_of, to_improve
from epa.reviews import pages as review_pages
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.queries import review_for
from epa.reviews.rules import SENT, ReviewStatus
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes

bp = Blueprint("improvement", __name__)


@bp.get("/reviews/<uuid:review_id>/improvement")
@access(Permission.VIEW_REVIEW, review=review_for)
def show(review: ProviderReview) -> ResponseReturnValue:
    """The action plan, and how the mark is kept."""
    review_services.require(review, *SENT)
    return _hub(review, PlumblineForm())


@bp.route("/reviews/<uuid:review_id>/improvement/actions", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def plan_action(review: ProviderReview) -> ResponseReturnValue:
    """Plan an action."""
    review_services.require(review, *SENT)
    framework, at = reviews.framework_of(review), utc_now()
    first = [one.code for one in to_improve(review)]
    codes = [*first, *(code for code in reviews.criteria_of(review) if code not in first)]
    titled = [(code, framework.criterion(code).title) for code in codes]
    form = forms.ActionForm.of(titled, london_date(at))
    if form.validate_on_submit() and form.applied(
        lambda: services.plan_action(review, form.action, actor=signed_in_person(), at=at)
    ):
        flash("The action is in the plan.", "done")
        return _to(review)
    return _page("plan_action", review, form)


@bp.post("/improvement-actions/<uuid:improvement_id>/done")
@access(Permission.RATE_OWN_SERVICE, improvement=queries.action_for)
@writes
def finish_action(improvement: ImprovementAction) -> ResponseReturnValue:
    """Say that an action is done."""
    services.finish_action(improvement, actor=signed_in_person(), at=utc_now())
    flash("The action is done.", "done")
    return _to(improvement.review)


@bp.post("/reviews/<uuid:review_id>/improvement/plan")
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def hand_in_plan(review: ProviderReview) -> ResponseReturnValue:
    """Hand the action plan in."""
    review_services.require(review, *SENT)
    form = PlumblineForm()
    if form.applied(services.hand_in_plan, review, actor=signed_in_person(), at=utc_now()):
        flash("The action plan is handed in.", "done")
        return _to(review)
    return _hub(review, form)


@bp.route("/reviews/<uuid:review_id>/improvement/upkeep", methods=["GET", "POST"])
@access(Permission.RATE_OWN_SERVICE, review=review_for)
@writes
def keep_up(review: ProviderReview) -> ResponseReturnValue:
    """Say what was done this year to keep the mark."""
    services.require_upkeep(review)
    parts, year = queries.kept_by(review), queries.year_of_upkeep(review)
    done = {one.place for one in queries.upkeep_of(review) if one.year == year}
    form = forms.UpkeepForm.of((place, parts[place]) for place in upkeep_left(parts, done))
    if form.validate_on_submit() and form.applied(
        services.keep_up,
        review,
        form.place.data,
        form.words.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("It is kept.", "done")
        return _to(review)
    shown = {"year": year, "listed": listed_measures(review)}
    return _page("keep_up", review, form, due_on=reviews.upkeep_due_on(review), **shown)


@bp.route("/reviews/<uuid:review_id>/improvement/lapse", methods=["GET", "POST"])
@access(Permission.MANAGE_REVIEW, review=review_for)
@writes
def lapse(review: ProviderReview) -> ResponseReturnValue:
    """Let the mark lapse because its upkeep was not done."""
    review_services.require(review, ReviewStatus.FINAL)
    form = forms.LapseForm()
    if form.validate_on_submit() and form.applied(
        services.lapse, review, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash("The mark has lapsed. The provider is told.", "done")
        return _to(review)
    return _page("lapse", review, form, due_on=reviews.upkeep_due_on(review))


def _hub(review: ProviderReview, form: PlumblineForm) -> ResponseReturnValue:
    person, today = signed_in_person(), london_date(utc_now())
    about, actions = review_pages.about(review, person), queries.actions_of(review)
    planned = {one.criterion_code for one in actions}
    codes = [one.code for one in to_improve(review)]
    due = reviews.upkeep_due_on(review)
    page = render_template(
        "epa/improvement/show.html",
        form=form,
        actions_of=actions,
        open_codes=without_action(codes, planned),
        handed_in=reviews.step_days(review).get(review_rules.ACTION_PLAN),
        certificate=certificate_of(review),
        kept_by=queries.kept_by(review),
        upkeep=queries.upkeep_of(review),
        due_on=due,
        days=(due - today).days if due else None,
        may_plan=about["part"].is_provider,
        may_manage=reviews.review_for(person, Permission.MANAGE_REVIEW, review.id) is not None,
        **about,
    )
    return page, 422 if form.error_list else 200


def _page(
    view: str, review: ProviderReview, form: PlumblineForm, **more: object
) -> ResponseReturnValue:
    about = review_pages.about(review, signed_in_person())
    page = render_template(f"epa/improvement/{view}.html", form=form, **more, **about)
    return page, 422 if form.errors else 200


def _to(review: ProviderReview) -> ResponseReturnValue:
    return redirect(url_for("improvement.show", review_id=review.id), 303)
