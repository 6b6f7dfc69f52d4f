"""The administrators' pages over organisations: their own, and every client."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.people import forms, queries, services
from epa.people.blueprint import MANAGE, bp, page, word, words
from epa.people.models import Organisation
from epa.people.rules import (
    KIND_TITLES,
    ROLE_BELONGS_TO,
    ROLE_TITLES,
    OrganisationKind,
    Permission,
    Role,
)
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read


@bp.get("/organisations")
@access(MANAGE)
def organisations() -> ResponseReturnValue:
    """One's own organisation and every client."""
    kind = word(OrganisationKind, "kind")
    found = queries.narrowed_organisations(
        queries.organisations(signed_in_person(), MANAGE), words(), kind
    )
    return render_template(
        "epa/people/organisations.html",
        page=page_of(db.session(), found, request.args),
        words=words(),
        kind=kind,
        kinds=KIND_TITLES,
    )


@bp.get("/organisations.csv", defaults={"ending": "csv"})
@bp.get("/organisations.xlsx", defaults={"ending": "xlsx"})
@access(MANAGE)
@writes_on_read
def export_organisations(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    found = queries.narrowed_organisations(
        queries.organisations(person, MANAGE), words(), word(OrganisationKind, "kind")
    )
    number = count_of(db.session(), found)
    note_export(person, "organisations", ending=ending, rows=number, at=utc_now())
    rows = db.session.scalars(found.execution_options(yield_per=ROWS_AT_ONCE))
    head = ("name", "kinds", "ukprn", "added")
    return answer(Export("organisations", head, map(_exported, rows)), ending)


def _exported(row: Organisation) -> tuple[str, ...]:
    kinds = "; ".join(sorted(KIND_TITLES[kind] for kind in row.kinds))
    return row.name, kinds, row.ukprn or "", london_date(row.created_at).isoformat()


@bp.route("/organisations/new", methods=["GET", "POST"])
@access(MANAGE)
@writes
def add_organisation() -> ResponseReturnValue:
    """Add a client organisation."""
    form = forms.OrganisationForm()
    if form.validate_on_submit() and form.applied(
        lambda: services.add_organisation(form.fields, actor=signed_in_person(), at=utc_now())
    ):
        flash(f"{form.fields.name} is added.", "done")
        return redirect(url_for("people.organisations"), 303)
    return page("add_organisation", form)


@bp.get("/organisations/<uuid:organisation_id>")
@access(MANAGE, organisation=queries.organisation_for)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    """One organisation and its people."""
    actor = signed_in_person()
    return render_template(
        "epa/people/organisation.html",
        organisation=organisation,
        contacts=queries.contacts_of(organisation, queries.people(actor, MANAGE)),
        kinds=sorted(KIND_TITLES[kind] for kind in organisation.kinds),
        roles=ROLE_TITLES,
        has_client_data=bool(organisation.kinds & ROLE_BELONGS_TO[Role.PROVIDER_QUALITY_LEAD])
        and actor.may(Permission.VIEW_CLIENT_DATA),
        is_ours=queries.our_organisation_for(actor, MANAGE, organisation.id) is not None,
    )


@bp.route("/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@access(MANAGE, organisation=queries.our_organisation_for)
@writes
def edit_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Change an organisation's name, kinds or UKPRN."""
    form = forms.OrganisationForm(obj=organisation)
    form.kinds.optional = OrganisationKind.EPAO in organisation.kinds
    if form.validate_on_submit() and form.applied(
        lambda: services.edit_organisation(
            organisation,
            form.fields_for(organisation),
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("The changes are kept.", "done")
        return redirect(url_for("people.organisation", organisation_id=organisation.id), 303)
    return page("edit_organisation", form, organisation=organisation)
