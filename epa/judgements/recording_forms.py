"""The form that attaches a recording."""

from __future__ import annotations

from typing import Final

from epa.files.forms import UploadBox
from epa.web.forms import PlumblineForm

ENDINGS: Final = ("mp3", "m4a", "wav", "mp4")


class AttachRecordingForm(PlumblineForm):
    """The recording itself."""

    file = UploadBox(
        "Recording",
        endings=ENDINGS,
        called="The recording",
        missing="Choose the file of the recording",
        hint="Sound (MP3, M4A, WAV) or a film (MP4), up to 100 MB.",
    )
