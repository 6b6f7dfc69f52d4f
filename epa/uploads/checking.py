"""One file from outside: read within its limit, recognised, looked into, and handed on or refused."""

import codecs
import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Self
from uuid import UUID

from epa.uploads.images import redrawn
from epa.uploads.kinds import KINDS, Kind, UploadRefused, words_for
from epa.uploads.names import display_name, extension_of
from epa.uploads.packages import check_package
from epa.uploads.scanning import ScannerDown, is_clean

CHUNK = 64 * 1024
KEPT_IN_MEMORY = 1024 * 1024
END_OF_PDF = b"%%EOF"
# Tab, line and page ends are text, and so is the end mark of old editors.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
WEB_PAGES = frozenset({"text/html", "image/svg+xml", "application/xhtml+xml"})


@dataclass
class CheckedUpload:
    """A file that may be stored. Close it, or use it in a `with` block.

    Args:
        display_name: Its name as it may be shown, in any script.
        extension: In lower case without the dot.
        content_type: What it is to be served as.
        content: The content from its beginning; larger files lie on disk.
        size: Bytes.
        sha256: In hex, of the content as it will be stored.
        came_by: The upload in parts that it came by, if it did.
        is_held: Whether a scanner is set up and could not be asked: nobody gets it until it was.
    """

    display_name: str
    extension: str
    content_type: str
    content: IO[bytes]
    size: int
    sha256: str
    came_by: UUID | None = None
    is_held: bool = False

    def close(self) -> None:
        """Forget the content."""
        self.content.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def check_upload(
    filename: str, stream: IO[bytes], *, allowed: frozenset[str], max_bytes: int
) -> CheckedUpload:
    """Check one file from outside.

    Args:
        filename: The name the browser sent.
        stream: The content, read once, piece by piece.
        allowed: Extensions out of `KINDS` that this place takes.
        max_bytes: The largest size that is taken.

    Returns:
        The checked file. Pictures are drawn anew, so their size and digest differ from what came.

    Raises:
        UploadRefused: With one or two sentences that name the file and say what would do.
    """
    if fault := name_fault(filename, allowed):
        raise UploadRefused(fault)
    name = display_name(filename)
    extension = extension_of(name)
    content = _spooled(name, stream, max_bytes)
    try:
        checked = _recognised(name, content, extension)
    except BaseException:
        content.close()
        raise
    if checked is not content:
        content.close()
    try:
        is_held = not _is_scanned(name, checked)
    except BaseException:
        checked.close()
        raise
    size, sha256 = _measured(checked)
    kind = KINDS[extension].content_type
    return CheckedUpload(name, extension, kind, checked, size, sha256, is_held=is_held)


def _is_scanned(name: str, content: IO[bytes]) -> bool:
    """Whether the scanner let it pass, or none is set up; False when it is down."""
    try:
        if is_clean(content):
            return True
    except ScannerDown:
        return False
    raise UploadRefused(f"“{name}” is not taken: the virus scanner finds something in it.")


def name_fault(filename: str, allowed: frozenset[str]) -> str | None:
    """Say why no file of this name is taken, or None: it has none, or not an ending that is."""
    name = display_name(filename or "")
    if not name:
        return "The file has no name. Name it and try again."
    extension = extension_of(name)
    if extension in allowed and extension in KINDS:
        return None
    may_be = ", ".join(sorted(allowed & KINDS.keys()))
    return f"“{name}” is not a kind of file taken here. It can be: {may_be}."


def size_fault(filename: str, size: int, max_bytes: int) -> str | None:
    """Say why no file of this size is taken, or None: it is empty, or larger than it may be."""
    name = display_name(filename)
    if size < 1:
        return f"“{name}” is empty."
    return f"“{name}” is larger than {_in_words(max_bytes)}." if size > max_bytes else None


def _spooled(name: str, stream: IO[bytes], max_bytes: int) -> IO[bytes]:
    """What came, on disk when it is more than a megabyte."""
    content = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - handed on open
    try:
        _copied(name, stream, content, max_bytes)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return content


def _copied(name: str, stream: IO[bytes], content: IO[bytes], max_bytes: int) -> None:
    size = 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > max_bytes:
            break
        content.write(piece)
    if fault := size_fault(name, size, max_bytes):
        raise UploadRefused(fault)


def _recognised(name: str, content: IO[bytes], extension: str) -> IO[bytes]:
    """The content, or the picture drawn anew, once it is what its extension says."""
    kind = KINDS[extension]
    found = _found(content.read(CHUNK))
    content.seek(0)
    if extension in {"txt", "csv"}:
        if found in WEB_PAGES or not _is_text(content):
            raise UploadRefused(_lies(name, kind, found))
    elif found not in kind.recognised:
        raise UploadRefused(_lies(name, kind, found))
    if extension in {"jpg", "png"}:
        return redrawn(name, content, extension)
    if kind.main_part:
        check_package(name, content, kind)
    if extension == "pdf":
        _check_pdf(name, content)
    content.seek(0)
    return content


def _found(head: bytes) -> str:
    """What libmagic makes of the beginning."""
    try:
        import magic
    except ImportError as fault:
        raise UploadRefused(
            "Files cannot be taken just now: libmagic, which checks them, is not installed. "
            "Tell the administrator."
        ) from fault
    from_buffer: Callable[..., str] = magic.from_buffer
    return from_buffer(head, mime=True)


def _is_text(content: IO[bytes]) -> bool:
    """Whether it is UTF-8 (or UTF-16 with its mark, or Windows' western letters) without controls."""
    start = content.read(4)
    content.seek(0)
    encodings = ("utf-16",) if start.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "cp1252")
    readable = any(_decodes(content, encoding) for encoding in encodings)
    content.seek(0)
    return readable


def _decodes(content: IO[bytes], encoding: str) -> bool:
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := content.read(CHUNK):
            text = decoder.decode(piece)
            if CONTROLS.search(text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _check_pdf(name: str, content: IO[bytes]) -> None:
    """A PDF begins at its first byte and ends near its last: nothing hangs before or behind."""
    content.seek(0)
    begins = content.read(5) == b"%PDF-"
    size = content.seek(0, 2)
    content.seek(max(0, size - 1024))
    if not begins or END_OF_PDF not in content.read():
        raise UploadRefused(
            f"“{name}” is not a whole PDF: it is cut short or something hangs on it."
        )


def _lies(name: str, kind: Kind, found: str) -> str:
    return f"“{name}” should be {kind.words} by its name, but what it holds is {words_for(found)}."


def _measured(content: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    return size, digest.hexdigest()


def _in_words(size: int) -> str:
    for unit, bytes_in in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size >= bytes_in:
            return f"{size / bytes_in:.3g} {unit}"
    return f"{size} bytes"
