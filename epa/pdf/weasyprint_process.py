"""Run by the WeasyPrint engine as a script: one order as JSON in, one PDF out, then the end.

It stands alone, without imports from this project, so that it needs no path and starts quickly.
"""

import json
import logging
import sys
from typing import Any


def make_pdf(order: dict[str, str]) -> bytes:
    """The document as PDF/UA. Only `data:` addresses are fetched.

    Args:
        order: `html`, `title`, `language` and `page_css` (the page's size, margins and foot).
    """
    import weasyprint
    from weasyprint.urls import URLFetcher

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    nothing_but_data = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1"}
    sheet = weasyprint.CSS(string=order["page_css"], url_fetcher=nothing_but_data)
    source = weasyprint.HTML(string=order["html"], url_fetcher=nothing_but_data)
    document = source.render(stylesheets=[sheet], **options)
    document.metadata.title = order["title"]
    document.metadata.lang = order["language"]
    document.metadata.generator = "Plumbline"
    made: bytes = document.write_pdf(**options)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(make_pdf(json.load(sys.stdin)))
