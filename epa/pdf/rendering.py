"""Choose an engine, and give every document its title, language, footer and page numbers."""

import os
import shutil
from pathlib import Path

from epa.pdf import weasyprint_engine, wkhtmltopdf_engine
from epa.pdf.document import Document

ENGINES = ("wkhtmltopdf", "weasyprint")
STYLESHEET = Path(__file__).parents[2] / "static" / "css" / "document.css"
LONGEST_FOOTER = 160


def render_pdf(
    html: str,
    *,
    title: str,
    language: str = "en-GB",
    engine: str | None = None,
    footer: str = "",
    timeout: float = 20,
) -> bytes:
    """Make a PDF of a whole HTML document.

    Neither engine runs scripts or reads files or addresses: pictures come as inline SVG or `data:`.

    Args:
        html: The document with its stylesheet in a `<style>` element (see `document_css`).
        title: What the window and the document list say.
        language: BCP 47 tag of the document's language.
        engine: One of `ENGINES`; by default the setting PDF_ENGINE, else wkhtmltopdf. WeasyPrint
            serves whenever wkhtmltopdf is not installed.
        footer: One line at the foot of every page, left of "Page 1 of 3"; at most 160 characters.
        timeout: Seconds that one run of an engine may take (wkhtmltopdf runs twice).

    Returns:
        The PDF.

    Raises:
        PdfFailed: The engine hung or could not make the document.
        ValueError: The engine's name is unknown, the title is empty or the footer too long.
    """
    document = Document(
        html=_printable(html),
        title=" ".join(_printable(title).split()),
        language=language,
        footer=" ".join(_printable(footer).split()),
    )
    if not document.title:
        raise ValueError("A PDF needs a title.")
    if len(document.footer) > LONGEST_FOOTER:
        raise ValueError(f"A footer has at most {LONGEST_FOOTER} characters.")
    if _chosen(engine) == "weasyprint":
        return weasyprint_engine.render(document, timeout=timeout)
    return wkhtmltopdf_engine.render(document, timeout=timeout)


def document_css() -> str:
    """The stylesheet of printed documents, for a `<style>` element; empty where there is none."""
    return STYLESHEET.read_text(encoding="utf-8") if STYLESHEET.is_file() else ""


def _chosen(engine: str | None) -> str:
    """The engine that will do it: the one asked for, unless it is not installed."""
    name = engine or os.environ.get("PDF_ENGINE") or "wkhtmltopdf"
    if name not in ENGINES:
        raise ValueError(f"PDF_ENGINE is one of {', '.join(ENGINES)}, not {name!r}.")
    if name == "wkhtmltopdf" and shutil.which("wkhtmltopdf") is None:
        return "weasyprint"
    return name


def _printable(text: str) -> str:
    """The text without what UTF-8 or an HTML parser cannot take: lone surrogates and NUL."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
