"""The forms of a correction: its reason, and the second person's decision."""

from __future__ import annotations

from epa.web.fields import ChoiceField, TextBox
from epa.web.forms import PlumblineForm


class CorrectForm(PlumblineForm):
    """Why a signed sheet is corrected."""

    reason = TextBox(
        "What was wrong on the signed sheet?",
        called="The reason",
        missing="Say what was wrong on the signed sheet",
        most_letters=1000,
        hint="Do not name a service user.",
    )


class DecideCorrectionForm(PlumblineForm):
    """The second person's decision on a correction."""

    is_approved = ChoiceField(
        "Your decision",
        choices=[(True, "The correction counts"), (False, "The signed sheet stands as it was")],
    )
    reason = TextBox(
        "Why not",
        called="The reason",
        hint="Only if it does not count",
        most_letters=1000,
        optional=True,
    )
