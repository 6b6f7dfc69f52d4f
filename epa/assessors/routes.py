"""Who may assess, until when, and one's own availability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from epa.assessors import queries, services
from epa.assessors.forms import (
    AwayForm,
    CompetenceForm,
    EndCompetenceForm,
    HoursForm,
    StandardisationForm,
)
from epa.assessors.models import AvailabilitySlot, Competence
from epa.assessors.rules import STANDARDISATION_TITLES, WEEKDAYS
from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.lifecycle.definitions import latest
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import ROLE_TITLES, Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.forms import PlumblineForm
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("assessors", __name__)

_MANAGE = Permission.MANAGE_ASSESSORS
_STANDARDS = ("st0663",)
_COLUMNS: Final = (
    *("family_name", "given_names", "roles", "competent", "competent_until"),
    "standardised_until",
)


@bp.get("/assessors")
@access(_MANAGE)
def index() -> ResponseReturnValue:
    """Everybody who assesses, marks or invigilates, and until when they may."""
    today = london_date(utc_now())
    found = page_of(db.session(), queries.assessors(signed_in_person(), _MANAGE), request.args)
    return render_template(
        "epa/assessors/index.html",
        page=found,
        rows=queries.standings(found.rows, _epao_id(), on=today),
        roles=ROLE_TITLES,
        today=today,
    )


@bp.get("/assessors.csv", defaults={"ending": "csv"})
@bp.get("/assessors.xlsx", defaults={"ending": "xlsx"})
@access(_MANAGE)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, at = signed_in_person(), utc_now()
    found = queries.assessors(person, _MANAGE)
    number = count_of(db.session(), found)
    note_export(person, "assessors", ending=ending, rows=number, at=at)
    rows = in_parts(db.session(), found, lambda part: _exported(part, london_date(at)))
    return answer(Export("assessors", _COLUMNS, rows), ending)


def _exported(part: Sequence[Person], today: date) -> Iterator[tuple[str, ...]]:
    for one in queries.standings(part, _epao_id(), on=today):
        yield (
            one.person.family_name,
            one.person.given_names,
            "; ".join(ROLE_TITLES[role] for role in one.roles),
            "yes" if one.is_competent else "no",
            one.competent_until.isoformat() if one.competent_until else "",
            one.standardised_until.isoformat() if one.standardised_until else "",
        )


@bp.get("/assessors/<uuid:assessor_id>")
@access(_MANAGE, assessor=queries.assessor_for)
def show(assessor: Person) -> ResponseReturnValue:
    """What one person is competent for, every standardisation, and when they can be booked."""
    epao_id, today = _epao_id(), london_date(utc_now())
    attended = queries.standardisations([assessor.id], epao_id).get(assessor.id, [])
    return render_template(
        "epa/assessors/show.html",
        person=assessor,
        standing=queries.standings([assessor], epao_id, on=today)[0],
        competences=queries.competences([assessor.id], epao_id).get(assessor.id, []),
        attended=[(one, queries.last_valid_day(one)) for one in attended],
        slots=queries.availability([assessor.id]).get(assessor.id, []),
        kinds=STANDARDISATION_TITLES,
        weekdays=WEEKDAYS,
        standards=dict(_standards()),
        today=today,
    )


@bp.route("/assessors/<uuid:assessor_id>/competence", methods=["GET", "POST"])
@access(_MANAGE, assessor=queries.assessor_for)
@writes
def record_competence(assessor: Person) -> ResponseReturnValue:
    """Record what somebody is competent to assess."""
    form = CompetenceForm()
    form.framework.choices = _standards()
    if form.validate_on_submit() and form.applied(
        lambda: services.record_competence(
            assessor, _epao_id(), form.fields, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("The competence is recorded.", "done")
        return _to(assessor)
    return _page("competence", form, person=assessor)


@bp.route("/assessors/<uuid:assessor_id>/standardisation", methods=["GET", "POST"])
@access(_MANAGE, assessor=queries.assessor_for)
@writes
def record_standardisation(assessor: Person) -> ResponseReturnValue:
    """Record that somebody took part in a standardisation."""
    form, at = StandardisationForm(), utc_now()
    form.framework.choices = _standards()
    form.attended_on.latest = london_date(at)
    if form.validate_on_submit() and form.applied(
        lambda: services.record_standardisation(
            assessor,
            _epao_id(),
            services.Attendance(form.framework.data, form.kind.data, form.attended_on.data),
            actor=signed_in_person(),
            at=at,
        )
    ):
        flash("The standardisation is recorded.", "done")
        return _to(assessor)
    return _page("standardisation", form, person=assessor)


@bp.route("/competences/<uuid:competence_id>/end", methods=["GET", "POST"])
@access(_MANAGE, competence=queries.competence_for)
@writes
def end_competence(competence: Competence) -> ResponseReturnValue:
    """Say on which day a competence ends."""
    form = EndCompetenceForm()
    if form.validate_on_submit() and form.applied(
        lambda: services.end_competence(
            competence, form.last_day.data, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("The end of the competence is recorded.", "done")
        return _to(competence.person)
    return _page("end_competence", form, person=competence.person, competence=competence)


@bp.get("/availability")
@access(Permission.KEEP_AVAILABILITY)
def availability() -> ResponseReturnValue:
    """When one can be booked, and when one is away."""
    person = signed_in_person()
    return render_template(
        "epa/assessors/availability.html",
        slots=queries.availability([person.id]).get(person.id, []),
        weekdays=WEEKDAYS,
    )


@bp.route("/availability/hours", methods=["GET", "POST"])
@access(Permission.KEEP_AVAILABILITY)
@writes
def give_hours() -> ResponseReturnValue:
    """Say at which hours of the week one can be booked."""
    person, at = signed_in_person(), utc_now()
    form = HoursForm.starting(london_date(at))
    if form.validate_on_submit() and form.applied(
        lambda: services.give_hours(
            person,
            tuple(form.weekdays.data),
            (form.starts.data, form.ends.data),
            (form.first_on.data, form.last_on.data),
            actor=person,
            at=at,
        )
    ):
        flash("Your hours are kept. Dates are looked for within them.", "done")
        return redirect(url_for("assessors.availability"), 303)
    return _page("hours", form)


@bp.route("/availability/away", methods=["GET", "POST"])
@access(Permission.KEEP_AVAILABILITY)
@writes
def give_days_away() -> ResponseReturnValue:
    """Say on which days one cannot be booked."""
    person, form = signed_in_person(), AwayForm()
    if form.validate_on_submit() and form.applied(
        services.give_days_away,
        person,
        form.first_on.data,
        form.last_on.data,
        actor=person,
        at=utc_now(),
    ):
        flash("Your days away are kept. What is booked already stays.", "done")
        return redirect(url_for("assessors.availability"), 303)
    return _page("away", form)


@bp.post("/availability/<uuid:slot_id>/removal")
@access(Permission.KEEP_AVAILABILITY, slot=queries.own_slot_for)
@writes
def take_back(slot: AvailabilitySlot) -> ResponseReturnValue:
    """Take hours or days away back."""
    services.take_back(slot, actor=signed_in_person(), at=utc_now())
    flash("It is taken back. What is booked stays.", "done")
    return redirect(url_for("assessors.availability"), 303)


def _epao_id() -> UUID:
    """The EPAO for which records are kept."""
    return min(epao_ids(signed_in_person(), _MANAGE))


def _standards() -> list[tuple[str, str]]:
    return [(code, latest(code).title) for code in _STANDARDS]


def _to(person: Person) -> Response:
    return redirect(url_for("assessors.show", assessor_id=person.id), 303)


def _page(view: str, form: PlumblineForm, **shown: object) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_template(f"epa/assessors/{view}.html", form=form, **shown), status
