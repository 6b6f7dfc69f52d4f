"""The first engine, wkhtmltopdf through pdfkit: without scripts, files or network."""

import secrets
import shutil
from html import escape
from io import BytesIO

import pdfkit
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from epa.pdf.copied_text import mend_copied_text
from epa.pdf.document import (
    FOOTER_FONTS,
    FOOTER_HEIGHT,
    FOOTER_INDENT,
    MARGINS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Document,
)
from epa.pdf.old_engine_tables import keep_rows_whole
from epa.pdf.processes import PdfFailed, run_engine

# Together these stopped every request in trials; each alone left a way. Nobody answers on the
# discard port of this machine.
SHUT_IN: dict[str, str | None] = {
    "disable-javascript": None,
    "disable-local-file-access": None,
    "disable-plugins": None,
    "proxy": "http://127.0.0.1:9",
    "load-error-handling": "ignore",
    "load-media-error-handling": "ignore",
}
# The engine sets everything at 96/100 of its size and then shrinks it by a quarter, whatever the
# options for zoom and resolution say. So pages are made smaller by as much, and enlarged after.
SHRINKS_TO = 0.768
POINTS_PER_MILLIMETRE = 72 / 25.4
SIDES = ("top", "right", "bottom", "left")


def render(document: Document, *, timeout: float) -> bytes:
    """The document as a PDF with its foot, title and language stamped on, or PdfFailed.

    Debian's wkhtmltopdf is built without the changes to Qt that know footers and page numbers. So
    a second run sets one strip for each page, and the strips are laid over the pages. The engine's
    own text setting thereby also serves the foot: any name prints in any script.
    """
    top, right, bottom, left = MARGINS
    margins = {"top": top, "right": right, "bottom": bottom, "left": left}
    whole = keep_rows_whole(document.html)
    body = _wkhtmltopdf(whole, (PAGE_WIDTH, PAGE_HEIGHT), margins, timeout)
    try:
        writer = PdfWriter(clone_from=BytesIO(body))
        _lay_feet(writer, document.footer, timeout)
        for page in writer.pages:
            _enlarge(page)
        mend_copied_text(writer)
        _name(writer, document)
        made = BytesIO()
        writer.write(made)
    except PyPdfError as fault:
        raise PdfFailed(
            "The PDF engine wkhtmltopdf made a document that cannot be read."
        ) from fault
    return made.getvalue()


def _wkhtmltopdf(
    html: str, page: tuple[int, int], margins: dict[str, int], timeout: float
) -> bytes:
    """One run of the engine. Page and margins are in millimetres."""
    options: dict[str, str | None] = {
        **SHUT_IN,
        "encoding": "utf-8",
        "page-width": _shrunk(page[0]),
        "page-height": _shrunk(page[1]),
        **{f"margin-{side}": _shrunk(margins.get(side, 0)) for side in SIDES},
    }
    # pdfkit takes engine options from <meta> elements of the document whose names begin with a
    # prefix: with the usual prefix, a document could ask for its files and scripts back.
    configuration = pdfkit.configuration(
        wkhtmltopdf=shutil.which("wkhtmltopdf") or "", meta_tag_prefix=secrets.token_hex(16)
    )
    command = pdfkit.PDFKit(html, "string", options=options, configuration=configuration).command()
    return run_engine("wkhtmltopdf", command, given=html.encode("utf-8"), timeout=timeout)


def _shrunk(millimetres: int) -> str:
    return f"{millimetres * SHRINKS_TO:.3f}mm"


def _lay_feet(writer: PdfWriter, footer: str, timeout: float) -> None:
    """Lay the line and "Page 1 of 3" over the bottom margin of every page."""
    pages = len(writer.pages)
    strips = PdfReader(
        BytesIO(_wkhtmltopdf(feet(footer, pages), (PAGE_WIDTH, FOOTER_HEIGHT), {}, timeout))
    ).pages
    if len(strips) != pages:
        raise PdfFailed("The PDF engine wkhtmltopdf could not set the page numbers.")
    for page, strip in zip(writer.pages, strips, strict=True):
        page.merge_page(strip)


def _enlarge(page: PageObject) -> None:
    """Bring a page to its full size.

    The library would take the page's whole content to pieces to say one matrix before it, which
    is slower than the engine itself: it is shown a page without content, for boxes and links.
    """
    content, box = page.get_contents(), page.mediabox
    width, height = PAGE_WIDTH * POINTS_PER_MILLIMETRE, PAGE_HEIGHT * POINTS_PER_MILLIMETRE
    matrix = f"{width / float(box.width)} 0 0 {height / float(box.height)} 0 0 cm\n"
    page.replace_contents(None)
    page.scale_to(width, height)
    if content is not None:
        content.set_data(matrix.encode("ascii") + content.get_data())
        content.isolate_graphics_state()
        page.replace_contents(content)


def feet(footer: str, pages: int) -> str:
    """HTML with one strip per page: the line on the left, the page's number on the right."""
    right, left = MARGINS[1], MARGINS[3] + FOOTER_INDENT
    strip = (
        "<div class='{kind}'><table><tr><td>{footer}</td>"
        "<td class='number'>Page {number} of {pages}</td></tr></table></div>"
    )
    strips = "".join(
        strip.format(
            kind="last" if number == pages else "strip",
            footer=escape(footer),
            number=number,
            pages=pages,
        )
        for number in range(1, pages + 1)
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><style>
html, body {{ margin: 0; padding: 0; }}
.strip {{ page-break-after: always; }}
.strip, .last {{ margin-left: {left}mm; width: {PAGE_WIDTH - left - right}mm; }}
table {{ width: 100%; border-collapse: collapse; border-top: 0.5pt solid #d9d4c8; }}
td {{ font: 8pt/1.4 {FOOTER_FONTS}; color: #4b5764; padding: 2.5mm 0 0; vertical-align: top; }}
.number {{ width: 28mm; text-align: right; white-space: nowrap; }}
</style></head><body>{strips}</body></html>"""


def _name(writer: PdfWriter, document: Document) -> None:
    """Write title and language where readers look, and nothing about this machine or moment."""
    writer.metadata = {"/Title": document.title, "/Producer": "Plumbline"}
    catalogue = writer.root_object
    catalogue[NameObject("/Lang")] = TextStringObject(document.language)
    preferences = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(value=True)})
    catalogue[NameObject("/ViewerPreferences")] = preferences
