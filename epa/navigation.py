"""What every template is given: the product's words, who is signed in, and their sections."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from epa.people.models import Person
from epa.people.rules import ROLE_TITLES, OrganisationKind, Permission, Role


@dataclass(frozen=True)
class Section:
    """One entry of the masthead."""

    title: str
    url: str
    is_current: bool


# Title, endpoint, permission, and the blueprints that belong under it. At most eight are shown.
# What belongs under two stands under the later one, for those who have both.
SECTIONS: Final[tuple[tuple[str, str, Permission, frozenset[str]], ...]] = (
    ("What needs you", "home.show", Permission.USE_PLUMBLINE, frozenset({"home"})),
    (
        "Apprentices",
        "record.index",
        Permission.LIST_ASSESSMENTS,
        frozenset(
            {
                "record",
                "registration",
                "gateway",
                "portfolio",
                "presentation",
                "observation",
                "knowledge_test",
                "booking",
                "grading",
                "reports",
            }
        ),
    ),
    (
        "Bookings",
        "booking.index",
        Permission.VIEW_BOOKINGS,
        frozenset({"booking", "knowledge_test", "diary", "rooms", "assessors", "invigilation"}),
    ),
    ("Results", "grading.index", Permission.RELEASE_RESULTS, frozenset({"grading", "reports"})),
    ("People", "people.index", Permission.MANAGE_PEOPLE, frozenset({"people"})),
    ("Mail", "outbox.index", Permission.READ_OUTBOX, frozenset({"outbox"})),
    ("Audit log", "audit_log.index", Permission.READ_AUDIT_LOG, frozenset({"audit_log"})),
)


def give_templates_their_words(app: Flask) -> None:
    """Add to every template: label, product, organisation_name, signed_in, sections, search_url, sign_out_url."""
    label = SimpleNamespace(**app.config["LABELS"])

    @app.context_processor
    def words() -> dict[str, Any]:
        person = current_user.person if current_user.is_authenticated else None
        return {
            "label": label,
            "product": current_app.config["PRODUCT"],
            "organisation_name": _organisation(person),
            "organisation_is_epao": _is_epao(person),
            "signed_in": _signed_in(person),
            "sections": _sections(person),
            "search_url": None,
            "home_url": "/",
            "sign_out_url": "/sign-out",
            "footer_links": _footer(person),
        }


def _footer(person: Person | None) -> list[dict[str, str]]:
    if person is None:
        return []
    return [
        {"title": "Your account", "url": url_for("sign_in.account")},
        {"title": "Your dates in another calendar", "url": url_for("diary.feed")},
    ]


def _organisation(person: Person | None) -> str:
    roles = person.current_roles if person else []
    return roles[0].organisation.name if roles else ""


def _is_epao(person: Person | None) -> bool:
    roles = person.current_roles if person else []
    return bool(roles) and OrganisationKind.EPAO in roles[0].organisation.kinds


def _signed_in(person: Person | None) -> SimpleNamespace | None:
    if person is None:
        return None
    titles = sorted(ROLE_TITLES[role].lower() for role in person.roles)
    return SimpleNamespace(name=person.name, role_title=", ".join(titles))


def _sections(person: Person | None) -> list[Section]:
    if person is None:
        return []
    own = person.roles == {Role.APPRENTICE}
    offered = [one for one in SECTIONS if person.may(one[2])]
    here = [endpoint for _, endpoint, _, under in offered if request.blueprint in under]
    return [
        Section(
            "Your record" if own and endpoint == "record.index" else title,
            url_for(endpoint),
            here[-1:] == [endpoint],
        )
        for title, endpoint, _permission, _blueprints in offered
    ]
