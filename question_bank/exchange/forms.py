"""The forms of an import and of an export."""

from __future__ import annotations

from typing import Final

from epa.files.forms import CHOOSE_AGAIN
from epa.web.fields import ChoiceField, FileBox, SelectBox, TextBox
from epa.web.forms import PlumblineForm
from question_bank.exchange.rules import ExportStatus
from question_bank.interchange.writing import ExportFormat

_MOST_MEGABYTES: Final = 20
_FORMAT_TITLES: Final = {
    ExportFormat.QTI_3: "QTI 3.0",
    ExportFormat.QTI_2: "QTI 2.2",
    ExportFormat.MOODLE_XML: "Moodle XML",
    ExportFormat.GIFT: "GIFT, without marks and guides",
    ExportFormat.CSV: "CSV",
    ExportFormat.XLSX: "Excel workbook (XLSX)",
}


class ImportForm(PlumblineForm):
    """A file of items."""

    file = FileBox(
        "File",
        endings=("zip", "xml", "csv", "xlsx", "txt", "gift"),
        most_megabytes=_MOST_MEGABYTES,
        called="The file",
        missing="Choose the file with the questions",
        hint="QTI (a zip package or one item), Moodle XML, GIFT, CSV or XLSX; at most 2,000"
        " questions",
    )

    @property
    def choose_again(self) -> str:
        """What to say when a file came but the page is shown again."""
        return CHOOSE_AGAIN if self.file.typed and not self.file.errors else ""


class ExportForm(PlumblineForm):
    """What to export, and why."""

    format = SelectBox("Format", called="The format", choices=tuple(_FORMAT_TITLES.items()))
    reason = TextBox(
        "Why the questions are taken out",
        rows=3,
        most_letters=1000,
        called="The reason",
        hint="Whoever decides reads it",
    )


class DecideExportForm(PlumblineForm):
    """The second person's decision on an export."""

    decision = ChoiceField(
        "Your decision",
        called="Your decision",
        choices=[
            (ExportStatus.APPROVED, "Approve it", "Whoever asked may fetch the file"),
            (ExportStatus.REFUSED, "Refuse it", "Nothing is taken out"),
        ],
    )
