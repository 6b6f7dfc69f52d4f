"""Conflicts of interest: declared, scrutinised by somebody else, ended."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.people import forms, queries, services
from epa.people.blueprint import MANAGE, bp, offered, organisation_of, page
from epa.people.models import ConflictOfInterest, Person
from epa.people.rules import CONFLICT_TITLES, Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read

_COLUMNS: Final = (
    *("who", "with", "kind", "description", "declared_by", "declared"),
    *("scrutinised", "scrutiny", "ended"),
)


@bp.get("/conflicts")
@access(Permission.USE_PLUMBLINE)
def conflicts() -> ResponseReturnValue:
    """One's own conflicts of interest, and those one manages or scrutinises."""
    person = signed_in_person()
    return render_template(
        "epa/people/conflicts.html",
        page=page_of(db.session(), queries.conflicts(person), request.args),
        conflict_titles=CONFLICT_TITLES,
        may_declare=person.may(Permission.DECLARE_CONFLICT),
        may_scrutinise=person.may(Permission.SCRUTINISE_CONFLICT),
        may_manage=person.may(MANAGE),
        me=person,
    )


@bp.get("/conflicts.csv", defaults={"ending": "csv"})
@bp.get("/conflicts.xlsx", defaults={"ending": "xlsx"})
@access(Permission.USE_PLUMBLINE)
@writes_on_read
def export_conflicts(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    found = queries.conflicts(person)
    number = count_of(db.session(), found)
    note_export(person, "conflicts of interest", ending=ending, rows=number, at=utc_now())
    rows = in_parts(db.session(), found, lambda part: map(_exported, part))
    return answer(Export("conflicts", _COLUMNS, rows), ending)


def _exported(row: ConflictOfInterest) -> tuple[str, ...]:
    scrutinised = london_date(row.scrutinised_at).isoformat() if row.scrutinised_at else ""
    return (
        row.person.name,
        row.with_whom,
        CONFLICT_TITLES[row.kind],
        row.description,
        row.declared_by.name,
        london_date(row.declared_at).isoformat(),
        scrutinised,
        row.scrutiny or "",
        row.ended_on.isoformat() if row.ended_on else "",
    )


@bp.route("/conflicts/new", methods=["GET", "POST"])
@access(Permission.DECLARE_CONFLICT)
@writes
def declare_conflict() -> ResponseReturnValue:
    """Declare a conflict of one's own."""
    person = signed_in_person()
    return _declare(person, person, url_for("people.conflicts"))


@bp.route("/people/<uuid:person_id>/conflicts/new", methods=["GET", "POST"])
@access(MANAGE, person=queries.person_for)
@writes
def record_conflict(person: Person) -> ResponseReturnValue:
    """Record a conflict of somebody else."""
    back = url_for("people.show", person_id=person.id)
    return _declare(person, signed_in_person(), back)


def _declare(person: Person, actor: Person, back: str) -> ResponseReturnValue:
    form, permission = forms.ConflictForm(), Permission.DECLARE_CONFLICT
    form.offer(offered(actor, permission))
    if form.validate_on_submit() and form.applied(_declared, person, form, actor):
        flash("The conflict is recorded.", "done")
        return redirect(back, 303)
    return page("declare_conflict", form, person=person, is_own=person is actor, back=back)


def _declared(person: Person, form: forms.ConflictForm, actor: Person) -> None:
    other = None
    if form.email.data:
        other = queries.person_with_address(actor, Permission.DECLARE_CONFLICT, form.email.data)
        if other is None:
            raise RuleBroken(
                "unknown-person", "Nobody here has this email address; ask who they are", "email"
            )
    chosen = form.organisation.data
    declared = services.Declaration(
        form.kind.data, form.description.data, other, organisation_of(chosen) if chosen else None
    )
    services.declare_conflict(person, declared, actor=actor, at=utc_now())


@bp.route("/conflicts/<uuid:conflict_id>/scrutiny", methods=["GET", "POST"])
@access(Permission.SCRUTINISE_CONFLICT, conflict=queries.open_conflict_for)
@writes
def scrutinise_conflict(conflict: ConflictOfInterest) -> ResponseReturnValue:
    """Say why somebody else's conflict need not stand in the way."""
    form = forms.ScrutinyForm()
    if form.validate_on_submit() and form.applied(
        lambda: services.scrutinise_conflict(
            conflict, form.reason.data, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("Your scrutiny is recorded; the conflict no longer stands in the way.", "done")
        return redirect(url_for("people.conflicts"), 303)
    return page("scrutinise_conflict", form, conflict=conflict, titles=CONFLICT_TITLES)


@bp.route("/conflicts/<uuid:conflict_id>/end", methods=["GET", "POST"])
@access(MANAGE, conflict=queries.open_conflict_for)
@writes
def end_conflict(conflict: ConflictOfInterest) -> ResponseReturnValue:
    """Record the day from which a conflict no longer holds."""
    form, at = forms.EndConflictForm(), utc_now()
    form.on.latest = london_date(at)
    if form.validate_on_submit() and form.applied(
        lambda: services.end_conflict(conflict, on=form.on.data, actor=signed_in_person(), at=at)
    ):
        flash("The end of the conflict is recorded.", "done")
        return redirect(url_for("people.conflicts"), 303)
    return page("end_conflict", form, conflict=conflict, titles=CONFLICT_TITLES)
