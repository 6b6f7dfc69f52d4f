"""Texts between an author's box and the one safe form in which items are kept and travel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Final

from question_bank.interchange.item import Item, Option, settled
from question_bank.interchange.markup import (
    from_either,
    markup_of,
    one_line,
    plain,
    safe,
    tree_of,
)
from question_bank.interchange.pictures import Album, Picture

_BREAK: Final = "<br>"
_TITLE_FROM_STEM: Final = 60


def typed(markup: str) -> str:
    """What stands in an author's box for a stored text: plain words where these mean the same.

    Typing it in again gives the stored text again: `cleaned` is its reverse. Words that look like a
    tag and stand among nothing else come after a tag that shows nothing, or they would be taken
    for words that begin with an ampersand.
    """
    words = "\n".join(unescape(line).strip() for line in markup.split(_BREAK))
    if "<" not in markup.replace(_BREAK, "") and _is_the_same(words, markup):
        return words
    shown = f"<span></span>{markup}"
    return shown if not _is_the_same(markup, markup) and _is_the_same(shown, markup) else markup


def _is_the_same(words: str, markup: str) -> bool:
    return safe(from_either(words)) == markup


def typed_points(points: tuple[str, ...]) -> str:
    """The points of a guide, one to a line, as they stand in an author's box."""
    shown = []
    for point in points:
        words = typed(point)
        shown.append(words if "\n" not in words else point.replace("\n", " "))
    return "\n".join(shown)


def cleaned(item: Item, known: Callable[[str], bytes | None]) -> Item:
    """An item whose texts have passed the allow-list, in the one form, with its pictures.

    Args:
        item: its texts are markup or plain text as somebody typed them.
        known: gives the bytes of a picture that is kept already, by its name.

    Raises:
        Unfit: it has no question text, or a text is too long or too deep.
    """
    album, lost = Album(known), _Lost()

    def clean(text: str) -> str:
        return safe(from_either(text), album, lost.note)

    done = replace(
        item,
        stem=clean(item.stem),
        options=tuple(Option(clean(one.text), clean(one.rationale)) for one in item.options),
        guide=tuple(clean(point) for point in item.guide),
        model_answer=clean(item.model_answer),
    )
    return settled(replace(done, pictures=album.pictures))


class _Lost:
    """Takes note of what could not be kept; the author sees it missing in the preview."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def note(self, what: str) -> None:
        self.words.append(what)


def kept_title(item: Item) -> str:
    """The title to keep: none where it is only the beginning of the question.

    Titles stand in lists, where the text of a question has no place.
    """
    made_up = one_line(plain(item.stem), _TITLE_FROM_STEM)
    return "" if item.title in {made_up, item.reference} else item.title


def renamed(item: Item, names: dict[str, Picture]) -> Item:
    """The item with other pictures in the place of its own.

    Args:
        item: an item in the one form.
        names: for a picture's name the picture that takes its place.
    """
    if not names:
        return item

    def told(text: str) -> str:
        for before, after in names.items():
            text = text.replace(f'src="{before}"', f'src="{after.name}"')
        return text

    pictures = {names.get(one.name, one).name: names.get(one.name, one) for one in item.pictures}
    return replace(
        item,
        stem=told(item.stem),
        options=tuple(Option(told(one.text), told(one.rationale)) for one in item.options),
        guide=tuple(told(point) for point in item.guide),
        model_answer=told(item.model_answer),
        pictures=tuple(pictures[name] for name in sorted(pictures)),
    )


def on_a_page(markup: str, address_of: Callable[[str], str | None]) -> str:
    """Markup for a page: passed through the allow-list once more, pictures under their addresses.

    Args:
        markup: a stored text.
        address_of: where a picture is fetched, by its name; None where there is none.
    """
    if "<" not in markup:
        return safe(markup)
    tree = tree_of(markup)
    addresses = [one.get("src", "") for one in tree.iter("img")]
    kept = {name: name for name in addresses if address_of(name)}
    shown = tree_of(safe(markup, Album(_Placeholders(kept)), lambda _lost: None))
    for picture, name in zip(shown.iter("img"), filter(kept.get, addresses), strict=True):
        picture.set("src", address_of(name) or "")
        picture.attrib.setdefault("alt", "")
    return markup_of(shown)


class _Placeholders:
    """Stands in for the bytes of pictures, so that a text can be cleaned without fetching them."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def __call__(self, name: str) -> bytes | None:
        return b"GIF89a" + name.encode() if name in self._names else None


def search_words(item: Item) -> str:
    """Everything of an item that a search may find it by, as plain words."""
    texts = [item.stem, *(one.text for one in item.options), *item.guide, item.model_answer]
    words = [item.reference, item.title, *item.ksbs, *item.tags, *map(plain, texts)]
    return " ".join(filter(None, words))
