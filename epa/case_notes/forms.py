"""The form of a note."""

from __future__ import annotations

from epa.case_notes.models import WITH_WHOM_LETTERS
from epa.case_notes.rules import CHANNEL_TITLES, NoteFields
from epa.web.fields import DateBoxes, SelectBox, TextBox, TextField
from epa.web.forms import PlumblineForm


class NoteForm(PlumblineForm):
    """What happened, when, with whom, by which way."""

    channel = SelectBox("What it is", choices=tuple(CHANNEL_TITLES.items()), called="What it is")
    happened_on = DateBoxes(
        "On which day", hint="For example, 28 5 2026", called="The day of the contact"
    )
    with_whom = TextField(
        "With whom",
        hint="For a contact: the person and where they belong",
        optional=True,
        most_letters=WITH_WHOM_LETTERS,
    )
    text = TextBox(
        "What was said or noted",
        hint="No health matters and nothing about service users",
        called="The text",
    )

    @property
    def fields(self) -> NoteFields:
        """What was typed."""
        return NoteFields(
            channel=self.channel.data,
            happened_on=self.happened_on.data,
            with_whom=self.with_whom.data or "",
            text=self.text.data,
        )
