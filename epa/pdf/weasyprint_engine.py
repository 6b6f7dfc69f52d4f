"""The second engine, WeasyPrint: tagged PDF with repeated table heads, in a process of its own."""

import dataclasses
import json
import sys
from pathlib import Path

from epa.pdf.document import (
    FOOTER_FONTS,
    FOOTER_INDENT,
    MARGINS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Document,
)
from epa.pdf.processes import run_engine

PROCESS = Path(__file__).with_name("weasyprint_process.py")


def render(document: Document, *, timeout: float) -> bytes:
    """The document as a PDF/UA, or PdfFailed."""
    order = dataclasses.asdict(document) | {"page_css": page_css(document.footer)}
    return run_engine(
        "WeasyPrint",
        [sys.executable, "-I", str(PROCESS)],
        given=json.dumps(order).encode("utf-8"),
        timeout=timeout,
    )


def page_css(footer: str) -> str:
    """The page's size, margins and foot. The foot is an artefact: a screen reader skips it."""
    top, right, bottom, left = MARGINS
    width = PAGE_WIDTH - left - right - FOOTER_INDENT
    foot = f"font: 8pt/1.4 {FOOTER_FONTS}; color: #4b5764; vertical-align: top; padding-top: 2.5mm;"
    return f"""
@page {{
  size: {PAGE_WIDTH}mm {PAGE_HEIGHT}mm;
  margin: {top}mm {right}mm {bottom}mm {left}mm;
  @bottom-left {{
    content: {_css_string(footer)}; width: {width - 28}mm; text-align: left; {foot}
    margin: 6mm 0 0 {FOOTER_INDENT}mm; border-top: 0.5pt solid #d9d4c8;
  }}
  @bottom-right {{
    content: "Page " counter(page) " of " counter(pages); width: 28mm; text-align: right; {foot}
    margin: 6mm 0 0 0; border-top: 0.5pt solid #d9d4c8;
  }}
}}
"""


def _css_string(text: str) -> str:
    """A CSS string in which nothing but letters, digits and spaces stands unescaped."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
