"""What the pages of items show: texts made ready for a page, and what may be done next."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from markupsafe import Markup

from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from question_bank.interchange.item import Item
from question_bank.items import queries
from question_bank.items.advice import Remark, remarks_on
from question_bank.items.forms import ItemForm, item_form, typed_fields
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.items.rules import (
    KIND_TITLES,
    STATUS_TITLES,
    STEP_TITLES,
    ItemKind,
    ItemStatus,
)
from question_bank.items.texts import on_a_page

SORTS: Final = ("changed", "reference", "ksb", "state", "due")
ORDER_WORDS: Final = {
    "changed": ("last change, the latest first", "last change, the earliest first"),
    "reference": ("reference", "reference, backwards"),
    "ksb": ("KSB", "KSB, backwards"),
    "state": ("state", "state, backwards"),
    "due": ("next review, the nearest first", "next review, the furthest first"),
}
TAG_KINDS: Final = {
    ItemStatus.DRAFT: "neutral",
    ItemStatus.IN_REVIEW: "waiting",
    ItemStatus.APPROVED: "done",
    ItemStatus.RETIRED: "stopped",
}


@dataclass(frozen=True)
class ShownOption:
    """An option as a page shows it."""

    letter: str
    text: Markup
    rationale: Markup
    is_key: bool


@dataclass(frozen=True)
class ShownItem:
    """An item as a page shows it, texts safe to put in as they are."""

    stem: Markup
    options: tuple[ShownOption, ...]
    guide: tuple[Markup, ...]
    model_answer: Markup
    marks: float | None
    is_prompt: bool


def shown_item(content: Item, address_of: Callable[[str], str | None]) -> ShownItem:
    """An item for a page.

    Args:
        content: in the one form.
        address_of: where a picture is fetched, by its name.
    """

    def ready(text: str) -> Markup:
        return Markup(on_a_page(text, address_of))  # noqa: S704 (it has just passed the allow-list)

    return ShownItem(
        stem=ready(content.stem),
        options=tuple(
            ShownOption(letter, ready(one.text), ready(one.rationale), place == content.key)
            for place, (letter, one) in enumerate(
                zip(ascii_uppercase, content.options, strict=False)
            )
        ),
        guide=tuple(ready(point) for point in content.guide),
        model_answer=ready(content.model_answer),
        marks=content.marks,
        is_prompt=content.type_code == ItemKind.OBSERVATION_PROMPT,
    )


def of_version(version: ItemVersion) -> ShownItem:
    """A stored version for a page, its pictures under their addresses."""
    places = {one.name: url_for("items.picture", picture_id=one.id) for one in version.pictures}
    return shown_item(queries.content_of(version), places.get)


def of_preview(content: Item) -> ShownItem:
    """What an author is typing, its pictures inside the page."""
    places = {
        one.name: f"data:{one.media_type};base64,{base64.b64encode(one.data).decode()}"
        for one in content.pictures
    }
    return shown_item(content, places.get)


def remarks(bank: QuestionBank, content: Item) -> tuple[Remark, ...]:
    """What an item of a bank still needs, and what is worth a second look."""
    return remarks_on(content, queries.method_of(bank))


def titled_ksbs(bank: QuestionBank, kind: ItemKind) -> dict[str, str]:
    """The KSBs that an item of a kind may ask about, with their titles."""
    plan = queries.plan_of(bank.framework_code)
    return {code: plan.criterion(code).title for code in queries.ksbs_for(bank, kind)}


def editor(bank: QuestionBank, kind: ItemKind, item: BankItem | None = None) -> ItemForm:
    """The editor's form: empty for a new item, else filled with its newest version."""
    ksbs = titled_ksbs(bank, kind)
    values: dict[str, Any] = {}
    if item is not None:
        version = queries.newest(item)
        enemies = [one.reference for one in queries.enemies_of(item)]
        values = typed_fields(queries.content_of(version), enemies)
        values["seen"] = str(version.lock_version)
        ksbs |= dict.fromkeys(filter(None, [version.ksb, *version.other_ksbs]), "") | ksbs
    form: ItemForm = item_form(kind, _option_count(bank, kind, item), ksbs)(data=values)
    return form


def _option_count(bank: QuestionBank, kind: ItemKind, item: BankItem | None) -> int:
    """As many options as the plan asks for; more where an item came with more."""
    if kind is not ItemKind.MULTIPLE_CHOICE:
        return 0
    wanted = queries.method_of(bank).question_type(kind.value).options or 0
    there = len(queries.newest(item).options) if item is not None else 0
    return min(max(wanted, there), len(ascii_uppercase))


@dataclass(frozen=True)
class Doing:
    """What somebody may do with an item as it stands."""

    edit: bool
    submit: bool
    take_back: bool
    review: bool
    retire: bool
    is_new_version: bool


def doing(person: Person, item: BankItem) -> Doing:
    """What this person may do with an item."""
    status = queries.newest(item).status
    is_author = queries.item_for(person, Permission.WRITE_ITEMS, item.id) is not None
    is_reviewer = queries.item_for(person, Permission.REVIEW_ITEMS, item.id) is not None
    return Doing(
        edit=is_author and status is not ItemStatus.IN_REVIEW,
        submit=is_author and status is ItemStatus.DRAFT,
        take_back=is_author and status is ItemStatus.IN_REVIEW,
        review=is_reviewer and status in {ItemStatus.IN_REVIEW, ItemStatus.APPROVED},
        retire=is_reviewer and queries.is_standing(item),
        is_new_version=status is not ItemStatus.DRAFT,
    )


def item_facts(version: ItemVersion, *, enemies: list[tuple[str, UUID]]) -> list[dict[str, Any]]:
    """What is known of a version beside its text."""
    rows: list[dict[str, Any]] = [
        {"label": "Kind", "value": KIND_TITLES[version.item.kind]},
        {"label": "State", "value": STATUS_TITLES[version.status]},
        {"label": "Asks about", "value": version.ksb or "Not said yet"},
    ]
    more = {
        "Also touches": ", ".join(version.other_ksbs),
        "Estimate": "" if version.facility is None else f"{version.facility * 100:g} of 100",
        "Tags": ", ".join(version.tags),
        "Sources": "; ".join(version.sources),
        "Never beside": ", ".join(reference for reference, _ in enemies),
    }
    return rows + [{"label": label, "value": value} for label, value in more.items() if value]


def ksbs_of(banks: Iterable[QuestionBank]) -> list[str]:
    """The KSBs that items of some banks may ask about, in their order."""
    return sorted({code for bank in banks for code in _codes(bank)}, key=_by_letter)


def _codes(bank: QuestionBank) -> set[str]:
    return {code for kind in ItemKind for code in queries.ksbs_for(bank, kind)}


def _by_letter(code: str) -> tuple[str, int, str]:
    return code[:1], int(code[1:]) if code[1:].isdecimal() else 0, code


def titles() -> dict[str, Any]:
    """How kinds, states and steps are called, for every template."""
    return {
        "kinds": KIND_TITLES,
        "statuses": STATUS_TITLES,
        "steps": STEP_TITLES,
        "tag_kinds": TAG_KINDS,
    }


def asked_filter() -> queries.ItemFilter:
    """How the address asks to narrow the list; what makes no sense is left out."""
    args = request.args
    return queries.ItemFilter(
        words=args.get("q", "")[:200].replace("\0", ""),
        bank_id=_identifier(args.get("bank", "")),
        kind=next((one for one in ItemKind if one.value == args.get("kind")), None),
        status=next((one for one in ItemStatus if one.value == args.get("state")), None),
        ksb=args.get("ksb", "")[:20].replace("\0", ""),
    )


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def item_page(item: BankItem, number: int | None = None) -> dict[str, Any]:
    """What the pages of one item share."""
    version = queries.numbered(item, number) or queries.newest(item)
    enemies = [(one.reference, one.id) for one in queries.enemies_of(item)]
    return {
        "item": item,
        "newest": queries.newest(item),
        "shown": of_version(version),
        "remarks": remarks(item.bank, queries.content_of(version)),
        "facts": item_facts(version, enemies=enemies),
        "history": queries.history_of(item),
        "doing": doing(signed_in_person(), item),
        **titles(),
    }
