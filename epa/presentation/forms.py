"""The forms for the presentation's file: in time, and late with a reason."""

from __future__ import annotations

from epa.files.forms import UploadBox
from epa.presentation.services import ENDINGS
from epa.web.fields import TextBox
from epa.web.forms import PlumblineForm


class SubmitFileForm(PlumblineForm):
    """The file itself."""

    file = UploadBox(
        "File",
        endings=ENDINGS,
        called="The file",
        missing="Choose the file of your presentation",
        hint="Slides (PDF, PowerPoint or OpenDocument) or a film (MP4), up to 100 MB.",
    )


class SubmitLateForm(PlumblineForm):
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
