"""Pictures of items: which kinds are taken, and the name each gets from its own bytes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from question_bank.interchange.faults import LARGEST_PICTURE, MOST_PICTURES

# What a picture of each kind begins with: the name it came under is not believed.
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
)
_NAME_LENGTH: Final = 16
FOLDER: Final = "pictures"

Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Picture:
    """A picture that a text shows.

    Attributes:
        name: what the text calls it, `pictures/DIGEST.png`; the same bytes have the same name.
        media_type: its kind, from its bytes.
        data: its bytes, as they came. They are to be re-encoded before they are stored.
    """

    name: str
    media_type: str
    data: bytes


class PictureMissing(ValueError):
    """A picture that cannot be taken over; the text says why."""


class Album:
    """The pictures of one item, gathered while its texts are read.

    Args:
        fetch: gives the bytes behind an address inside the package, or None. Nothing is ever
            fetched from outside.
    """

    def __init__(self, fetch: Fetch | None = None) -> None:
        self._fetch = fetch
        self._pictures: dict[str, Picture] = {}

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What was gathered, by name."""
        return tuple(self._pictures[name] for name in sorted(self._pictures))

    @contextmanager
    def fetching(self, fetch: Fetch) -> Iterator[None]:
        """Take addresses from another place for a while: a field with files of its own."""
        before, self._fetch = self._fetch, fetch
        try:
            yield
        finally:
            self._fetch = before

    def add(self, address: str) -> str:
        """Take a picture in.

        Returns:
            Its name.

        Raises:
            PictureMissing: it is not there, lies outside, is of another kind, or is too large.
        """
        picture = picture_of(self._bytes(address), _shown(address))
        if picture.name not in self._pictures and len(self._pictures) >= MOST_PICTURES:
            raise PictureMissing(f"there are more than {MOST_PICTURES} pictures")
        self._pictures[picture.name] = picture
        return picture.name

    def _bytes(self, address: str) -> bytes:
        if not address:
            raise PictureMissing("a picture has no usable address")
        if address.lower().startswith("data:"):
            return _inline(address)
        parts = _split(address)
        if parts is None or parts.scheme or parts.netloc:
            raise PictureMissing(f"the picture {_shown(address)} lies outside and is not fetched")
        data = self._fetch(address) if self._fetch else None
        if data is None:
            raise PictureMissing(f"the picture {_shown(address)} is not in the file")
        return data


def picture_of(data: bytes, shown: str) -> Picture:
    """The picture that these bytes are.

    Raises:
        PictureMissing: they are no PNG, JPEG or GIF, or too many.
    """
    if len(data) > LARGEST_PICTURE:
        raise PictureMissing(f"the picture {shown} is larger than {LARGEST_PICTURE:,} bytes")
    for beginning, media_type, extension in _BEGINNINGS:
        if data.startswith(beginning):
            name = sha256(data).hexdigest()[:_NAME_LENGTH]
            return Picture(f"{FOLDER}/{name}.{extension}", media_type, data)
    raise PictureMissing(f"the picture {shown} is neither PNG, JPEG nor GIF")


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _inline(address: str) -> bytes:
    """The bytes of a data address."""
    head, _, body = address.partition(",")
    try:
        if head.lower().endswith(";base64"):
            return base64.b64decode(unquote_to_bytes(body), validate=False)
        return unquote_to_bytes(body)
    except (binascii.Error, ValueError) as error:
        raise PictureMissing("a picture inside the text cannot be decoded") from error


def _shown(address: str) -> str:
    """As much of an address as a message should hold."""
    short = address[:60].rstrip()
    return repr(short if short == address else short + "…")
