"""The administrators' pages over people: who they are, their roles, their accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.people import conflict_routes as conflict_routes  # noqa: PLC0414 (importing adds its pages)
from epa.people import forms, queries, services
from epa.people import organisation_routes as organisation_routes  # noqa: PLC0414 (the same)
from epa.people.blueprint import MANAGE, bp, offered, organisation_of, our_epao, page, word, words
from epa.people.models import ConflictOfInterest, Person, RoleAssignment
from epa.people.rules import (
    CONFLICT_TITLES,
    KIND_TITLES,
    ROLE_TITLES,
    OrganisationKind,
    Permission,
    Role,
)
from epa.people.signed_in import signed_in_person
from epa.sign_in import queries as accounts
from epa.sign_in import services as sign_in
from epa.sign_in.models import Credential
from epa.web.access import access
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.filters import date_words
from epa.web.pagination import Sorting, count_of, page_of
from epa.web.transaction import writes, writes_on_read

people = bp
_SORTS: Final = ("name", "email", "added")
# How each order is said, forwards and backwards.
_ORDER_WORDS: Final = {
    "name": ("name, A first", "name, Z first"),
    "email": ("email address, A first", "email address, Z first"),
    "added": ("when they were added, the earliest first", "when they were added, the latest first"),
}


@bp.get("/people")
@access(MANAGE)
def index() -> ResponseReturnValue:
    """Everybody within reach: search, filter, sort."""
    by, sorting = _filter(), Sorting.from_args(request.args, _SORTS)
    found = queries.narrowed(queries.people(signed_in_person(), MANAGE), by)
    ordered = queries.ordered(found, sorting.key, descending=sorting.descending)
    return render_template(
        "epa/people/index.html",
        page=page_of(db.session(), ordered, request.args),
        sorting=sorting,
        order_words=_ORDER_WORDS[sorting.key][sorting.descending],
        by=by,
        roles=ROLE_TITLES,
        kinds=KIND_TITLES,
    )


@bp.get("/people.csv", defaults={"ending": "csv"})
@bp.get("/people.xlsx", defaults={"ending": "xlsx"})
@access(MANAGE)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    found = queries.narrowed(queries.people(person, MANAGE), _filter())
    note_export(person, "people", ending=ending, rows=count_of(db.session(), found), at=utc_now())
    rows = db.session.scalars(
        queries.ordered(found, "name", descending=False).execution_options(yield_per=ROWS_AT_ONCE)
    )
    head = ("given_names", "family_name", "email", "roles", "added", "disabled")
    return answer(Export("people", head, map(_exported, rows)), ending)


def _exported(row: Person) -> tuple[str, ...]:
    roles = "; ".join(f"{ROLE_TITLES[h.role]}, {h.organisation.name}" for h in row.current_roles)
    disabled = london_date(row.disabled_at).isoformat() if row.disabled_at else ""
    added = london_date(row.created_at).isoformat()
    return row.given_names, row.family_name, row.email or "", roles, added, disabled


def _filter() -> queries.PeopleFilter:
    state = request.args.get("state")
    return queries.PeopleFilter(
        words=words(),
        role=word(Role, "role"),
        kind=word(OrganisationKind, "kind"),
        is_disabled={"enabled": False, "disabled": True}.get(state or ""),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@access(MANAGE)
@writes
def invite() -> ResponseReturnValue:
    """Add a person with a first role and send an invitation."""
    form, actor, at = forms.InvitationForm(), signed_in_person(), utc_now()
    form.offer(offered(actor))
    if form.validate_on_submit() and form.applied(_add_and_invite, form, actor, at):
        flash(f"{form.fields.given_names} is added, and an invitation is on its way.", "done")
        return redirect(url_for("people.index"), 303)
    return page("invite", form)


def _add_and_invite(form: forms.InvitationForm, actor: Person, at: datetime) -> None:
    organisation = organisation_of(form.organisation.data)
    person = services.add_person(
        form.fields, role=form.role.data, organisation=organisation, actor=actor, at=at
    )
    sign_in.invite(person, organisation=our_epao(actor), actor=actor, at=at)


@bp.get("/people/<uuid:person_id>")
@access(MANAGE, person=queries.person_for)
def show(person: Person) -> ResponseReturnValue:
    """One person: roles, account, conflicts."""
    actor, credential = signed_in_person(), accounts.credential_of(person)
    found = queries.conflicts(actor).where(ConflictOfInterest.person_id == person.id)
    is_ours = queries.ours_for(actor, MANAGE, person.id) is not None
    has_second_factor = credential is not None and credential.totp_confirmed_at is not None
    return render_template(
        "epa/people/show.html",
        person=person,
        known=_known(person, credential, has_second_factor=has_second_factor),
        roles=ROLE_TITLES,
        endable={held.id for held in person.roles_held if queries.role_for(actor, MANAGE, held.id)},
        conflicts=db.session.scalars(found).all(),
        conflict_titles=CONFLICT_TITLES,
        may_scrutinise=actor.may(Permission.SCRUTINISE_CONFLICT),
        may_manage=True,
        me=actor,
        is_ours=is_ours,
        is_oneself=person.id == actor.id,
        may_resend=credential is None and person.disabled_at is None and bool(person.email),
        may_reset=has_second_factor and person.id != actor.id,
    )


def _known(
    person: Person, credential: Credential | None, *, has_second_factor: bool
) -> list[dict[str, str]]:
    return [
        {"label": "Email address", "value": person.email or "none"},
        {"label": "Added", "value": date_words(person.created_at)},
        {"label": "Account", "value": _account_state(person, credential)},
        {"label": "Second step", "value": "Set up" if has_second_factor else "Not set up"},
    ]


def _account_state(person: Person, credential: Credential | None) -> str:
    if credential is not None:
        return f"Password set on {date_words(credential.password_changed_at)}"
    link = accounts.newest_link(person)
    if link is None:
        return "Not invited yet"
    if link.used_at is not None or link.expires_at <= utc_now():
        return f"Invited on {date_words(link.created_at)}; that link no longer works"
    return f"Invited; the link is good until {date_words(link.expires_at)}"


@bp.route("/people/<uuid:person_id>/edit", methods=["GET", "POST"])
@access(MANAGE, person=queries.ours_for)
@writes
def edit(person: Person) -> ResponseReturnValue:
    """Change names or address."""
    form = forms.PersonForm(obj=person)
    if form.validate_on_submit() and form.applied(_edit, person, form, signed_in_person()):
        flash("The changes are kept.", "done")
        return _to(person)
    return page("edit", form, person=person)


def _edit(person: Person, form: forms.PersonForm, actor: Person) -> None:
    at = utc_now()
    if services.edit_person(person, form.fields, actor=actor, at=at):
        sign_in.withdraw_links(person, at=at)
        if person.id != actor.id:
            sign_in.end_sessions(person, actor=actor, at=at)


@bp.route("/people/<uuid:person_id>/roles", methods=["GET", "POST"])
@access(MANAGE, person=queries.person_for)
@writes
def grant_role(person: Person) -> ResponseReturnValue:
    """Give a person another role."""
    form, actor = forms.RoleForm(), signed_in_person()
    form.offer(offered(actor))
    if form.validate_on_submit() and form.applied(_grant, person, form, actor):
        flash("The role is given.", "done")
        return _to(person)
    return page("grant_role", form, person=person)


def _grant(person: Person, form: forms.RoleForm, actor: Person) -> None:
    organisation = organisation_of(form.organisation.data)
    services.grant_role(
        person, form.role.data, organisation=organisation, actor=actor, at=utc_now()
    )


@bp.post("/people/roles/<uuid:role_id>/end")
@access(MANAGE, role=queries.role_for)
@writes
def end_role(role: RoleAssignment) -> ResponseReturnValue:
    """End a role."""
    services.end_role(role, actor=signed_in_person(), at=utc_now())
    flash("The role is ended.", "done")
    return _to(role.person)


@bp.post("/people/<uuid:person_id>/disable")
@access(MANAGE, person=queries.ours_for)
@writes
def disable(person: Person) -> ResponseReturnValue:
    """Shut a person out at once."""
    actor, at = signed_in_person(), utc_now()
    services.disable(person, actor=actor, at=at)
    sign_in.end_sessions(person, actor=actor, at=at)
    sign_in.withdraw_links(person, at=at)
    flash(f"{person.name} is disabled and signed out everywhere.", "done")
    return _to(person)


@bp.post("/people/<uuid:person_id>/enable")
@access(MANAGE, person=queries.ours_for)
@writes
def enable(person: Person) -> ResponseReturnValue:
    """Let a person in again."""
    services.enable(person, actor=signed_in_person(), at=utc_now())
    flash(f"{person.name} can sign in again.", "done")
    return _to(person)


@bp.post("/people/<uuid:person_id>/invitation")
@access(MANAGE, person=queries.ours_for)
@writes
def resend(person: Person) -> ResponseReturnValue:
    """Send another invitation; the one before no longer works."""
    actor = signed_in_person()
    sign_in.invite(person, organisation=our_epao(actor), actor=actor, at=utc_now())
    flash("Another invitation is on its way; the one before no longer works.", "done")
    return _to(person)


@bp.post("/people/<uuid:person_id>/second-factor")
@access(MANAGE, person=queries.ours_for)
@writes
def reset_second_factor(person: Person) -> ResponseReturnValue:
    """Take a lost second factor off."""
    sign_in.reset_second_factor(person, actor=signed_in_person(), at=utc_now())
    flash("The second factor is off; the next sign-in sets up another.", "done")
    return _to(person)


def _to(person: Person) -> ResponseReturnValue:
    return redirect(url_for("people.show", person_id=person.id), 303)
