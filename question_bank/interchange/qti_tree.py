"""QTI of every version in one dialect: the names of 2.x, without namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is safe_xml's

from question_bank.interchange.safe_xml import local_name

_MATHML: Final = "http://www.w3.org/1998/Math/MathML"
# Written in QTI 3 as the elements of HTML that they are.
_TRANSPARENT: Final = frozenset({"contentBody"})
# Around each of our own texts, since bare words may not stand everywhere.
TEXT_CLASS: Final = "plumbline-text"


def in_one_dialect(root: Element) -> Element:
    """Rename elements and attributes in place: `qti-choice-interaction` to `choiceInteraction`."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = _plain_name(element.tag)
            for name in list(element.attrib):
                plain = _plain_attribute(name)
                if plain != name:
                    element.attrib.setdefault(plain, element.attrib.pop(name))
    return root


def children(element: Element, *names: str) -> Iterator[Element]:
    """The direct children of these names."""
    return (child for child in element if child.tag in names)


def first(element: Element, name: str) -> Element | None:
    """The first element of this name, however deep."""
    return next(element.iter(name), None)


def text_of(element: Element | None) -> str:
    """All the text of an element, on one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def words_of(value: str | None) -> list[str]:
    """The words of a list in an attribute."""
    return (value or "").split()


def is_transparent(element: Element) -> bool:
    """Whether an element only wraps what it holds."""
    return element.tag in _TRANSPARENT or TEXT_CLASS in words_of(element.get("class"))


@lru_cache(maxsize=1024)
def _plain_name(tag: str) -> str:
    name = local_name(tag)
    if name.startswith("qti-"):
        return _camel(name.removeprefix("qti-"))
    return "math" if tag == f"{{{_MATHML}}}math" else name


@lru_cache(maxsize=1024)
def _plain_attribute(name: str) -> str:
    if name.startswith(("data-", "aria-")):
        return name
    return _camel(local_name(name))


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part.capitalize() for part in rest)
