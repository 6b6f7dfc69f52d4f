"""The kinds of file that may come in, and what each is recognised by."""

from dataclasses import dataclass, field

from epa.errors import RuleBroken

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
ZIPPED = frozenset({"application/zip", "application/octet-stream"})


class UploadRefused(RuleBroken):
    """A file that is not taken in; the message names it and says what would do."""

    def __init__(self, message: str) -> None:
        super().__init__("upload-refused", message)


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Args:
        words: What people call it, with its article.
        content_type: What it is served as.
        recognised: The types libmagic may find in it.
        main_part: For a zipped document, the type that its contents must declare.
    """

    words: str
    content_type: str
    recognised: frozenset[str] = field(default_factory=frozenset)
    main_part: str = ""


def _kind(words: str, content_type: str, *also: str) -> Kind:
    return Kind(words, content_type, frozenset({content_type, *also}))


def _ooxml(words: str, name: str, main: str) -> Kind:
    return Kind(words, OOXML + name, ZIPPED | {OOXML + name}, f"{OOXML}{main}.main+xml")


def _odf(words: str, name: str) -> Kind:
    return Kind(words, ODF + name, ZIPPED | {ODF + name}, ODF + name)


KINDS: dict[str, Kind] = {
    "pdf": _kind("a PDF", "application/pdf"),
    "docx": _ooxml("a Word document", "wordprocessingml.document", "wordprocessingml.document"),
    "xlsx": _ooxml("an Excel workbook", "spreadsheetml.sheet", "spreadsheetml.sheet"),
    "pptx": _ooxml(
        "a PowerPoint presentation",
        "presentationml.presentation",
        "presentationml.presentation",
    ),
    "odt": _odf("an OpenDocument text", "text"),
    "odp": _odf("an OpenDocument presentation", "presentation"),
    "ods": _odf("an OpenDocument spreadsheet", "spreadsheet"),
    "txt": Kind("plain text", "text/plain"),
    "csv": Kind("a table as text (CSV)", "text/csv"),
    "jpg": _kind("a JPEG picture", "image/jpeg"),
    "png": _kind("a PNG picture", "image/png"),
    "mp3": _kind("an MP3 recording", "audio/mpeg"),
    "m4a": _kind("an M4A recording", "audio/mp4", "audio/x-m4a", "video/mp4"),
    "wav": _kind("a WAV recording", "audio/wav", "audio/x-wav", "audio/vnd.wave"),
    "mp4": _kind("an MP4 video", "video/mp4", "video/x-m4v"),
}
FOUND_WORDS = {
    "text/html": "a web page",
    "image/svg+xml": "an SVG drawing",
    "application/x-dosexec": "a program",
    "application/vnd.microsoft.portable-executable": "a program",
    "application/x-executable": "a program",
    "application/x-pie-executable": "a program",
    "application/zip": "a ZIP archive",
    "text/plain": "plain text",
    "application/octet-stream": "data of no known kind",
}


def words_for(found: str) -> str:
    """What libmagic found, in people's words where we have them."""
    known = {kind.content_type: kind.words for kind in KINDS.values()}
    return (FOUND_WORDS | known).get(found, f"of the type {found}")
