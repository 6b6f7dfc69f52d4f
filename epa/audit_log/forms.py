"""How the log is narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from wtforms.validators import StopValidation

from epa.audit_log.queries import EntryFilter
from epa.web.fields import DateBoxes, SelectBox, TextField
from epa.web.forms import PlumblineForm


class EntryFilterForm(PlumblineForm):
    """Who, what, which record, when. It is sent by GET, so that a view can be kept as a link."""

    actor = TextField("Who", hint="Part of a name or address", optional=True, width="medium")
    action = SelectBox("What was done", empty_label="Anything", optional=True)
    subject = SelectBox("Kind of record", empty_label="Any", optional=True)
    subject_id = TextField(
        "Its number", hint="As in the list that is taken away", optional=True, width="medium"
    )
    first = DateBoxes("From", called="The first day", optional=True)
    last = DateBoxes("To", called="The last day", optional=True)

    def offer(self, actions: Sequence[str], subjects: Mapping[str, str]) -> None:
        """Give the lists their lines: actions, and kinds of record with what they are called."""
        self.action.choices = [(one, one[:1].upper() + one[1:]) for one in actions]
        by_words = sorted((words, kind) for kind, words in subjects.items())
        self.subject.choices = [(kind, words) for words, kind in by_words]

    def validate_subject_id(self, field: TextField) -> None:
        """A record's number is a UUID."""
        if field.data:
            try:
                UUID(field.data)
            except ValueError as fault:
                raise StopValidation(
                    "The number must be one as in the list that is taken away"
                ) from fault

    @property
    def chosen(self) -> EntryFilter:
        """What was asked for."""
        return EntryFilter(
            actor=self.actor.data or "",
            action=self.action.data or "",
            subject=self.subject.data or "",
            subject_id=UUID(self.subject_id.data) if self.subject_id.data else None,
            first_day=self.first.data,
            last_day=self.last.data,
        )
