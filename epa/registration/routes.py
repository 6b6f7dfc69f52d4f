"""Registering one apprentice, inviting those who have no password, employers without a contact."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from epa.audit.services import note_export
from epa.clock import utc_now
from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person
from epa.people.rules import ROLE_TITLES, OrganisationKind, Permission
from epa.people.signed_in import signed_in_person
from epa.registration import queries, services
from epa.registration.forms import InviteForm, RegistrationForm
from epa.registration.rules import (
    INVITATION_TITLES,
    MOST_INVITED_AT_ONCE,
    InvitationState,
)
from epa.sign_in.queries import credential_of
from epa.sign_in.services import invite
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.filters import plural
from epa.web.pagination import count_of, page_of, page_of_rows
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("registration", __name__)

_PEOPLE: Final = ("family_name", "given_names", "email", "roles")
_EMPLOYERS: Final = ("name", "apprentices")


@bp.route("/apprentices/register", methods=["GET", "POST"])
@access(Permission.REGISTER_APPRENTICE)
@writes
def register() -> ResponseReturnValue:
    """Register one apprentice, then go to their record."""
    person = signed_in_person()
    form = _form(person)
    if form.validate_on_submit() and (assessment := _registered(form, person)):
        flash(f"{assessment.apprenticeship.person.name} is registered.", "done")
        return redirect(url_for("record.show", assessment_id=assessment.id))
    page = render_template(
        "epa/registration/register.html",
        form=form,
        existing=_existing(form, person),
        chooses_epao=len(form.epao.choices) > 1,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/apprentices/invitations", methods=["GET", "POST"])
@access(Permission.REGISTER_APPRENTICE)
@writes
def invitations() -> ResponseReturnValue:
    """Those who cannot sign in yet; invite one of them, or everybody on the list."""
    person, at, state = signed_in_person(), utc_now(), _state()
    found, form = queries.uninvited(person, state, at=at), InviteForm()
    if form.validate_on_submit() and (count := _invited(form, found, person)):
        flash(f"{plural(count, 'invitation')} will be sent.", "done")
        return redirect(url_for("registration.invitations", state=state), 303)
    page = render_template(
        "epa/registration/invitations.html",
        form=form,
        page=page_of(db.session(), found, request.args),
        state=state,
        titles=INVITATION_TITLES,
        roles=ROLE_TITLES,
        most=MOST_INVITED_AT_ONCE,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/apprentices/invitations.csv", defaults={"ending": "csv"})
@bp.get("/apprentices/invitations.xlsx", defaults={"ending": "xlsx"})
@access(Permission.REGISTER_APPRENTICE)
@writes_on_read
def export_invitations(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, at = signed_in_person(), utc_now()
    found = queries.uninvited(person, _state(), at=at)
    number = count_of(db.session(), found)
    note_export(person, "invitations", ending=ending, rows=number, at=at)
    rows = in_parts(db.session(), found, lambda part: map(_exported, part))
    return answer(Export("invitations", _PEOPLE, rows), ending)


def _exported(row: Person) -> tuple[str, ...]:
    held = [one for one in row.roles_held if one.ended_at is None]
    roles = (f"{ROLE_TITLES[one.role]}, {one.organisation.name}" for one in held)
    return row.family_name, row.given_names, row.email or "", "; ".join(roles)


@bp.get("/apprentices/employers-without-contact")
@access(Permission.REGISTER_APPRENTICE)
def employers_without_contact() -> ResponseReturnValue:
    """Employers for whom nobody can confirm anything."""
    rows = queries.employers_without_contact(signed_in_person())
    return render_template(
        "epa/registration/employers_without_contact.html", page=page_of_rows(rows, request.args)
    )


@bp.get("/apprentices/employers-without-contact.csv", defaults={"ending": "csv"})
@bp.get("/apprentices/employers-without-contact.xlsx", defaults={"ending": "xlsx"})
@access(Permission.REGISTER_APPRENTICE)
@writes_on_read
def export_employers(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    found = queries.employers_without_contact(person)
    what = "employers without a contact"
    note_export(person, what, ending=ending, rows=len(found), at=utc_now())
    rows = ((one.organisation.name, one.apprentices) for one in found)
    return answer(Export("employers-without-contact", _EMPLOYERS, rows), ending)


def _state() -> InvitationState:
    text = request.args.get("state", "")
    return InvitationState(text) if text in set(InvitationState) else InvitationState.NOT_INVITED


def _invited(form: InviteForm, found: Select[Person], person: Person) -> int:
    """How many were invited: one, or everybody found; 0 with the form saying why."""
    chosen = found.limit(MOST_INVITED_AT_ONCE)
    if not form.is_everybody:
        chosen = found.where(Person.id == form.chosen)
    invited = db.session.scalars(chosen).all()
    epao = queries.registering_for(person)[0]
    done = form.applied(services.invite_all, invited, epao=epao, actor=person, at=utc_now())
    return len(invited) if done else 0


def _form(person: Person) -> RegistrationForm:
    form = RegistrationForm()
    form.offer(
        queries.standards(),
        queries.registering_for(person),
        queries.organisations_of(OrganisationKind.EMPLOYER),
        queries.organisations_of(OrganisationKind.TRAINING_PROVIDER),
    )
    return form


def _registered(form: RegistrationForm, person: Person) -> EndPointAssessment | None:
    epao = next(one for one in queries.registering_for(person) if one.id == form.epao.data)
    made: list[EndPointAssessment] = []

    def register_it() -> None:
        at = utc_now()
        made.append(services.register(form.fields, epao=epao, actor=person, at=at))
        apprentice = made[0].apprenticeship.person
        if apprentice.email and credential_of(apprentice) is None:
            invite(apprentice, organisation=epao, actor=person, at=at)

    return made[0] if form.applied(register_it) else None


def _existing(form: RegistrationForm, person: Person) -> EndPointAssessment | None:
    """The record that stands in the way, if this person may open it."""
    if not form.uln.errors or not form.employer_id.data or form.date_of_birth.data is None:
        return None
    plan = next((one for one in queries.standards() if one.code == form.standard.data), None)
    if plan is None or not form.uln.data:
        return None
    found = queries.open_registration(form.fields, plan.standard_reference)
    return found if queries.within_reach(person, found) else None
