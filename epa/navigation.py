"""What every template is given: the words of the interface, who is signed in, and their sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from flask import Flask, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from epa.database import db
from epa.people import signed_in
from epa.people.rules import ROLE_TITLES, Permission, Role
from epa.people.signed_in import Viewer
from epa.settings import queries as settings
from epa.web.addresses import address_of


@dataclass(frozen=True)
class Section:
    """One entry of the masthead."""

    title: str
    url: str
    is_current: bool


# Title, endpoint, permission, and the blueprints that belong under it. Whatever is beyond the eight
# that are shown stands at the foot.
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
                "imports",
                "changes",
                "gateway",
                "portfolio",
                "presentation",
                "material",
                "observation",
                "knowledge_test",
                "booking",
                "grading",
                "resits",
                "reports",
                "case_notes",
                "adjustments",
            }
        ),
    ),
    (
        "Bookings",
        "booking.index",
        Permission.VIEW_BOOKINGS,
        frozenset({"booking", "knowledge_test", "diary", "rooms", "assessors", "invigilation"}),
    ),
    (
        "Marking",
        "answer_marking.index",
        Permission.MARK_ANSWERS,
        frozenset({"answer_marking"}),
    ),
    (
        "Results",
        "grading.index",
        Permission.RELEASE_RESULTS,
        frozenset({"grading", "reports", "resits"}),
    ),
    ("Figures", "figures.show", Permission.VIEW_FIGURES, frozenset({"figures"})),
    ("People", "people.index", Permission.MANAGE_PEOPLE, frozenset({"people"})),
    (
        "Questions",
        "items.index",
        Permission.VIEW_ITEMS,
        frozenset({"items", "exchange", "papers", "responses"}),
    ),
    (
        "Reviews",
        "reviews.index",
        Permission.VIEW_REVIEW,
        frozenset(
            {
                "reviews",
                "self_assessment",
                "external_assessment",
                "review_reports",
                "improvement",
            }
        ),
    ),
    ("Audit log", "audit_log.index", Permission.READ_AUDIT_LOG, frozenset({"audit_log"})),
)
_MOST_SECTIONS: Final = 8

# What is seldom needed stands at the foot of every page.
_FOOTER: Final[tuple[tuple[str, str, Permission], ...]] = (
    ("Client data", "client_data.index", Permission.VIEW_CLIENT_DATA),
    ("Requests for adjustments", "adjustments.index", Permission.DECIDE_ADJUSTMENTS),
    ("Marking of tests", "answer_marking.progress", Permission.VIEW_UNRELEASED_RESULTS),
    ("Mail", "outbox.index", Permission.READ_OUTBOX),
    ("Settings", "settings.index", Permission.MANAGE_SETTINGS),
    ("Wording packs", "wording.index", Permission.MANAGE_WORDING),
)


def give_templates_their_words(app: Flask) -> None:
    """Add to every template: label, product, organisation_name, signed_in, sections, addresses."""

    @app.context_processor
    def words() -> dict[str, Any]:
        viewer = signed_in.viewer()
        return {
            "label": SimpleNamespace(**_labels()),
            "product": current_app.config["PRODUCT"],
            "organisation_name": viewer.organisation if viewer else "",
            "organisation_is_epao": viewer is not None and viewer.is_of_epao,
            "signed_in": _signed_in(viewer),
            "sections": _sections(viewer),
            "search_url": address_of("search.find") if viewer else None,
            "home_url": "/",
            "sign_out_url": "/sign-out",
            "logo_url": _logo_url(viewer),
            "footer_links": _footer(viewer),
        }


def _labels() -> Mapping[str, str]:
    """The words as they are set; as they come where the database is what went wrong."""
    try:
        return settings.labels()
    except SQLAlchemyError:
        db.session.rollback()
        words: dict[str, str] = current_app.config["LABELS"]
        return words


def _logo_url(viewer: Viewer | None) -> str | None:
    """Where the logo is; its number in the address lets a browser ask for a new one."""
    return url_for("settings.logo", of=settings.value("logo")) if _has_logo(viewer) else None


def _has_logo(viewer: Viewer | None) -> bool:
    return viewer is not None and bool(settings.value("logo"))


def _footer(viewer: Viewer | None) -> list[dict[str, str]]:
    if viewer is None:
        return []
    offered = [
        ("Your account", "sign_in.account", Permission.USE_PLUMBLINE),
        ("Your dates in another calendar", "diary.feed", Permission.USE_PLUMBLINE),
        *(one[:3] for one in _offered(viewer)[_MOST_SECTIONS:]),
        *_FOOTER,
    ]
    return [
        {"title": title, "url": address_of(endpoint)}
        for title, endpoint, permission in offered
        if viewer.may(permission)
    ]


def _signed_in(viewer: Viewer | None) -> SimpleNamespace | None:
    if viewer is None:
        return None
    titles = sorted(ROLE_TITLES[role].lower() for role in viewer.roles)
    return SimpleNamespace(name=viewer.name, role_title=", ".join(titles))


def _offered(viewer: Viewer) -> list[tuple[str, str, Permission, frozenset[str]]]:
    return [one for one in SECTIONS if viewer.may(one[2])]


def _sections(viewer: Viewer | None) -> list[Section]:
    if viewer is None:
        return []
    own = viewer.roles == {Role.APPRENTICE}
    offered = _offered(viewer)[:_MOST_SECTIONS]
    here = [endpoint for _, endpoint, _, under in offered if request.blueprint in under]
    return [
        Section(
            "Your record" if own and endpoint == "record.index" else title,
            address_of(endpoint),
            here[-1:] == [endpoint],
        )
        for title, endpoint, _permission, _blueprints in offered
    ]
