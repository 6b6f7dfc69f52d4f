"""Writing items in any known format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import IO

from question_bank.interchange.gift_writing import write_gift
from question_bank.interchange.item import Item
from question_bank.interchange.moodle_writing import write_moodle
from question_bank.interchange.qti_writing import QTI_2_2, QTI_3_0, write_package
from question_bank.interchange.table_files import write_csv, write_xlsx


class ExportFormat(StrEnum):
    """A format that items are written in."""

    QTI_3 = "qti3"
    QTI_2 = "qti2"
    MOODLE_XML = "moodle-xml"
    GIFT = "gift"
    CSV = "csv"
    XLSX = "xlsx"


def write(items: Iterable[Item], chosen: ExportFormat, out: IO[bytes], options: int) -> None:
    """Write items, one after the other.

    QTI and Moodle XML carry everything, so that reading them gives the same items again. CSV and
    XLSX do too, pictures inside the texts. GIFT has no place for marks and guides.

    Args:
        items: the items; memory does not grow with their number.
        chosen: the format.
        out: where to; for QTI and XLSX it must be able to seek.
        options: the most options that an item has; tables need to know before the first row.

    Raises:
        Unfit: a table cannot hold an item; the text names it.
    """
    writers: dict[ExportFormat, Callable[[Iterable[Item], IO[bytes]], None]] = {
        ExportFormat.QTI_3: partial(write_package, version=QTI_3_0),
        ExportFormat.QTI_2: partial(write_package, version=QTI_2_2),
        ExportFormat.MOODLE_XML: write_moodle,
        ExportFormat.GIFT: write_gift,
        ExportFormat.CSV: partial(write_csv, options=options),
        ExportFormat.XLSX: partial(write_xlsx, options=options),
    }
    writers[chosen](items, out)
