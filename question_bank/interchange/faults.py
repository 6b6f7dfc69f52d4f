"""What can be wrong with a file or an item, and how much of either is read at most."""

from __future__ import annotations

from typing import Final

LARGEST_FILE: Final = 500_000_000  # bytes
LARGEST_ENTRY: Final = 50_000_000  # bytes of one file inside a package, unpacked
LARGEST_PACKAGE: Final = 2_000_000_000  # bytes of all of them
MOST_ENTRIES: Final = 100_000
STEEPEST_RATIO: Final = 200  # unpacked by packed; asked only of what is large enough to hurt
HARMLESS: Final = 1_000_000  # bytes
DEEPEST: Final = 100  # elements inside one another
LONGEST_TEXT: Final = 200_000  # characters of one stem, option, guide
LARGEST_PICTURE: Final = 10_000_000  # bytes
MOST_PICTURES: Final = 50  # of one item
MOST_TEXTS: Final = 20  # that one item shows from other files of its package


class Unreadable(ValueError):
    """A file that gives no items at all; the text says why, for a person."""


class Unfit(ValueError):
    """One item that cannot be taken over; the text says why, for a person."""
