"""A zip from outside, read in place: nothing is unpacked to disk, nothing leads out of it."""

from __future__ import annotations

import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from question_bank.interchange.faults import (
    HARMLESS,
    LARGEST_ENTRY,
    LARGEST_PACKAGE,
    MOST_ENTRIES,
    STEEPEST_RATIO,
    Unreadable,
)

_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Package:
    """An open zip whose entries have been looked at before anything is unpacked.

    Args:
        stream: the zip.

    Raises:
        Unreadable: it is no zip, or holds a path that leads out of it, a link, something
            encrypted, or what would unpack to more than is read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except (*_BROKEN, OSError, ValueError) as error:
            raise Unreadable(f"it is not a usable zip: {error}") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Unreadable(f"it holds more than {MOST_ENTRIES:,} files")
        for entry in entries:
            _check(entry)
        if sum(entry.file_size for entry in entries) > LARGEST_PACKAGE:
            raise Unreadable(f"it would unpack to more than {LARGEST_PACKAGE:,} bytes")
        self.names = {entry.filename: entry for entry in entries if not entry.is_dir()}

    def read(self, name: str) -> bytes | None:
        """The bytes of an entry; None when there is none of this name.

        Raises:
            Unreadable: it cannot be unpacked, or to more than it said.
        """
        entry = self.names.get(name)
        if entry is None:
            return None
        with self.opened(name) as stream, _in_words(name):
            return stream.read(entry.file_size)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """An entry to read from piece by piece."""
        with _in_words(name):
            stream = self._zip.open(name)
        with stream:
            yield stream

    def resolved(self, address: str, beside: str) -> str | None:
        """The name of the entry that an address means.

        Args:
            address: as a document writes it, perhaps with %20 for a space.
            beside: the name of that document.

        Returns:
            None when no entry of the package is meant.
        """
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return None
        folder = posixpath.dirname(beside)
        for path in (unquote(parts.path), parts.path):
            name = posixpath.normpath(posixpath.join(folder, path))
            if name in self.names:
                return name
        return None


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise Unreadable(f"it holds a path that leads out of it: {name[:100]!r}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(f"it holds a link: {name[:100]!r}")
    if entry.flag_bits & _ENCRYPTED:
        raise Unreadable(f"it holds an encrypted file: {name[:100]!r}")
    if entry.file_size > LARGEST_ENTRY:
        raise Unreadable(f"{name[:100]!r} would unpack to more than {LARGEST_ENTRY:,} bytes")
    if entry.file_size > HARMLESS and entry.file_size > STEEPEST_RATIO * entry.compress_size:
        raise Unreadable(
            f"{name[:100]!r} would unpack to more than {STEEPEST_RATIO} times its size"
        )


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except (*_BROKEN, OSError) as error:
        raise Unreadable(f"{name[:100]!r} cannot be unpacked: {error}") from error
