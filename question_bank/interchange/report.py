"""What an import would do, written as it is found: one JSON document, in memory that stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TextIO

from question_bank.interchange.outcome import Duplicate, Entry, Refused

_SPOOLED: Final = 1_000_000  # bytes of each list kept in memory


@dataclass
class Counts:
    """How many of each there were."""

    read: int = 0
    accepted: int = 0
    drafts: int = 0
    refused: int = 0
    duplicates: int = 0


class Report:
    """A report being written; each list grows in a file of its own until all is read.

    Args:
        lists: a file for each list, to write to and read from.
    """

    def __init__(self, lists: Mapping[str, IO[bytes]]) -> None:
        self.counts = Counts()
        self._lists = lists

    def add(self, entries: Iterable[Entry]) -> None:
        """Take the entries in, one after the other."""
        for entry in entries:
            self.counts.read += 1
            if isinstance(entry, Duplicate):
                self.counts.duplicates += 1
            elif isinstance(entry, Refused):
                self._write("refused", {"reference": entry.reference, "reason": entry.reason})
            elif entry.lacks:
                beside = {"lacks": list(entry.lacks), "notes": list(entry.notes)}
                self._write("drafts", entry.item.as_json() | beside)
            else:
                self._write("accepted", entry.item.as_json() | {"notes": list(entry.notes)})

    def refuse(self, reference: str, reason: str) -> None:
        """Say of the file itself that it could not be read, or not further."""
        self._write("refused", {"reference": reference, "reason": reason})

    def _write(self, name: str, document: dict[str, Any]) -> None:
        count = getattr(self.counts, name)
        setattr(self.counts, name, count + 1)
        text = json.dumps(document, ensure_ascii=True)
        self._lists[name].write((",\n" if count else "").encode() + text.encode())

    def print_to(self, out: TextIO, form: str | None) -> None:
        """Print the one document."""
        out.write(f'{{"format": {json.dumps(form)},\n"read": {self.counts.read}')
        for name, written in self._lists.items():
            out.write(f',\n"{name}": [')
            written.seek(0)
            while piece := written.read(_SPOOLED):
                out.write(piece.decode())
            out.write("]")
        out.write(f',\n"duplicates": {self.counts.duplicates}}}\n')


@contextmanager
def new_report() -> Iterator[Report]:
    """A report whose files go when it is done with."""
    with (
        SpooledTemporaryFile(_SPOOLED) as accepted,
        SpooledTemporaryFile(_SPOOLED) as drafts,
        SpooledTemporaryFile(_SPOOLED) as refused,
    ):
        yield Report({"accepted": accepted, "drafts": drafts, "refused": refused})
