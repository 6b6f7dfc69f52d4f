"""The blueprint of people's pages, and what its three files share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from epa.database import db
from epa.people import queries
from epa.people.models import Organisation, Person
from epa.people.rules import Permission
from epa.web.forms import PlumblineForm

bp = Blueprint("people", __name__)

MANAGE: Final = Permission.MANAGE_PEOPLE
Word = TypeVar("Word", bound=StrEnum)


def word(kind: type[Word], name: str) -> Word | None:
    """The member of an enum that the address asks for by value, or None."""
    text = request.args.get(name)
    return next((one for one in kind if one.value == text), None)


def words() -> str:
    """What the address asks to search for, cut to what can be searched."""
    return request.args.get("q", "")[:200].replace("\0", "")


def offered(actor: Person, permission: Permission = MANAGE) -> list[Organisation]:
    """The organisations to choose from, by name."""
    found = queries.narrowed_organisations(queries.organisations(actor, permission), "", None)
    return list(db.session.scalars(found))


def organisation_of(organisation_id: UUID) -> Organisation:
    """An organisation that was chosen from those offered."""
    return db.session.get_one(Organisation, organisation_id)


def our_epao(actor: Person) -> Organisation:
    """The EPAO on whose behalf an administrator acts."""
    return organisation_of(min(queries.epao_ids(actor, MANAGE)))


def page(view: str, form: PlumblineForm, **values: Any) -> ResponseReturnValue:
    """A form's page: 200 to look at, 422 with something to put right."""
    status = 422 if request.method == "POST" else 200
    return render_template(f"epa/people/{view}.html", form=form, **values), status
