"""What a marker says of one answer, and what is decided about markers and marks."""

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


def _why() -> TextBox:
    return TextBox("Why?", called="Why", missing="Enter why", rows=3, most_letters=REASON_LETTERS)


class ReasonForm(PlumblineForm):
    """Something that needs a reason and nothing else."""

    reason = _why()


class CorrectionForm(PlumblineForm):
    """Whether answers count by the corrected key or guide."""

    decision = ChoiceField(
        "Are these answers marked anew?",
        called="The decision",
        missing="Choose whether they are marked anew",
        choices=[
            ("yes", "Mark them anew", "Grades that are not released follow; the others wait"),
            ("no", "Leave the marks", "Nothing changes"),
        ],
    )
    reason = _why()


class ReleasedForm(PlumblineForm):
    """Whether a released result follows a correction."""

    decision = ChoiceField(
        "What becomes of the released result?",
        called="The decision",
        missing="Choose what becomes of it",
        choices=[
            ("yes", "Take it back", "It is marked anew, and somebody releases it again"),
            ("no", "Let it stand", "Grade and marks stay as they were released"),
        ],
    )
    reason = _why()
