"""What a document is before an engine makes a PDF of it, and the margins both engines keep."""

from dataclasses import dataclass

# Millimetres on A4: top, right, bottom, left. The left is narrow because the stylesheet keeps a
# gutter of its own for the plumb line. The footer stands in the bottom margin.
MARGINS = (16, 22, 24, 12)
FOOTER_INDENT = 14  # where the text begins, right of the gutter
FOOTER_HEIGHT = 16
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
FOOTER_FONTS = "'Noto Serif', 'DejaVu Serif Condensed', Georgia, serif"


@dataclass(frozen=True)
class Document:
    """One document: whole HTML, a title, a language tag and the line at the foot of each page."""

    html: str
    title: str
    language: str
    footer: str
