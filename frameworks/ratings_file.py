"""Reading ratings from JSON, strictly: what is doubled or no number is named, never guessed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from frameworks.faults import Fault, RatingFaults, unreadable

LARGEST_FILE_BYTES = 1_000_000
LONGEST_NUMBER = 100


def read_ratings(path: Path | str) -> tuple[Any, tuple[Fault, ...]]:
    """Return what a file of ratings says, and the keys that stand in it twice.

    A number that JSON does not know (NaN) or nobody can mean (a hundred digits) comes back as
    its text, so that scoring refuses it at its place.

    Raises:
        RatingFaults: the file cannot be read, or is not JSON in UTF-8.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise RatingFaults([unreadable(name, error)]) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise RatingFaults([Fault(name, "", f"larger than {LARGEST_FILE_BYTES} bytes")])
    doubled: list[Fault] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, times in Counter(key for key, _ in pairs).items():
            if times > 1:
                doubled.append(Fault(name, key, f"the key stands {times} times"))
        return dict(pairs)

    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=unique,
            parse_int=_whole,
            parse_constant=str,
        )
    except UnicodeDecodeError as error:
        fault = Fault(name, f"byte {error.start + 1}", "UTF-8 text was expected")
        raise RatingFaults([fault]) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise RatingFaults([Fault(name, place, f"JSON was expected: {error.msg}")]) from error
    except RecursionError as error:
        raise RatingFaults([Fault(name, "", "nested too deeply")]) from error
    return document, tuple(doubled)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits
