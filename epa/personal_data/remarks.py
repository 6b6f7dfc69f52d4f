"""What is said of a text that looks like a service user's personal data: a warning, never a block.

The kind and the place are told and the text itself never: nothing of it is kept or logged here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from epa.personal_data.finding import findings
from epa.personal_data.kinds import Kind

KIND_WORDS: Final[dict[Kind, str]] = {
    Kind.NATIONAL_INSURANCE: "A National Insurance number",
    Kind.NHS_NUMBER: "An NHS number",
    Kind.PHONE: "A telephone number",
    Kind.EMAIL: "An email address",
    Kind.POSTCODE: "A postcode",
    Kind.ADDRESS: "An address",
    Kind.DATE_OF_BIRTH: "A date of birth",
    Kind.NAME: "A name",
}
_SHOWN: Final = 5
_EARLY, _LATE = 1 / 3, 2 / 3
_BETWEEN_WORDS: Final = re.compile(r"[_.+-]+")


def remarks_on(text: str) -> list[dict[str, Any]]:
    """Everything in a text that looks like personal data, as a page shows it.

    ``start`` and ``end`` count characters of the text, so that the page can put a reference there.
    """
    lines = text.count("\n") + 1
    return [
        {
            "kind": one.kind.value,
            "words": f"{KIND_WORDS[one.kind]}, {_place(text, one.start, one.line, lines)}.",
            "start": one.start,
            "end": one.end,
        }
        for one in findings(text)[:_SHOWN]
    ]


def remark_in_words(*texts: str) -> str:
    """One sentence on all these texts for a page without scripts; empty when there is nothing."""
    found = [one["words"] for text in texts for one in remarks_on(text)]
    if not found:
        return ""
    said = " ".join(dict.fromkeys(found))
    return f"This may be a service user’s personal data: {said} Use a reference, such as SU-1."


@dataclass(frozen=True)
class Remark:
    """One thing about one answer of a form.

    Args:
        field: the form's field that it is about.
        kind: what it looks like.
        words: kind and place in a sentence, never the text itself.
    """

    field: str
    kind: Kind
    words: str

    @property
    def token(self) -> str:
        """What a form carries, so that a second time it may be sent with this."""
        return f"{self.field}:{self.kind.value}"


def remarks_on_answers(answers: Mapping[str, tuple[str, str]]) -> list[Remark]:
    """What is said of the answers of a form, in their order.

    Args:
        answers: field to what it is called within a sentence ("the title"), and its text.
    """
    return [
        Remark(field, Kind(one["kind"]), f"In {called}: {_after_a_colon(one['words'])}")
        for field, (called, text) in answers.items()
        for one in remarks_on(text)
    ]


def words_of_file_name(name: str) -> str:
    """A file's name as words that can be looked over: without its ending, dashes and dots."""
    return _BETWEEN_WORDS.sub(" ", PurePath(name).stem)


def _after_a_colon(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _place(text: str, start: int, line: int, lines: int) -> str:
    if lines > 1:
        return f"line {line}"
    share = start / max(len(text), 1)
    return "at the start" if share < _EARLY else "at the end" if share > _LATE else "in the middle"
