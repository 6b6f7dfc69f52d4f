"""Saying what is wrong with what was given to a scheme: where, what was expected, what stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from frameworks.faults import Fault

LONGEST_QUOTE = 40


def unknown_keys(where: str, given: Mapping[Any, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    """Find the keys that mean nothing here."""
    for key in given:
        if key not in known:
            yield Fault("", f"{where}{name(key)}", f"unknown; expected here: {', '.join(known)}")


def shape(where: str, expected: str, given: object) -> Fault:
    """Return the fault of finding something else than was expected."""
    return Fault("", where, f"{expected} was expected, not {quoted(given)}")


def name(key: object) -> str:
    """Return a key as text, cut short when it is long."""
    text = str(key)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def quoted(given: object) -> str:
    """Return what was given as one would write it in JSON, cut short when it is long."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, Mapping):
        return "an object"
    if isinstance(given, list | tuple):
        return "a list"
    try:
        return name(repr(given) if not isinstance(given, str) else f"'{given}'")
    except ValueError:  # Python refuses to write out a number of thousands of digits.
        return "a number with thousands of digits"
