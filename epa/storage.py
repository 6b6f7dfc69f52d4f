"""Where files lie: a folder by default or any object store, under keys that we make ourselves.

`STORAGE_URL` names the place: `file:///path` (the default is `$PLUMBLINE_DATA/files`) or
`s3://bucket/prefix`. For S3 the library reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION
and, for other makers' stores, AWS_ENDPOINT_URL from the environment.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from epa.errors import PlumblineError

Answer = TypeVar("Answer")
CHUNK = 1024 * 1024
KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}")


class StorageFailed(PlumblineError):
    """The store could not be opened, written or read."""


class FileMissing(StorageFailed):
    """Nothing is stored under this key."""


@dataclass(frozen=True)
class StoredObject:
    """What was stored: its key, its size in bytes and the SHA-256 of its content in hex."""

    key: str
    size: int
    sha256: str


class Storage:
    """One store of files. Files are written whole or not at all, and never changed after.

    Args:
        url: `file:///folder` (made when missing, readable by its owner alone), `s3://bucket/prefix`
            or another scheme that obstore knows.

    Raises:
        StorageFailed: The address is not one of a store, or the folder cannot be made.
    """

    def __init__(self, url: str) -> None:
        self._folder: Path | None = None
        try:
            if urlsplit(url).scheme == "file":
                self._folder = Path(unquote(urlsplit(url).path))
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._store: ObjectStore = LocalStore(self._folder)
            else:
                self._store = from_url(url)
        except (BaseError, ValueError, OSError) as fault:
            raise StorageFailed("STORAGE_URL does not name a store that can be opened.") from fault

    def put(self, content: bytes | IO[bytes]) -> StoredObject:
        """Store content under a new key, reading a stream piece by piece from where it stands.

        Raises:
            StorageFailed: The store did not take it; nothing is kept.
        """
        name = uuid.uuid4().hex
        return self._write(f"{name[:2]}/{name[2:4]}/{name}", content)

    def put_back(self, key: str, content: IO[bytes]) -> StoredObject:
        """Store a file of a backup under the key that it had.

        Raises:
            StorageFailed: The key is not one of ours, something is stored under it already, or the
                store did not take it.
        """
        if self.exists(_checked(key)):
            raise StorageFailed("Something is stored under this key already.")
        return self._write(key, content)

    def is_empty(self) -> bool:
        """Whether nothing is stored here.

        Raises:
            StorageFailed: The store does not answer.
        """
        return not _asked(lambda: next(iter(obstore.list(self._store, chunk_size=1)), None))

    def _write(self, key: str, content: bytes | IO[bytes]) -> StoredObject:
        digest, size = hashlib.sha256(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal size
            for piece in _pieces(content):
                digest.update(piece)
                size += len(piece)
                yield piece

        try:
            obstore.put(self._store, key, pieces())
            self._settle(key)
        except (BaseError, OSError) as fault:
            raise StorageFailed("The file could not be stored. Nothing was kept.") from fault
        return StoredObject(key, size, digest.hexdigest())

    def stream(self, key: str) -> Iterator[bytes]:
        """The content in pieces of about a megabyte; the file is looked up at once.

        Raises:
            FileMissing: Nothing is stored under this key.
            StorageFailed: The store does not answer.
        """
        found = _asked(lambda: obstore.get(self._store, _checked(key)))
        return iter(found.stream(min_chunk_size=CHUNK))

    def read(self, key: str) -> bytes:
        """The whole content, for files known to be small; raises as `stream` does."""
        return b"".join(self.stream(key))

    def exists(self, key: str) -> bool:
        """Whether something is stored under this key."""
        try:
            _asked(lambda: obstore.head(self._store, _checked(key)))
        except FileMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove a file for good; one that is gone already stays gone."""
        try:
            _asked(lambda: obstore.delete(self._store, _checked(key)))
        except FileMissing:
            return

    def check(self) -> None:
        """Write, read and remove a small file.

        Raises:
            StorageFailed: One of the three did not work.
        """
        stored = self.put(b"plumbline")
        try:
            if self.read(stored.key) != b"plumbline":
                raise StorageFailed("The store gives back something else than was stored.")
        finally:
            self.delete(stored.key)

    def _settle(self, key: str) -> None:
        """Make a file in a folder survive a loss of power, as rows in the database do."""
        if self._folder is None:
            return
        path = self._folder / key
        for place in (path, *path.relative_to(self._folder).parents):
            descriptor = os.open(self._folder / place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _asked(question: Callable[[], Answer]) -> Answer:
    """The store's answer, its faults in our words."""
    try:
        return question()
    except FileNotFoundError as fault:
        raise FileMissing("Nothing is stored under this key.") from fault
    except (BaseError, OSError) as fault:
        raise StorageFailed("The store of files does not answer.") from fault


def _pieces(content: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while piece := content.read(CHUNK):
        yield piece


def _checked(key: str) -> str:
    """The key, if it is one of ours: nothing else is ever looked up, above all no path."""
    if not KEY.fullmatch(key):
        raise FileMissing("Nothing is stored under this key.")
    return key
