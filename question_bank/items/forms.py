"""The editor's form for each kind of item, the reviewer's decision, comments, and a new bank."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape
from string import ascii_lowercase
from typing import Any, Final

from wtforms import HiddenField, ValidationError

from epa.files.forms import UploadBox
from epa.web.fields import (
    ChoiceField,
    DecimalNumber,
    ManyChoices,
    SelectBox,
    TextBox,
    TextField,
    Tick,
)
from epa.web.forms import PlumblineForm
from question_bank.interchange.item import LONGEST_TAG, Item, Option
from question_bank.interchange.markup import from_either
from question_bank.items.models import CODE_LETTERS, TITLE_LETTERS, BankItem
from question_bank.items.rules import ItemKind, ItemStep
from question_bank.items.texts import typed, typed_points

_HUNDRED: Final = Decimal(100)
_LONGEST: Final = 10_000
_LONGEST_OPTION: Final = 2000
# A draft may lack these; what goes to review may not.
_NEEDED: Final = ("ksb", "key", "guide", "model_answer", "facility")
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ItemForm(PlumblineForm):
    """What every kind of item has; `item_form` adds what its own kind asks for."""

    kind: ItemKind
    item: BankItem
    option_count = 0
    seen = HiddenField()
    bank = SelectBox("Bank", called="The bank")
    stem = TextBox(
        "Question",
        most_letters=_LONGEST,
        hint="Plain words, or markup such as <strong>, <em>, <ul> and <table>. One clear question"
        " that can be answered before the options are read.",
    )
    title = TextField(
        "Short title",
        most_letters=TITLE_LETTERS,
        optional=True,
        hint="For lists, for example “Benefits: better-off calculation”. Nothing of the question.",
    )
    ksb = SelectBox("Asks about", optional=True, hint="It is drawn for this one")
    other_ksbs = ManyChoices("Also touches", optional=True)
    tags = TextField(
        "Tags", most_letters=1000, optional=True, hint="With commas between, for example law, 2026"
    )
    sources = TextBox(
        "Sources",
        most_letters=2000,
        rows=2,
        optional=True,
        hint="Where the right answer can be looked up, one to a line",
    )
    enemies = TextField(
        "Never beside",
        most_letters=1000,
        optional=True,
        hint="References of questions that give this one away, with commas between",
    )
    picture = UploadBox(
        "Add a picture",
        endings=("png", "jpg"),
        most_megabytes=2,
        optional=True,
        hint="PNG or JPEG, at most 2 MB. It is put below the question.",
    )
    picture_words = TextField(
        "What the picture shows",
        most_letters=500,
        optional=True,
        hint="For those who cannot see it; all that is needed to answer",
    )

    @property
    def seen_number(self) -> int:
        """The lock number of the version that its author had before them; -1 for none."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and text.isascii() and len(text) < CODE_LETTERS else -1

    def say_what_is_optional(self) -> None:
        """Once it is checked: call nothing optional that is needed before review."""
        for name in self.data:
            if name in _NEEDED or name.startswith(("option_", "rationale_")):
                self[name].optional = False

    @property
    def letters(self) -> str:
        """The letters of the options."""
        return ascii_lowercase[: self.option_count]

    @property
    def enemy_names(self) -> list[str]:
        """The references typed under “never beside”."""
        return _parts(self.enemies.data)

    def validate_picture(self, _field: UploadBox) -> None:
        """Ask for words with every picture."""
        if not self.picture_words.data:
            raise ValidationError(
                "Say below what the picture shows: not every candidate can see it"
            )

    def content(self, reference: str = "") -> Item:
        """What was typed, as an item whose texts are still to be cleaned."""
        ksb = self.ksb.data
        others = [one for one in self.other_ksbs.data or () if one != ksb]
        share = self.facility.data if "facility" in self else None
        return Item(
            reference=reference,
            title=self.title.data or "",
            type_code=self.kind.value,
            stem=self._stem(),
            options=tuple(self._options()),
            key=self._key(),
            guide=tuple(filter(None, self._text("guide").split("\n"))),
            model_answer=self._text("model_answer"),
            ksbs=(ksb, *others) if ksb else (),
            tags=tuple(one[:LONGEST_TAG] for one in _parts(self.tags.data)),
            facility=None if share is None else float(share / _HUNDRED),
            sources=tuple(filter(None, map(str.strip, (self.sources.data or "").split("\n")))),
            keep_order=bool("keep_order" in self and self.keep_order.data),
        )

    def _text(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""

    def _stem(self) -> str:
        """The question, with a picture that was added below it."""
        words = self.stem.data or ""
        checked = self.picture.checked
        if checked is None:
            return words
        data = base64.b64encode(checked.content.read()).decode()
        checked.content.seek(0)
        described = escape(self.picture_words.data or "")
        shown = f'<img src="data:{checked.content_type};base64,{data}" alt="{described}">'
        return f"{from_either(words)}<p>{shown}</p>"

    def _options(self) -> Iterator[Option]:
        for letter in self.letters:
            yield Option(self._text(f"option_{letter}"), self._text(f"rationale_{letter}"))

    def _key(self) -> int | None:
        chosen = self.key.data if "key" in self else None
        return None if chosen is None else int(chosen)


def item_form(kind: ItemKind, option_count: int, ksbs: Mapping[str, str]) -> type[ItemForm]:
    """The form's class for a kind of item.

    Args:
        kind: what the item asks for.
        option_count: how many options a question of this kind has; 0 for none.
        ksbs: the KSBs it may ask about, by code.
    """
    fields: dict[str, Any] = {"kind": kind, "option_count": option_count}
    fields |= _OF_KIND[kind](option_count)
    if kind is not ItemKind.OBSERVATION_PROMPT:
        fields["facility"] = DecimalNumber(
            "How many of 100 candidates will get it right",
            called="Your estimate",
            least=0,
            most=100,
            places=1,
            unit="of 100",
            optional=True,
            hint="Your estimate, until enough answers are marked. Of a question with 2 marks: the"
            " mean mark as a share of them.",
        )
    named = [(code, f"{code} {title}") for code, title in ksbs.items()]
    fields["ksb"] = SelectBox(
        "Asks about", optional=True, hint="It is drawn for this one", choices=named
    )
    fields["other_ksbs"] = ManyChoices(
        "Also touches", optional=True, choices=[(code, code) for code in ksbs]
    )
    return type("KindForm", (ItemForm,), fields)


def _choice_fields(option_count: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    letters = ascii_lowercase[:option_count]
    for letter in letters:
        name = letter.upper()
        fields[f"option_{letter}"] = TextBox(
            f"Option {name}", rows=2, most_letters=_LONGEST_OPTION, optional=True
        )
        fields[f"rationale_{letter}"] = TextBox(
            f"Why {name} is right or wrong",
            rows=2,
            most_letters=_LONGEST_OPTION,
            optional=True,
        )
    fields["key"] = ChoiceField(
        "The right answer",
        optional=True,
        choices=[(place, letter.upper()) for place, letter in enumerate(letters)],
    )
    fields["keep_order"] = Tick(
        "Keep the options in this order",
        hint="For numbers or dates. Otherwise each paper mixes them.",
    )
    return fields


def _guide_fields(label: str, hint: str) -> dict[str, Any]:
    return {
        "guide": TextBox(label, hint=hint, rows=8, most_letters=_LONGEST, optional=True),
    }


def _answer_fields(_option_count: int) -> dict[str, Any]:
    hint = "One creditworthy point to a line. Each earns a mark, up to the marks of the question."
    return {
        **_guide_fields("Marking guide", hint),
        "model_answer": TextBox(
            "Model answer",
            hint="An answer that earns every mark",
            rows=4,
            most_letters=_LONGEST,
            optional=True,
        ),
    }


def _prompt_fields(_option_count: int) -> dict[str, Any]:
    return _guide_fields("What a good answer shows", "One thing to a line")


_OF_KIND: Final = {
    ItemKind.MULTIPLE_CHOICE: _choice_fields,
    ItemKind.SHORT_ANSWER: _answer_fields,
    ItemKind.OBSERVATION_PROMPT: _prompt_fields,
}


def typed_fields(content: Item, enemies: list[str]) -> dict[str, Any]:
    """What stands in the editor's boxes for a stored item."""
    values: dict[str, Any] = {
        "title": content.title,
        "stem": typed(content.stem),
        "key": content.key,
        "keep_order": content.keep_order,
        "guide": typed_points(content.guide),
        "model_answer": typed(content.model_answer),
        "ksb": content.ksbs[0] if content.ksbs else None,
        "other_ksbs": list(content.ksbs[1:]),
        "tags": ", ".join(content.tags),
        "sources": "\n".join(content.sources),
        "enemies": ", ".join(enemies),
    }
    if content.facility is not None:
        values["facility"] = _percent(content.facility)
    for letter, option in zip(ascii_lowercase, content.options, strict=False):
        values[f"option_{letter}"] = typed(option.text)
        values[f"rationale_{letter}"] = typed(option.rationale)
    return values


def _percent(share: float) -> Decimal:
    """A share as a plain percentage with at most one decimal: 70, not 7E+1."""
    percent = round(Decimal(repr(share)) * _HUNDRED, 1)
    whole = percent.to_integral_value()
    return whole if whole == percent else percent


def _parts(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split(",") if one.strip()]


class ReviewForm(PlumblineForm):
    """A reviewer's decision on an item."""

    decision = ChoiceField("Your decision", called="Your decision")
    comment = TextBox(
        "What you have to say",
        optional=True,
        hint="When you return it: what is to be put right. The author reads it.",
    )

    def offer(self, *, is_in_review: bool) -> None:
        """Offer what may be decided on an item in review, or on one that is approved."""
        self.decision.choices = (
            [
                (ItemStep.APPROVED, "Approve it", "It may be drawn from now on"),
                (ItemStep.RETURNED, "Return it", "Its author puts something right first"),
            ]
            if is_in_review
            else [(ItemStep.KEPT, "Keep it as it is", "Its next review is due in a year")]
        )


class CommentForm(PlumblineForm):
    """Something said about an item."""

    comment = TextBox("Your comment", rows=3, called="Your comment")


class RetireForm(PlumblineForm):
    """Why an item is retired."""

    reason = TextBox("Why it is retired", rows=3, called="The reason")


class BankForm(PlumblineForm):
    """A new bank."""

    epao = SelectBox("For which organisation", called="The organisation")
    framework = SelectBox("For which standard", called="The standard")
    title = TextField("Title", most_letters=TITLE_LETTERS)
    code = TextField(
        "Code",
        most_letters=CODE_LETTERS,
        width="medium",
        hint="Commands name the bank by it. Small letters, figures and hyphens, for example"
        " st0663-2026.",
    )

    def validate_code(self, field: TextField) -> None:
        """Hold the code to what a command line takes without quotes."""
        if field.data and not _CODE.fullmatch(field.data):
            raise ValidationError("The code must be small letters, figures and single hyphens")
