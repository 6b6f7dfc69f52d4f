"""The pages of reviews: the list, opening one, its way, its days and people, steps noted, the end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import NotAllowed
from epa.people.rules import Permission, Role
from epa.people.signed_in import signed_in_person
from epa.reviews import pages, queries, rules, services
from epa.reviews.forms import DaysForm, NoteForm, OpenForm, PeopleForm, WithdrawForm, people_form
from epa.reviews.models import ProviderReview
from epa.reviews.queries import review_for
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.pagination import page_of
from epa.web.transaction import writes

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


@bp.get("")
@access(Permission.VIEW_REVIEW)
def index() -> ResponseReturnValue:
    """The reviews within reach, those under way first."""
    person = signed_in_person()
    query = queries.newest_first(queries.reviews(person, Permission.VIEW_REVIEW))
    page = page_of(db.session(), query, request.args)
    return render_template(
        "epa/reviews/index.html",
        page=page,
        rows=pages.listed(page.rows),
        may_open=person.may(Permission.MANAGE_REVIEW),
    )


@bp.route("/new", methods=["GET", "POST"])
@access(Permission.MANAGE_REVIEW)
@writes
def open_review() -> ResponseReturnValue:
    """Open a review."""
    person, at = signed_in_person(), utc_now()
    form = OpenForm.of(queries.leads_to_choose(person), queries.frameworks_on_offer())
    if form.validate_on_submit() and form.applied(
        lambda: services.open_review(form.new, actor=person, at=at)
    ):
        flash("The review is open. The provider can begin the self-assessment.", "done")
        return redirect(url_for("reviews.index"), 303)
    page = render_template("epa/reviews/open_review.html", form=form)
    return page, 422 if form.errors else 200


@bp.get("/<uuid:review_id>")
@access(Permission.VIEW_REVIEW, review=review_for)
def show(review: ProviderReview) -> ResponseReturnValue:
    """One review: where it stands, its way, its people."""
    person, today = signed_in_person(), london_date(utc_now())
    return render_template(
        "epa/reviews/show.html",
        way=pages.way_of(review, person, today),
        links=pages.links_of(review, queries.part_of(person, review)),
        may_manage=review_for(person, Permission.MANAGE_REVIEW, review.id) is not None,
        is_running=review.status not in rules.OVER | rules.SENT,
        can_note=bool(pages.steps_to_note(review, person)),
        earlier=pages.listed(queries.before(review)),
        **pages.about(review, person),
    )


@bp.route("/<uuid:review_id>/days", methods=["GET", "POST"])
@access(Permission.MANAGE_REVIEW, review=review_for)
@writes
def plan(review: ProviderReview) -> ResponseReturnValue:
    """Set the days of the assessment."""
    form = DaysForm(data={"first_on": review.first_on, "last_on": review.last_on})
    if form.validate_on_submit() and form.applied(
        services.set_days,
        review,
        form.first_on.data,
        form.last_on.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("The days are set. What is due counts from them.", "done")
        return _back(review)
    return _page("plan", review, form)


@bp.route("/<uuid:review_id>/people", methods=["GET", "POST"])
@access(Permission.MANAGE_REVIEW, review=review_for)
@writes
def allocate(review: ProviderReview) -> ResponseReturnValue:
    """Say who assesses, who leads, and who moderates."""
    assessors = queries.people_with(Role.PROVIDER_QUALITY_ASSESSOR, review.organisation_id)
    moderators = queries.people_with(Role.REVIEW_MODERATOR, review.organisation_id)
    number = pages.assessors_needed(review)
    form = people_form(number, assessors, moderators, pages.people_now(review))
    known = {one.id: one for one in (*assessors, *moderators)}
    if form.validate_on_submit() and form.applied(
        lambda: services.allocate(
            review,
            [known[form[f"assessor_{n}"].data] for n in range(1, number + 1)],
            known[form["assessor_1"].data],
            known[form.moderator.data],
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("They are named, and find the review under what needs them.", "done")
        return _back(review)
    return _page("allocate", review, form, number=number)


@bp.route("/<uuid:review_id>/steps", methods=["GET", "POST"])
@access(Permission.VIEW_REVIEW, review=review_for)
@writes
def note_step(review: ProviderReview) -> ResponseReturnValue:
    """Note a step that was taken elsewhere."""
    steps = pages.steps_to_note(review, signed_in_person())
    if not steps:
        raise NotAllowed("There is no step here for you to note.")
    form = NoteForm.of(steps)
    if form.validate_on_submit() and form.applied(
        services.note_step,
        review,
        form.code.data,
        form.words.data or "",
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("It is noted.", "done")
        return _back(review)
    return _page("note_step", review, form)


@bp.route("/<uuid:review_id>/withdrawal", methods=["GET", "POST"])
@access(Permission.MANAGE_REVIEW, review=review_for)
@writes
def withdraw(review: ProviderReview) -> ResponseReturnValue:
    """End a review without a report."""
    form = WithdrawForm()
    if form.validate_on_submit() and form.applied(
        services.withdraw, review, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash("The review is withdrawn.", "done")
        return _back(review)
    return _page("withdraw", review, form)


def _page(
    view: str, review: ProviderReview, form: PlumblineForm | PeopleForm, **shown: object
) -> ResponseReturnValue:
    page = render_template(
        f"epa/reviews/{view}.html", form=form, **shown, **pages.about(review, signed_in_person())
    )
    return page, 422 if form.errors else 200


def _back(review: ProviderReview) -> ResponseReturnValue:
    return redirect(url_for("reviews.show", review_id=review.id), 303)
