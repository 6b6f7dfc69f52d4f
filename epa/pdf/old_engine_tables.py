"""Rewrite tables for wkhtmltopdf, which would otherwise cut rows and even lines over two pages."""

import re

TABLE = re.compile(r"<table\b([^>]*)>(.*?)</table\s*>", re.DOTALL | re.IGNORECASE)
SECTION = re.compile(r"</?(?:thead|tbody|tfoot)\b[^>]*>", re.IGNORECASE)
COLUMNS = re.compile(r"<colgroup\b.*?</colgroup\s*>", re.DOTALL | re.IGNORECASE)
CAPTION = re.compile(r"<caption\b.*?</caption\s*>", re.DOTALL | re.IGNORECASE)
ROW = re.compile(r"<tr\b.*?</tr\s*>", re.DOTALL | re.IGNORECASE)


def keep_rows_whole(html: str) -> str:
    """The document with tables that the old engine does not cut in the wrong place.

    In a table of several sections the engine loses count of the height and cuts lines of text in
    two: every table becomes one section. It heeds `page-break-inside: avoid` on tables but not on
    rows: a table whose columns have widths of their own (a `<colgroup>`) becomes a table per row,
    the head staying with the first. Its output carries no structure that this could spoil.
    """
    return TABLE.sub(_rewritten, html)


def _rewritten(table: re.Match[str]) -> str:
    attributes, inside = table.groups()
    columns = COLUMNS.search(inside)
    if columns is None or "rowspan" in inside.lower():
        return f"<table{attributes}>{SECTION.sub('', inside)}</table>"
    caption = CAPTION.search(inside)
    heads, _, body = inside.rpartition("</thead>")
    first, *others = ROW.findall(body) or [""]
    first = "".join(ROW.findall(heads)) + first
    captions = [caption.group() if caption else ""] + [""] * len(others)
    unbroken = ' style="table-layout: fixed; page-break-inside: avoid"'
    return "".join(
        f"<table{attributes}{unbroken}>{title}{columns.group()}{rows}</table>"
        for title, rows in zip(captions, [first, *others], strict=True)
    )
