"""Asking a virus scanner about a file, where one is set up: clamd, spoken to over a socket."""

import socket
from typing import IO, Final
from urllib.parse import urlsplit

CHUNK: Final = 256 * 1024
ANSWER_BYTES: Final = 1024
PATIENCE_SECONDS: Final = 60
CLAMD_PORT: Final = 3310
_LENGTH_BYTES: Final = 4


class ScannerDown(Exception):
    """The scanner cannot be asked, or gave no verdict; the file is to be held until it does."""


class _Place:
    """Where the scanner listens, given by the factory; None where there is none."""

    url: str | None = None


def use_scanner(url: str | None) -> None:
    """Ask the scanner at this address, `clamd://host:port`, from now on; None asks nobody."""
    _Place.url = url


def is_asked() -> bool:
    """Whether a scanner is set up."""
    return _Place.url is not None


def is_clean(content: IO[bytes]) -> bool:
    """Whether the scanner finds nothing in a file; where none is set up, nobody is asked.

    Args:
        content: read from its beginning; it stands at its end after.

    Raises:
        ScannerDown: the scanner does not answer, or cannot judge this file.
    """
    if _Place.url is None:
        return True
    content.seek(0)
    try:
        answer = _asked(_Place.url, content)
    except OSError as fault:
        raise ScannerDown from fault
    if answer.endswith(b"OK"):
        return True
    if answer.endswith(b"FOUND"):
        return False
    raise ScannerDown


def _asked(url: str, content: IO[bytes]) -> bytes:
    """Send a file to clamd as its INSTREAM command wants it: pieces with their length before."""
    address = urlsplit(url)
    where = (address.hostname or "", address.port or CLAMD_PORT)
    with socket.create_connection(where, timeout=PATIENCE_SECONDS) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := content.read(CHUNK):
            line.sendall(len(piece).to_bytes(_LENGTH_BYTES, "big") + piece)
        line.sendall(bytes(_LENGTH_BYTES))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(ANSWER_BYTES)):
            answer += more
    return answer.rstrip(b"\0").strip()
