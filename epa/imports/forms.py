"""The form that takes a table of apprentices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from epa.files.forms import UploadBox
from epa.imports.cells import Fault
from epa.imports.tables import ENDINGS, MOST_BYTES, MOST_MEGABYTES, MOST_ROWS
from epa.people.models import Organisation
from epa.web.fields import SelectBox
from epa.web.forms import PlumblineForm

_MEGABYTE = 1024 * 1024
_MOST_SAID = 20


class ImportForm(PlumblineForm):
    """One table, and for which EPAO it is."""

    epao = SelectBox("Registered for")
    table = UploadBox(
        "Table",
        called="The table",
        hint=f"CSV or XLSX, at most {MOST_ROWS:,} rows and {MOST_MEGABYTES} MB",
        endings=tuple(sorted(ENDINGS)),
    )

    def offer(self, epaos: Sequence[Organisation]) -> None:
        """Offer what may be chosen; where there is no choice, it is made already."""
        self.epao.choices = [(one.id, one.name) for one in epaos]
        if len(epaos) == 1 and not self.epao.typed:
            self.epao.process_data(epaos[0].id)

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field, and that the table is no larger than a table is."""
        fine: bool = super().validate(extra_validators)
        upload = self.table.checked
        if fine and upload is not None and upload.size > MOST_BYTES:
            size = upload.size / _MEGABYTE
            self.add_error(
                f"The table must be {MOST_MEGABYTES} MB or smaller; it is {size:.1f} MB", "table"
            )
            return False
        return fine

    def say(self, faults: Iterable[Fault]) -> None:
        """Say why the file is no table of apprentices."""
        for fault in list(faults)[:_MOST_SAID]:
            where = ", ".join(filter(None, (f"Row {fault.row}", fault.field)))
            self.add_error(f"{where}: {fault.problem}", "table")
