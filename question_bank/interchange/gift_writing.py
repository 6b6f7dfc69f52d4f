"""GIFT written from items: it has no place for marks, guides and KSBs, and says so of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final

from question_bank.interchange.item import MULTIPLE_CHOICE, Item
from question_bank.interchange.tables import with_pictures_inside

_MEANT: Final = str.maketrans({one: f"\\{one}" for one in "\\~=#{}:"} | {"\n": "\\n"})


def write_gift(items: Iterable[Item], out: IO[bytes]) -> None:
    """Write a file; open questions as essays, without their guides."""
    for item in items:
        out.write(_question(with_pictures_inside(item)).encode() + b"\n\n")


def _question(item: Item) -> str:
    remarks = [f"[id:{item.reference}]", *(f"[tag:{label}]" for label in item.labels())]
    remark = " ".join(one for one in remarks if one.count("]") == 1)
    answers = [
        f"{'=' if number == item.key else '~'}{_meant(option.text)}"
        + (f"#{_meant(option.rationale)}" if option.rationale else "")
        for number, option in enumerate(item.options)
    ]
    general = f"####{_meant(item.model_answer)}" if item.model_answer else ""
    inside = "\n".join(answers if item.type_code == MULTIPLE_CHOICE else [])
    return f"// {remark}\n::{_meant(item.title)}::[html]{_meant(item.stem)}{{{inside}{general}}}"


def _meant(text: str) -> str:
    """The text with a backslash before what would mean something."""
    return text.translate(_MEANT)
