"""What is typed after a review: an action, a part of the upkeep, why a mark lapses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from epa.improvement.rules import LONGEST_ACTION, LONGEST_OWNER, LONGEST_WORDS
from epa.improvement.services import NewAction
from epa.web.fields import Choice, ChoiceField, DateBoxes, SelectBox, TextBox, TextField
from epa.web.forms import PlumblineForm


class ActionForm(PlumblineForm):
    """One action of the plan."""

    criterion = SelectBox("What is it for?", called="What it is for", empty_label="Choose one")
    what = TextBox(
        "What will be done?",
        called="What will be done",
        rows=3,
        most_letters=LONGEST_ACTION,
        hint="For example: every profile is read by a second job coach.",
    )
    owner = TextField(
        "Who sees to it?",
        called="Who sees to it",
        most_letters=LONGEST_OWNER,
        hint="A role rather than a name, such as service manager",
    )
    due_on = DateBoxes(
        "By when?", called="The day by which it is done", hint="For example, 30 9 2026"
    )

    @classmethod
    def of(cls, criteria: Iterable[tuple[str, str]], today: date) -> ActionForm:
        """The form with the criteria, those to improve first."""
        form = cls()
        form.criterion.choices = [(code, f"{code} {title}") for code, title in criteria]
        form.due_on.earliest = today
        return form

    @property
    def action(self) -> NewAction:
        """The action; only of a form that is valid."""
        return NewAction(self.criterion.data, self.what.data, self.owner.data, self.due_on.data)


class UpkeepForm(PlumblineForm):
    """A part of this year's upkeep that is done."""

    place = ChoiceField("What is done?", called="What is done")
    words = TextBox(
        "What came of it, and where it can be found",
        called="What came of it",
        rows=4,
        most_letters=LONGEST_WORDS,
    )

    @classmethod
    def of(cls, parts: Iterable[tuple[int, str]]) -> UpkeepForm:
        """The form with what is still to be done."""
        form = cls()
        form.place.choices = [Choice(place, title) for place, title in parts]
        return form


class LapseForm(PlumblineForm):
    """Why a mark lapses."""

    reason = TextBox(
        "Why does the mark lapse?",
        called="Why the mark lapses",
        missing="Enter why the mark lapses",
        rows=4,
        most_letters=LONGEST_WORDS,
        hint="The provider reads it.",
    )
