"""The forms that take marked answers, store them, and leave some out."""

from __future__ import annotations

from typing import Final

from epa.files.forms import CHOOSE_AGAIN
from epa.web.fields import FileBox, TextBox, TextField
from epa.web.forms import PlumblineForm
from question_bank.responses.matrix import LONGEST_CANDIDATE, MOST_ROWS

_MOST_MEGABYTES: Final = 10


class AnswersForm(PlumblineForm):
    """A table of marked answers."""

    file = FileBox(
        "Table",
        endings=("csv", "xlsx"),
        most_megabytes=_MOST_MEGABYTES,
        called="The table",
        missing="Choose the table with the answers",
        hint=f"CSV or XLSX, at most {MOST_ROWS:,} candidates and {_MOST_MEGABYTES} MB",
    )

    @property
    def choose_again(self) -> str:
        """What to say when a file came but the page is shown again."""
        return CHOOSE_AGAIN if self.file.typed and not self.file.errors else ""


class StoreForm(PlumblineForm):
    """Why answers are changed that are here already; asked for where some are."""

    reason = TextBox(
        "Why answers are changed that are here already",
        rows=2,
        most_letters=500,
        called="The reason",
        optional=True,
    )


class LeaveOutForm(PlumblineForm):
    """Whose answers count no longer, and why."""

    candidate = TextField(
        "Candidate’s number",
        width="medium",
        most_letters=LONGEST_CANDIDATE,
        optional=True,
        hint="Left empty, nobody’s answers to this paper count any longer",
    )
    reason = TextBox("Why", rows=2, most_letters=500, called="The reason")
