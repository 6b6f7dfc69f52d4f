"""Cells of a file for a spreadsheet, of which none is taken for a formula."""

from __future__ import annotations

from typing import Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows as text: an apostrophe before what would be a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
