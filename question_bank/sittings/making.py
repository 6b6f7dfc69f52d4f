"""A drawn paper made ready for one candidate: what is sent, and what each option's name stands for."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import Any, Final

from epa.files.services import opened
from question_bank.items.models import ItemVersion
from question_bank.items.rules import KIND_TITLES, ItemKind
from question_bank.items.texts import on_a_page
from question_bank.papers.models import Paper
from question_bank.papers.queries import Question, questions_of

_NAME_BYTES: Final = 6


def delivered(paper: Paper) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A paper's layout and content, question by question in the order that was drawn.

    The options get random names, so that nothing a page sends or shows tells which of the bank's
    options it is. Pictures stand inside, so that the paper is whole once it has arrived.
    """
    layout, content = [], []
    for question in questions_of(paper):
        names = [secrets.token_hex(_NAME_BYTES) for _ in question.order]
        layout.append(
            {
                "number": question.number,
                "kind": question.content.type_code,
                "marks": question.marks,
                "options": names,
                "order": list(question.order),
                "version": str(question.version.id),
            }
        )
        content.append(_shown(question, names))
    return layout, content


def _shown(question: Question, names: list[str]) -> dict[str, Any]:
    pictures = dict(pictures_of(question.version))
    texts = [question.content.options[place].text for place in question.order]
    return {
        "number": question.number,
        "kind": question.content.type_code,
        "title": KIND_TITLES[ItemKind(question.content.type_code)],
        "marks": question.marks,
        "stem": on_a_page(question.content.stem, pictures.get),
        "options": [
            {"id": name, "text": on_a_page(text, pictures.get)}
            for name, text in zip(names, texts, strict=True)
        ],
    }


def pictures_of(version: ItemVersion) -> Iterator[tuple[str, str]]:
    """The pictures of a version as addresses that hold them whole, by name."""
    for one in version.pictures:
        data = base64.b64encode(b"".join(opened(one.file))).decode()
        yield one.name, f"data:{one.file.content_type};base64,{data}"
