"""Names and addresses: as they are written, as they are searched and compared."""

from __future__ import annotations

import unicodedata
from typing import Final

SEARCHED_LETTERS: Final = 400


def full_name(given: str, family: str) -> str:
    """A whole name as its bearer writes it.

    Given names first, but for names written in Han characters, kana or hangul throughout: there
    the family name stands first and no space parts them.
    """
    if given and family and all(map(_is_east_asian, given + family)):
        return f"{family}{given}"
    return f"{given} {family}"


def _is_east_asian(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(
        ("CJK UNIFIED", "HANGUL", "HIRAGANA", "KATAKANA")
    )


def searched_name(given: str, family: str) -> str:
    """A person's name as it is searched: as it is written, and its two parts."""
    parts = search_form(f"{given} {family}")
    whole = search_form(full_name(given, family))
    return (parts if parts == whole else f"{parts} {whole}")[:SEARCHED_LETTERS]


def search_form(text: str) -> str:
    """A name as it is searched: NFC, case folded, spaces joined. The name itself stays exact.

    Folding can lengthen a name; what is over the column's length is cut, or PostgreSQL refuses it.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(folded.split())[:SEARCHED_LETTERS]


def in_pattern(word: str) -> str:
    """A word for a search with `/` as its escape: no sign in it has a meaning of its own."""
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def email_key(email: str) -> str:
    """An e-mail address as it is compared: NFC, case folded, without spaces around it."""
    return unicodedata.normalize("NFC", email).casefold().strip()
