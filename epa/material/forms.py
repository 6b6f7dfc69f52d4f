"""The forms of supporting material: asking for it, supplying it, letting it in late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from epa.files.forms import UploadBox
from epa.material.rules import LONGEST_NOTE, LONGEST_TITLE, Supplier
from epa.personal_data.remarks import words_of_file_name
from epa.web.fields import ChoiceField, TextBox, TextField
from epa.web.warned import WarnedForm

ENDINGS: Final = ("pdf", "docx", "odt", "txt", "xlsx", "ods", "pptx", "odp", "jpg", "png")


class AskForm(WarnedForm):
    """What is needed, and from whom."""

    title = TextField(
        "What is needed",
        hint="For example, a plan of the day of the observation",
        missing="Enter what is needed",
        most_letters=LONGEST_TITLE,
    )
    asked_of = ChoiceField("Who is asked for it", missing="Choose who is asked for it")

    def __init__(self, titles: Mapping[Supplier, str]) -> None:
        """Offer those who may be asked, by what they are called."""
        super().__init__()
        self.asked_of.choices = list(titles.items())

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which somebody may be named."""
        return {"title": ("what is needed", self.title.data or "")}


class SupplyForm(WarnedForm):
    """The thing itself, or where it is."""

    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        optional=True,
        hint="A document, table, picture or slides, up to 100 MB.",
    )
    note = TextBox(
        "Or where it is",
        called="Where it is",
        optional=True,
        most_letters=LONGEST_NOTE,
        rows=3,
        hint="For example, handed over on paper on 9 June",
    )

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which somebody may be named."""
        return {
            "file": ("the file’s name", words_of_file_name(self.file.given_name)),
            "note": ("where it is", self.note.data or ""),
        }


class LateForm(SupplyForm):
    """The same after its last day, with the reason for which it is accepted."""

    reason = TextBox(
        "Why it is accepted late",
        called="The reason",
        missing="Say why it is accepted late",
        most_letters=LONGEST_NOTE,
        hint="Do not write about health or other personal circumstances here.",
    )
