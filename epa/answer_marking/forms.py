"""What a marker says of one answer."""

from __future__ import annotations

from typing import Any

from epa.web.fields import ChoiceField, ManyChoices, TextBox, Tick
from epa.web.forms import PlumblineForm
from question_bank.marking.answers import REASON_LETTERS, MarkFields


class MarkForm(PlumblineForm):
    """Ticks on the guide's points; another mark needs a reason."""

    ticks = ManyChoices("Points the answer makes", called="The points", optional=True)
    none = Tick("None of these: 0 marks")
    mark = ChoiceField("Another mark", optional=True)
    reason = TextBox("Why another mark", rows=2, most_letters=REASON_LETTERS, optional=True)
    is_flagged = Tick("Flag it: somebody else should look too")
    also = Tick("Give the same mark to the others")

    def __init__(self, points: int, most: int, **kwargs: Any) -> None:
        """Ask about an answer.

        Args:
            points: how many points the guide has.
            most: the most marks that the question gives.
            kwargs: what Flask-WTF takes.
        """
        super().__init__(**kwargs)
        self.ticks.choices = [(one, str(one)) for one in range(1, points + 1)]
        self.mark.choices = [(one, str(one)) for one in range(most + 1)]

    def fields(self) -> MarkFields:
        """What was said; only of a form that is valid."""
        ticked = tuple(self.ticks.data or ())
        return MarkFields(
            ticked if ticked or self.none.data else None,
            self.mark.data,
            self.reason.data or "",
            bool(self.is_flagged.data),
        )
