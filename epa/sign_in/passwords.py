"""Which passwords are taken: long enough, not common, not a pattern, not made from one's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

LEAST: Final = 12
MOST: Final = 128
_COMMON_FILE: Final = Path(__file__).with_name("common_passwords.txt")
_LONGEST_UNIT: Final = 8
_FEWEST_LETTERS: Final = 5
_MOST_IN_ORDER: Final = 0.7
_LEFT_OF_ITS_OWN: Final = 8
_SHORTEST_WORD: Final = 3
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)
_NEIGHBOURS: Final = frozenset(
    pair for row in _ROWS for one, two in pairwise(row) for pair in (one + two, two + one)
)
_STAND_INS: Final = str.maketrans("0134578@$!+", "oieastbasit")


def normalised(password: str) -> str:
    """A password as it is hashed: NFKC, so that it is the same from every keyboard and system."""
    return unicodedata.normalize("NFKC", password)


def fault(password: str, *, about: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, as a sentence, or None.

    There are no rules on what it is made of: length and surprise are what count.

    Args:
        password: as typed.
        about: words an attacker would try first: the person's names, address, organisation.
    """
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password):
        return "The password holds a character that cannot be kept; type it again"
    text = normalised(password)
    if not LEAST <= len(text) <= MOST:
        bound = f"{LEAST} characters or more" if len(text) < LEAST else f"{MOST} or fewer"
        return f"The password must have {bound}; it has {len(text)}"
    plain = "".join(text.casefold().split())
    if _is_pattern(plain):
        return "The password repeats or counts; choose one that is harder to guess"
    if _is_common(plain):
        return "The password is one of the most common ones; choose another"
    if _is_about(plain, about):
        return "The password is made from your name, address or organisation; choose another"
    return None


def _is_pattern(plain: str) -> bool:
    if len(set(plain)) < _FEWEST_LETTERS:
        return True
    for size in range(1, _LONGEST_UNIT + 1):
        if len(plain) >= 2 * size and plain == (plain[:size] * len(plain))[: len(plain)]:
            return True
    in_order = sum(one + two in _NEIGHBOURS for one, two in pairwise(plain))
    return in_order >= _MOST_IN_ORDER * (len(plain) - 1)


def _is_common(plain: str) -> bool:
    bare = re.sub(r"[\W\d_]+$", "", plain)
    forms = {plain, bare} | {form.translate(_STAND_INS) for form in (plain, bare)}
    return not _common().isdisjoint(forms)


@cache
def _common() -> frozenset[str]:
    lines = _COMMON_FILE.read_text(encoding="ascii").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_about(plain: str, about: Iterable[str]) -> bool:
    words = {word for text in about for word in re.split(r"\W+", normalised(text).casefold())}
    left = plain
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if len(word) >= _SHORTEST_WORD:
            left = left.replace(word, "")
    own = sum(letter.isalpha() for letter in left)
    return left != plain and own < _LEFT_OF_ITS_OWN
