"""One look over a text: everything that looks like personal data, in order."""

from __future__ import annotations

from dataclasses import dataclass

from epa.personal_data.kinds import Kind
from epa.personal_data.names import names
from epa.personal_data.numbers import numbers
from epa.personal_data.places import places

# A note is a page at most; what is longer is looked over in pieces of this many characters.
_PIECE = 20_000


@dataclass(frozen=True)
class Finding:
    """A piece of a text: its kind, its line from 1, and from where to where in the whole text.

    What it says is not kept: whoever shows it has the text.
    """

    kind: Kind
    line: int
    start: int
    end: int


def findings(text: str) -> list[Finding]:
    """Everything in a text that looks like a person's data, in order; one finding to a place."""
    found: list[Finding] = []
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for begin in range(0, max(len(line), 1), _PIECE):
            piece = line[begin : begin + _PIECE]
            for kind, start, end in _of_line(piece):
                at = offset + begin
                found.append(Finding(kind, number, at + start, at + end))
        offset += len(line) + 1
    return found


def _of_line(line: str) -> list[tuple[Kind, int, int]]:
    """What one line holds; where two overlap, what was looked for first stands."""
    taken: list[tuple[Kind, int, int]] = []
    for look in (numbers, places, names):
        for kind, start, end in look(line):
            if all(end <= other or start >= other_end for _, other, other_end in taken):
                taken.append((kind, start, end))
    return sorted(taken, key=lambda one: one[1])
