"""Documents as PDF: HTML in, bytes out, by either of two engines kept from network and disk."""

from epa.pdf.processes import PdfFailed
from epa.pdf.rendering import ENGINES, LONGEST_FOOTER, document_css, render_pdf

__all__ = ["ENGINES", "LONGEST_FOOTER", "PdfFailed", "document_css", "render_pdf"]
