"""Zipped office documents looked into: the right parts, no macros, no bombs, no odd paths."""

import struct
import zipfile
from typing import IO

from epa.uploads.kinds import Kind, UploadRefused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 1024**3
MOST_RATIO = 150
RATIO_COUNTS_FROM = 20 * 1024**2
LONGEST_DECLARATION = 1024**2
END = struct.Struct("<4s4H2LH")
LARGEST_DIRECTORY = 4 * 1024**2


def check_package(name: str, stream: IO[bytes], kind: Kind) -> None:
    """Refuse a zipped document that is broken, dangerous or of another kind than it says.

    Raises:
        UploadRefused: With the reason.
    """
    try:
        _check_directory(name, stream)
        with zipfile.ZipFile(stream) as package:
            entries = package.infolist()
            _check_entries(name, entries)
            names = {entry.filename for entry in entries}
            declared = _declared(package, names)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as fault:
        raise UploadRefused(f"“{name}” cannot be opened: it is damaged or cut short.") from fault
    if any("vbaproject" in n.lower() or n.startswith(("Basic/", "Scripts/")) for n in names):
        raise UploadRefused(f"“{name}” holds macros. Save it without macros and try again.")
    if kind.main_part not in declared:
        raise UploadRefused(f"“{name}” should be {kind.words}, but it is another kind of archive.")


def _check_directory(name: str, stream: IO[bytes]) -> None:
    """Before the list of entries is read into memory: it is short, and nothing stands before it."""
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        raise zipfile.BadZipFile
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END.size - 0xFFFF))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END.size:
        raise zipfile.BadZipFile
    end = END.unpack_from(tail, at)
    if b"PK\x06\x07" in tail[:at][-20:] or end[4] > MOST_ENTRIES or end[5] > LARGEST_DIRECTORY:
        raise UploadRefused(f"“{name}” holds more parts than a document has.")


def _check_entries(name: str, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or len(set(names)) != len(names):
        raise UploadRefused(f"“{name}” holds more parts than a document has.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UploadRefused(f"“{name}” is locked with a password. Save it without one.")
    if any(_leads_out(entry) for entry in entries):
        raise UploadRefused(f"“{name}” holds parts with paths that no document has.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    too_dense = unpacked > RATIO_COUNTS_FROM and unpacked > packed * MOST_RATIO
    if unpacked > MOST_UNPACKED or too_dense:
        raise UploadRefused(f"“{name}” would unpack to far more than a document holds.")


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    path = entry.orig_filename
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or "\0" in path or ":" in parts[0]


def _declared(package: zipfile.ZipFile, names: set[str]) -> str:
    """What the package says it holds: the list of types of OOXML or the type of OpenDocument."""
    where = "[Content_Types].xml" if "[Content_Types].xml" in names else "mimetype"
    if where not in names:
        return ""
    with package.open(where) as declaration:
        said = declaration.read(LONGEST_DECLARATION).decode("utf-8", "replace")
    if where == "mimetype" and "META-INF/manifest.xml" in names:
        return said.strip()
    return said if where != "mimetype" else ""
