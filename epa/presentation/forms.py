"""The forms for the presentation's file, in time and late, and for the facts of its day."""

from __future__ import annotations

from collections.abc import Mapping

from epa.files.forms import UploadBox
from epa.judgements.conduct_form import ConductForm, limit_words
from epa.personal_data.remarks import words_of_file_name
from epa.presentation.rules import PresentationConduct
from epa.presentation.services import ENDINGS
from epa.web.fields import TextBox, TextField, Tick, WholeNumber
from epa.web.warned import WarnedForm
from frameworks import JudgedMethod


class _FileForm(WarnedForm):
    """A form with a file whose name is looked over for somebody's name."""

    file: UploadBox

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The file's name; what is in the file is not read."""
        return {"file": ("the file’s name", words_of_file_name(self.file.given_name))}


class SubmitFileForm(_FileForm):
    """The file itself."""

    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        missing="Choose the file of your presentation",
        hint="Slides (PDF, PowerPoint or OpenDocument) or a film (MP4), up to 100 MB.",
    )


class SubmitLateForm(_FileForm):
    """A late file with the reason for which it is accepted."""

    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        missing="Choose the file of the presentation",
        hint="Slides (PDF, PowerPoint or OpenDocument) or a film (MP4), up to 100 MB.",
    )
    reason = TextBox(
        "Why the late file is accepted",
        called="The reason",
        missing="Say why the late file is accepted",
        most_letters=1000,
        hint="Do not write about health or other personal circumstances here.",
    )


class PresentationConductForm(ConductForm):
    """The facts of a presentation, as far as they are known."""

    conduct_type = PresentationConduct

    minutes_presented = WholeNumber("Length of the presentation", unit="min", most=1440)
    finished_a_point = Tick("I added time so that the last point could be completed")
    time_reason = TextField("Reason for more time", optional=True)
    finished_an_answer = Tick("I added time so that the last answer could be completed")

    def say_limits(self, method: JudgedMethod) -> None:
        """Write the plan's numbers under the questions they limit."""
        super().say_limits(method)
        part = method.part(PresentationConduct.main_part)
        self.minutes_presented.description = limit_words(method, part.code)
        self.time_reason.description = f"Only if it took more than {part.longest_minutes} minutes"
