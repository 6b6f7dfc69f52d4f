"""The addresses of a mark sheet, declared once: each judged method adds them to its blueprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from epa.judgements import (
    blank_page,
    correction_pages,
    feedback_pages,
    pages,
    recording_pages,
    saving,
)
from epa.judgements.board import SheetMethod
from epa.judgements.open_sheets import OpenSheet, open_sheet_at
from epa.judgements.queries import attempt_at
from epa.lifecycle.models import MethodAttempt
from epa.people.rules import Permission
from epa.web.access import Finder, access, found_together
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
        is_save: whether it keeps something short that was typed: the attempt is locked from the first
            look at it. A file that comes slowly would keep everybody else waiting.
        finds: given the method's code, finds an open sheet together with its assessor; None where
            the page is given the attempt in any case.
    """

    name: str
    tail: str
    permission: Permission
    methods: tuple[str, ...]
    page: Callable[..., ResponseReturnValue]
    is_logged: bool = False
    is_save: bool = False
    finds: Callable[[str], Finder] | None = None


_GET, _POST, _BOTH = ("GET",), ("POST",), ("GET", "POST")
_SEES, _JUDGES = Permission.VIEW_MARK_SHEET, Permission.JUDGE
_TOGETHER: Final = open_sheet_at
_HEARS, _RELEASES = Permission.HEAR_RECORDING, Permission.RELEASE_RESULTS
_ADDRESSES: Final = (
    Address("sheet", "", _SEES, _GET, pages.show, is_logged=True),
    Address("blank", "/blank.pdf", _SEES, _GET, blank_page.blank, is_logged=True),
    Address("open_sheet", "/open", _JUDGES, _POST, pages.open_),
    Address("save", "/ksbs/<ksb>", _JUDGES, _POST, saving.save, is_save=True),
    Address(
        "judge",
        "/ksbs/<ksb>/judgement",
        _JUDGES,
        _POST,
        saving.judge,
        is_save=True,
        finds=_TOGETHER,
    ),
    Address("note", "/ksbs/<ksb>/note", _JUDGES, _POST, saving.note, is_save=True, finds=_TOGETHER),
    Address("stream", "/notes", _JUDGES, _POST, saving.stream, is_save=True),
    Address("remarks", "/remarks", _JUDGES, _POST, saving.remarks),
    Address("question", "/questions", _JUDGES, _POST, saving.question, is_save=True),
    Address("clock", "/clock", _JUDGES, _BOTH, saving.clock),
    Address("conduct", "/conduct", _JUDGES, _BOTH, pages.conduct),
    Address("feedback", "/feedback", _JUDGES, _BOTH, feedback_pages.write),
    Address("sign", "/sign", _JUDGES, _BOTH, pages.sign),
    Address("recordings", "/recordings", _HEARS, _GET, recording_pages.recordings),
    Address("attach", "/recordings/attach", _JUDGES, _POST, recording_pages.attach),
    Address("fetch", "/recordings/fetch", _HEARS, _POST, recording_pages.fetch),
    Address("correct", "/correction", _JUDGES, _BOTH, correction_pages.correct),
    Address(
        "decide_correction",
        "/correction/decision",
        _RELEASES,
        _BOTH,
        correction_pages.decide_correction,
    ),
)


def give_sheet(bp: Blueprint, method: SheetMethod, *more: Address) -> None:
    """Add every address of a method's mark sheet to the method's blueprint, and its own ones."""
    for one in (*_ADDRESSES, *more):
        bp.add_url_rule(
            f"/attempts/<uuid:attempt_id>/{method.code}{one.tail}",
            one.name,
            _view(method, one),
            methods=one.methods,
        )


def _view(method: SheetMethod, address: Address) -> Callable[..., ResponseReturnValue]:
    def view(attempt: MethodAttempt | OpenSheet, **values: Any) -> ResponseReturnValue:
        return address.page(method, attempt, **values)

    view.__name__, view.__doc__ = address.name, address.page.__doc__
    marked = writes_on_read(view) if address.is_logged else writes(view)
    if address.finds is not None:
        marked = found_together(address.finds(method.code))(marked)
    found = attempt_at(method.code, to_change=address.is_save)
    return access(address.permission, attempt=found)(marked)
