"""The administrators' pages of settings, and the logo that everybody sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.files import services as files
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.settings import forms, queries, services
from epa.settings.rules import Setting, SettingGroup, SettingKind
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.transaction import writes

bp = Blueprint("settings", __name__, url_prefix="/settings")
_LATEST: Final = 10


@bp.get("")
@access(Permission.MANAGE_SETTINGS)
def index() -> ResponseReturnValue:
    """Every group, with what is set in it."""
    values = queries.current()
    return render_template(
        "epa/settings/index.html",
        groups=[
            (group, [(one, shown(one, values[one.name])) for one in group.setting])
            for group in queries.all_groups()
        ],
    )


@bp.route("/<group>", methods=["GET", "POST"])
@access(Permission.MANAGE_SETTINGS)
@writes
def edit(group: str) -> ResponseReturnValue:
    """The settings of one group."""
    chosen = next((one for one in queries.all_groups() if one.name == group), None) or abort(404)
    names = [one.name for one in chosen.setting]
    form = forms.form_of(chosen, dict(queries.current()), queries.last_version(names))
    if form.validate_on_submit() and form.applied(
        _change, chosen, form, actor=signed_in_person(), at=utc_now()
    ):
        flash("What you set is kept, and holds from now on.", "done")
        return redirect(url_for("settings.index"), 303)
    if form.form_errors:  # somebody else was first: shown once, then it may be saved
        form.seen.data = str(queries.last_version(names))
    page = render_template(
        "epa/settings/edit.html",
        form=form,
        group=chosen,
        history=[
            (row, shown(queries.schema()[row.name], row.value), queries.schema()[row.name])
            for row in queries.history(names, _LATEST)
        ],
    )
    return page, 422 if request.method == "POST" else 200


def _change(group: SettingGroup, form: forms.SettingsForm, *, actor: Person, at: datetime) -> None:
    values = {
        one.name: _given(one, form, actor, at)
        for one in group.setting
        if one.kind is not SettingKind.PICTURE or _touches(one, form)
    }
    if values:
        services.change(values, seen=form.seen_number, actor=actor, at=at)


def _touches(one: Setting, form: forms.SettingsForm) -> bool:
    remove = form._fields.get(forms.REMOVE + one.name)
    return bool(form[one.name].data) or bool(remove is not None and remove.data)


def _given(one: Setting, form: forms.SettingsForm, actor: Person, at: datetime) -> Any:
    field = form[one.name]
    if one.kind is not SettingKind.PICTURE:
        return field.data if field.data is not None else ""
    return str(files.store(field.checked, actor=actor, at=at).id) if field.data else ""


@bp.get("/logo/picture")
@access(Permission.USE_PLUMBLINE)
def logo() -> ResponseReturnValue:
    """The logo at the top of every page."""
    file = queries.logo() or abort(404)
    return attachment(
        files.opened(file), name=file.name, content_type=file.content_type, size=file.size
    )


def shown(one: Setting, value: Any) -> str:
    """A setting's value in words."""
    if one.kind is SettingKind.SWITCH:
        return "On" if value else "Off"
    if one.kind is SettingKind.NUMBER:
        return f"{value} {one.unit}".rstrip()
    if one.kind is SettingKind.PICTURE:
        return "There is one" if value else "None"
    return value or "As it comes"
