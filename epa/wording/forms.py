"""The form that loads a wording pack."""

from __future__ import annotations

from epa.files.forms import UploadBox
from epa.web.fields import SelectBox, TextField
from epa.web.forms import PlumblineForm


class LoadPackForm(PlumblineForm):
    """A file of texts, for whom and for which definition."""

    epao = SelectBox("For which organisation", called="The organisation")
    definition = SelectBox("For which definition", called="The definition")
    name = TextField(
        "Name of the pack",
        hint="Its source and date, for example “Published descriptors, May 2022”",
    )
    file = UploadBox(
        "File",
        endings=("csv",),
        called="The file",
        missing="Choose the file with the texts",
        hint="CSV in UTF-8: the table to fill in for this definition, with the texts.",
    )
