"""What somebody fills in to ask for an adjustment, and what the panel fills in to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from epa.adjustments.models import AdjustmentRequest
from epa.adjustments.rules import Asked, Ruling
from epa.allowances.rules import (
    DETAIL_LETTERS,
    IN_WORDS,
    MOST_BREAK_MINUTES,
    MOST_EXTRA_PERCENT,
    Granted,
)
from epa.files.forms import UploadBox
from epa.web.fields import ChoiceField, ManyChoices, TextBox, TextField, WholeNumber
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm

_ENDINGS: Final = ("pdf", "jpg", "png", "docx")
_SEEN_BY: Final = "Those who run the day read this: say what, never why."


def _choices(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(titles.items())


class AskForm(PlumblineForm):
    """What would help, in which methods, and why."""

    methods = ManyChoices(
        "Which methods is it about?",
        called="The methods",
        missing="Choose at least one method",
    )
    help_wanted = TextBox(
        "What would help?",
        missing="Enter what would help",
        hint="For example: more time to read, a break every hour, questions read aloud. It helps to"
        " say what is done at work or in training already.",
        most_letters=2000,
        rows=4,
    )
    need = TextBox(
        "Why is it needed?",
        missing="Enter why it is needed",
        hint="Only the panel that decides reads this. The assessor is never told.",
        most_letters=4000,
        rows=5,
    )
    file = UploadBox(
        "Evidence",
        called="The evidence",
        endings=_ENDINGS,
        hint="For example, a report or a letter: PDF, picture or Word. Only the panel can open it,"
        " and each time is written down. More can be added later.",
        optional=True,
    )

    def __init__(self, titles: Mapping[str, str], **kwargs: Any) -> None:
        """Offer the plan's methods."""
        super().__init__(**kwargs)
        self.methods.choices = _choices(titles)

    @property
    def asked(self) -> Asked:
        """What was filled in; only of a form that is valid."""
        return Asked(tuple(self.methods.data), self.help_wanted.data, self.need.data)


class EvidenceForm(PlumblineForm):
    """One more file."""

    file = UploadBox(
        "Evidence",
        called="The evidence",
        missing="Choose a file",
        endings=_ENDINGS,
        hint="PDF, picture or Word. Only the panel can open it, and each time is written down.",
    )


class RulingForm(VersionedForm):
    """What the panel decides, for one method or for several alike."""

    methods = ManyChoices(
        "For which methods?",
        called="The methods",
        missing="Choose at least one method",
        hint="What you decide takes the place of what was in force for these. Decide again for a"
        " method that needs something else.",
    )
    is_granted = ChoiceField(
        "Your decision",
        missing="Say whether something is granted",
        choices=[
            (True, "Grant what is entered below"),
            (False, "Do not grant it", "Leave the boxes of what is granted empty"),
        ],
    )
    extra_percent = WholeNumber(
        "Extra time",
        called="The extra time",
        hint="On each timed part of the method. For example, 25",
        most=MOST_EXTRA_PERCENT,
        unit="%",
        optional=True,
    )
    break_minutes = WholeNumber(
        "Rest breaks, minutes in all",
        called="The rest breaks",
        hint="They stop the clock, and the booked time grows by them.",
        most=MOST_BREAK_MINUTES,
        unit="minutes",
        optional=True,
    )
    reader = TextField(
        "A reader",
        hint=f"For example, reads the questions aloud. {_SEEN_BY}",
        most_letters=DETAIL_LETTERS,
        optional=True,
    )
    format = TextField(
        "Another format",
        hint=f"For example, large print, yellow paper. {_SEEN_BY}",
        most_letters=DETAIL_LETTERS,
        optional=True,
    )
    other = TextField(
        "Something else",
        hint=f"For example, a room of their own. {_SEEN_BY}",
        most_letters=DETAIL_LETTERS,
        optional=True,
    )
    reason = TextBox(
        "Why do you decide so?",
        called="The reason",
        missing="Enter why it is decided so",
        hint="The apprentice reads this, and the panel; nobody else does.",
        most_letters=2000,
        rows=4,
    )

    def __init__(
        self,
        request: AdjustmentRequest,
        titles: Mapping[str, str],
        *,
        chosen: Sequence[str],
        granted: Granted,
    ) -> None:
        """Offer the plan's methods, and what is in force as a beginning.

        Args:
            request: the request that is decided on.
            titles: the methods' short titles, by code.
            chosen: the methods that are ticked at first.
            granted: what is in force for them, to be changed.
        """
        super().__init__(request.lock_version, data=_typed(chosen, granted))
        self.methods.choices = _choices(titles)

    @property
    def ruling(self) -> Ruling:
        """What was decided; only of a form that is valid."""
        details = {kind: self[kind.value].data for kind in IN_WORDS if self[kind.value].data}
        granted = Granted(self.extra_percent.data or 0, self.break_minutes.data or 0, details)
        return Ruling(
            tuple(self.methods.data), granted, self.is_granted.data, self.reason.data or ""
        )


def _typed(chosen: Sequence[str], granted: Granted) -> dict[str, Any]:
    return {
        "methods": list(chosen),
        "extra_percent": granted.extra_percent or None,
        "break_minutes": granted.break_minutes or None,
        **{kind.value: text for kind, text in granted.details.items()},
    }
