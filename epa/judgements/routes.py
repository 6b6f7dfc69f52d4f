"""The addresses of a mark sheet, declared once: each judged method adds them to its blueprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from epa.judgements import pages
from epa.judgements.board import SheetMethod
from epa.judgements.queries import attempt_at
from epa.lifecycle.models import MethodAttempt
from epa.people.rules import Permission
from epa.web.access import access
from epa.web.transaction import writes, writes_on_read


@dataclass(frozen=True)
class Address:
    """One address of a sheet: its endpoint, who may use it, and the page that answers.

    Args:
        name: the endpoint within the method's blueprint.
        tail: what follows ``/attempts/ID/METHOD`` in the address.
        permission: what the page asks for, on the attempt.
        methods: the HTTP methods it answers.
        page: given the method, the attempt and the rest of the address.
        is_logged: whether looking at it is written to the log.
    """

    name: str
    tail: str
    permission: Permission
    methods: tuple[str, ...]
    page: Callable[..., ResponseReturnValue]
    is_logged: bool = False


_ASKS: Final = ("GET", "POST")
_ADDRESSES: Final = (
    Address("sheet", "", Permission.VIEW_MARK_SHEET, ("GET",), pages.show, is_logged=True),
    Address("open_sheet", "/open", Permission.JUDGE, ("POST",), pages.open_),
    Address("save", "/ksbs/<ksb>", Permission.JUDGE, ("POST",), pages.save),
    Address("judge", "/ksbs/<ksb>/judgement", Permission.JUDGE, ("POST",), pages.judge),
    Address("note", "/ksbs/<ksb>/note", Permission.JUDGE, ("POST",), pages.note),
    Address("conduct", "/conduct", Permission.JUDGE, _ASKS, pages.conduct),
    Address("sign", "/sign", Permission.JUDGE, _ASKS, pages.sign),
)


def give_sheet(bp: Blueprint, method: SheetMethod) -> None:
    """Add every address of a method's mark sheet to the method's blueprint."""
    for one in _ADDRESSES:
        bp.add_url_rule(
            f"/attempts/<uuid:attempt_id>/{method.code}{one.tail}",
            one.name,
            _view(method, one),
            methods=one.methods,
        )


def _view(method: SheetMethod, address: Address) -> Callable[..., ResponseReturnValue]:
    def view(attempt: MethodAttempt, **values: Any) -> ResponseReturnValue:
        return address.page(method, attempt, **values)

    view.__name__, view.__doc__ = address.name, address.page.__doc__
    marked = writes_on_read(view) if address.is_logged else writes(view)
    return access(address.permission, attempt=attempt_at(method.code))(marked)
