"""Small real files for the demonstration: a text, a picture and a PDF, made on the spot."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from epa.uploads import KINDS, CheckedUpload

_WIDTH: Final = 480
_ROW: Final = 36
_INK: Final = (27, 38, 49)
_GREEN: Final = (28, 91, 84)
_PAPER: Final = (251, 250, 246)


def text_file(name: str, lines: list[str]) -> CheckedUpload:
    """A plain text file."""
    return _upload(name, "txt", ("\n".join(lines) + "\n").encode())


def table_file(name: str, lines: list[str]) -> CheckedUpload:
    """A table as CSV, its head first."""
    return _upload(name, "csv", ("\n".join(lines) + "\n").encode())


def ladder_picture(name: str, scores: list[tuple[str, int]]) -> CheckedUpload:
    """A bar chart of scores out of ten, as somebody might draw it with a service user."""
    picture = Image.new("RGB", (_WIDTH, _ROW * len(scores) + 20), _PAPER)
    drawing = ImageDraw.Draw(picture)
    for row, (label, score) in enumerate(scores):
        top = 10 + row * _ROW
        drawing.text((12, top + 8), label, fill=_INK)
        drawing.rectangle((170, top + 4, 170 + score * 28, top + 26), fill=_GREEN)
        drawing.text((180 + score * 28, top + 8), f"{score} / 10", fill=_INK)
    made = BytesIO()
    picture.save(made, "PNG")
    return _upload(name, "png", made.getvalue())


def slides(name: str, pages: list[list[str]]) -> CheckedUpload:
    """A PDF with one page of large lines for each slide."""
    first_page = 4
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "\n".join(f"({_escaped(line)}) Tj T*" for line in lines)
        stream = f"BT /F1 22 Tf 60 430 Td 34 TL\n{drawn}\nET"
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 540]"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {first_page + 2 * number + 1} 0 R >>"
            ),
            f"<< /Length {len(_encoded(stream))} >>\nstream\n{stream}\nendstream",
        ]
    return _upload(name, "pdf", _pdf(objects))


def _pdf(objects: list[str]) -> bytes:
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += _encoded(f"{number} 0 obj\n{body}\nendobj\n")
    table = len(made)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    made += _encoded(
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    )
    return bytes(made)


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", "replace")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _upload(name: str, extension: str, content: bytes) -> CheckedUpload:
    """Our own file as one that was checked: the checks need a library that may be missing."""
    return CheckedUpload(
        display_name=f"{name}.{extension}",
        extension=extension,
        content_type=KINDS[extension].content_type,
        content=BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
