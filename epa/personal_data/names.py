"""Names of people, told apart from organisations, streets, theorists and ordinary words.

A name is known by its title, by being a given name, by a family name after a given one, or by what
stands around it: whose son, who said so. What is also a word (Will, Grace, May) needs more around
it than what is only a name (Karen, Ahmed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from epa.personal_data import surroundings as around
from epa.personal_data.kinds import Kind

Found = tuple[Kind, int, int]

_HERE: Final = Path(__file__).parent
_LOOKED_BACK: Final = 80  # characters


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _is_given(word: str) -> bool:
    first, _, second = _bare(word).partition("-")
    if second:
        either = _listed("given_names") | _listed("words_and_names")
        return first in either and second in either
    return first in _listed("given_names") or bool(around.GIVEN_ENDINGS.fullmatch(first))


def _may_be_given(word: str) -> bool:
    return _bare(word) in _listed("words_and_names")


def _is_family(word: str) -> bool:
    folded = _bare(word).replace("'", "").replace("-", "")
    return (
        folded in _listed("family_names")
        or bool(re.fullmatch(r"(?:mc|mac|o')[a-z]{3,}", _bare(word)))
        or bool(re.fullmatch(r"[a-z]{3,}(?:ski|ska|wicz|czyk|escu|enko|ovic|opoulos)", folded))
    )


def _is_family_alone(word: str) -> bool:
    return _is_family(word) and _bare(word) not in _listed("words_and_family_names")


def _bare(word: str) -> str:
    """A word without its possessive ending, as the lists have it."""
    return word.casefold().replace("’", "'").removesuffix("'s").rstrip("'.-")


def names(line: str) -> Iterator[Found]:
    """Every name in a line; given name and family name are one."""
    shown = around.NOBODY.sub(lambda found: "·" * len(found.group()), line)
    for pattern in (around.WHOSE, around.CALLED, around.IN_BRACKETS, around.EQUALS):
        for found in pattern.finditer(shown):
            word = found.group(1)
            if _bare(word) not in around.NO_SURNAME | around.ROLES and not _is_of_place(
                shown, found.end(1)
            ):
                yield Kind.NAME, found.start(1), found.end(1)
    for found in around.TITLE.finditer(shown):
        if _bare(found.group(1)) not in around.NO_SURNAME and not _is_of_place(shown, found.end()):
            yield Kind.NAME, found.start(), found.end()
    for found in around.LOW_TITLE.finditer(shown):
        if found.group(1) not in around.NO_SURNAME:
            yield Kind.NAME, found.start(), found.end()
    for found in around.INITIAL.finditer(shown):
        if _is_family_alone(found.group(1)) and not _is_of_place(shown, found.end()):
            yield Kind.NAME, found.start(), found.end()
    yield from _word_by_word(shown)


def _word_by_word(shown: str) -> Iterator[Found]:
    words = list(around.WORD.finditer(shown))
    for index, found in enumerate(words):
        after = words[index + 1] if index + 1 < len(words) else None
        beside = after if after and shown[found.end() : after.start()] in {" ", ", "} else None
        family = beside if beside and _is_capital(beside.group()) else None
        if not _is_capital(found.group()):
            if _is_low_name(shown, found):
                yield Kind.NAME, found.start(), found.end()
        elif _is_name(shown, found, family):
            joined = family is not None and _is_family(family.group())
            end = family.end() if joined and family else found.end()
            if not _is_of_place(shown, end):
                yield Kind.NAME, found.start(), end


def _is_name(shown: str, found: re.Match[str], after: re.Match[str] | None) -> bool:
    """Whether a word with a capital is somebody's name; ``after`` is the one with a capital next."""
    word, before = found.group(), _before(shown, found)
    is_abbreviation = word.isupper() and len(word) > 1 and not (after and after.group().isupper())
    if is_abbreviation or around.HOLY.search(before) or _is_of_place(shown, found.end()):
        return False
    if _may_be_given(word):
        return _is_given_here(shown, found, after, before)
    return (
        _is_given(word)
        or (after is not None and _is_family_alone(after.group()) and _is_plain(word))
        or (_is_family_alone(word) and bool(around.DOES.match(shown, found.end())))
        or _is_unknown_name(shown, found, before)
    )


def _is_given_here(
    shown: str, found: re.Match[str], after: re.Match[str] | None, before: str
) -> bool:
    """Whether a name that is also a word is meant as a name."""
    if after and (_is_family(after.group()) or _is_followed_by_is(shown, after)):
        return True
    if _is_unknown_name(shown, found, before):
        return True
    word, does = _bare(found.group()), bool(around.DOES.match(shown, found.end()))
    if word in around.VERBS_AND_MONTHS:
        return False
    if word not in around.NEVER_ALONE:
        return does or not _begins(before)
    told = bool(around.SPOKE.search(before) or around.TOLD.search(before))
    return does or (told and not re.match(r" [A-Z]", shown[found.end() : found.end() + 2]))


def _before(shown: str, found: re.Match[str]) -> str:
    """The words before one, as many as matter."""
    return shown[max(0, found.start() - _LOOKED_BACK) : found.start()]


def _is_followed_by_is(shown: str, after: re.Match[str]) -> bool:
    """Whether what may be a family name that no list has is followed by what somebody is or does."""
    return _is_plain(after.group()) and bool(around.IS.match(shown, after.end()))


def _is_unknown_name(shown: str, found: re.Match[str], before: str) -> bool:
    """Whether what stands around a word is only said of people."""
    word = _bare(found.group())
    if word in around.ROLES or len(word) < 3 or word in around.NO_SURNAME:  # noqa: PLR2004 (a letter or two is an abbreviation)
        return False
    if found.group().isupper():
        return False
    if re.search(r"(?:['’]s)$", found.group()) and around.OWNS.match(shown, found.end() - 2):
        return not _ends_in_role(before)
    if around.SURELY_DOES.match(shown, found.end()) and word not in _listed("words_in_notes"):
        return not _ends_in_role(before)
    return bool(around.SPOKE.search(before)) and bool(around.SPOKE_OF.match(shown, found.end()))


def _ends_in_role(before: str) -> bool:
    """Whether the word belongs to one before it, such as the second of “Work Coach”."""
    last = before.rstrip().rpartition(" ")[2]
    return bool(last) and last[:1].isupper() and before.endswith(" ") and last[-1:].isalpha()


def _is_low_name(shown: str, found: re.Match[str]) -> bool:
    """Whether a word in small letters is a name: after “spoke to”, or before “said”."""
    if not _is_given(found.group()) or not found.group().islower():
        return False
    before = _before(shown, found)
    return bool(around.SPOKE.search(before)) or bool(around.SURELY_DOES.match(shown, found.end()))


def _is_plain(word: str) -> bool:
    """Whether a word may be a given name that no list has: letters, a capital, no role or day."""
    folded = _bare(word)
    return (
        len(folded) > 1
        and folded not in around.ROLES | around.NO_SURNAME
        and folded not in _listed("words_in_notes")
        and not word.isupper()
    )


def _is_of_place(shown: str, end: int) -> bool:
    return bool(around.PLACE_AFTER.match(shown, end) or around.SONS_AFTER.match(shown, end))


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _begins(before: str) -> bool:
    """Whether a sentence begins here, so that every word has a capital."""
    return not before.strip() or before.rstrip()[-1] in '.!?:;–-•*("“'
