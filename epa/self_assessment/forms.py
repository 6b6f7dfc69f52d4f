"""What a provider's people type besides ratings: evidence, tasks, and handing in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from epa.files.forms import UploadBox
from epa.people.models import Person
from epa.personal_data.remarks import words_of_file_name
from epa.self_assessment.rules import LONGEST_LINK, LONGEST_TASK, LONGEST_TITLE
from epa.web.fields import DateBoxes, SelectBox, TextField, Tick
from epa.web.forms import PlumblineForm
from epa.web.warned import WarnedForm

ENDINGS: Final = ("pdf", "docx", "odt", "txt", "xlsx", "ods", "csv", "pptx", "odp", "jpg", "png")


class EvidenceForm(WarnedForm):
    """A file or a link that shows something."""

    title = TextField(
        "What it shows",
        called="What it shows",
        hint="For example, Minutes of the team meeting of May 2026",
        most_letters=LONGEST_TITLE,
    )
    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        optional=True,
        hint="A document, table, picture or slides, up to 100 MB. Without names of clients.",
    )
    link = TextField(
        "Or a link",
        called="The link",
        optional=True,
        most_letters=LONGEST_LINK,
        hint="For example, https://www.example.org/annual-report",
    )

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which a client may be named."""
        return {
            "title": ("what it shows", self.title.data or ""),
            "file": ("the file’s name", words_of_file_name(self.file.given_name)),
        }


class TaskForm(PlumblineForm):
    """Some work that is shared out."""

    section = SelectBox("Section", called="The section", empty_label="Choose one")
    what = TextField(
        "What is to be done",
        hint="For example, Ask the job coaches for three examples",
        most_letters=LONGEST_TASK,
    )
    owner = SelectBox("Who sees to it?", called="Who sees to it", empty_label="Choose somebody")
    due_on = DateBoxes("By when", called="The day", optional=True, hint="For example, 4 5 2026")

    @classmethod
    def of(
        cls, sections: Iterable[tuple[str, str]], people: Iterable[Person], today: date
    ) -> TaskForm:
        """The form with what may be chosen."""
        form = cls()
        form.section.choices = [(code, f"{code} {title}") for code, title in sections]
        form.owner.choices = [(one.id, one.name) for one in people]
        form.due_on.earliest = today
        return form


class SubmitForm(PlumblineForm):
    """The word of whoever hands in."""

    is_joint = Tick(
        "People from all over the service took part, and this is what we found together",
        missing="Confirm that people from all over the service took part",
    )
