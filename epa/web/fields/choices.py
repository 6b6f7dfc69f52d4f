"""Fields for choosing: one of some, any of some, yes or no."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from epa.web.fields.question import Question


def token(value: Any) -> str:
    """Return how a value is written in a page: an enum by its value, anything else as text."""
    return str(value.value if isinstance(value, Enum) else value)


@dataclass(frozen=True)
class Choice:
    """One option: the value the form gives, the words shown, a hint, and whether it may be had."""

    value: Any
    label: str
    hint: str = ""

    @property
    def token(self) -> str:
        """How the value travels in the page."""
        return token(self.value)


def _as_choices(options: Iterable[Choice | tuple[Any, ...]]) -> list[Choice]:
    return [option if isinstance(option, Choice) else Choice(*option) for option in options]


class _Choosing(Question):
    """Options that may be given with the field or set on it before the form is validated."""

    verb = "Choose"

    def __init__(
        self, label: str, *, choices: Iterable[Choice | tuple[Any, ...]] = (), **kwargs: Any
    ) -> None:
        """Offer options.

        Args:
            label: The question.
            choices: `Choice` objects or (value, label[, hint]); `data` is the value itself.
            kwargs: As for `Question`.
        """
        super().__init__(label, **kwargs)
        self._choices = _as_choices(choices)

    @property
    def choices(self) -> list[Choice]:
        """The options, in the order shown."""
        return self._choices

    @choices.setter
    def choices(self, options: Iterable[Choice | tuple[Any, ...]]) -> None:
        self._choices = _as_choices(options)
        self.data = self.understood()

    def is_chosen(self, choice: Choice) -> bool:
        """Say whether this option stands chosen on the page."""
        return choice.token == str(self.typed)


class ChoiceField(_Choosing):
    """One of a few options, as radio buttons with a hint under each."""

    kind = "radios"

    def shown(self, value: Any) -> str:
        """Return the token of the value on record."""
        return "" if value is None else token(value)

    def understood(self) -> Any:
        """Return the chosen option's value, or None when it is not among the options."""
        return next((one.value for one in self._choices if one.token == self.typed), None)

    def check(self) -> None:
        """Refuse what was never offered."""
        if not any(one.token == self.typed for one in self._choices):
            raise ValueError(f"{self.called}: choose one of the options shown")


class SelectBox(ChoiceField):
    """One of many options, as a list that folds; the first line is empty."""

    kind = "select"

    def __init__(self, label: str, *, empty_label: str = "", **kwargs: Any) -> None:
        """Offer a folding list whose empty line says `empty_label`; see `ChoiceField`."""
        super().__init__(label, **kwargs)
        self.empty_label = empty_label


class ManyChoices(_Choosing):
    """Any of several options, as checkboxes; `data` is a list in the order shown."""

    kind = "checkboxes"

    def read(self, valuelist: list[Any]) -> list[str]:
        """Return the tokens of the boxes that were ticked."""
        return [str(value) for value in valuelist]

    def shown(self, value: Any) -> list[str]:
        """Return the tokens of the values on record."""
        return [token(one) for one in value or ()]

    def understood(self) -> list[Any]:
        """Return the values of the ticked options."""
        return [one.value for one in self._choices if one.token in self.typed]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the ticked boxes; none ticked is an empty list."""
        super().process_formdata(valuelist)
        self.data = self.data or []

    def is_chosen(self, choice: Choice) -> bool:
        """Say whether this box is ticked."""
        return choice.token in self.typed

    def check(self) -> None:
        """Refuse what was never offered."""
        offered = {one.token for one in self._choices}
        if not offered.issuperset(self.typed):
            raise ValueError(f"{self.called}: choose from the options shown")


class Tick(Question):
    """One box that is ticked or not. Give `missing` where it must be ticked."""

    kind = "tick"

    def __init__(self, label: str, *, missing: str = "", **kwargs: Any) -> None:
        """Ask for a tick; it must be given if `missing` says what to do otherwise."""
        super().__init__(label, missing=missing, **kwargs)
        self.optional = not missing

    def read(self, valuelist: list[Any]) -> str:
        """Return 'yes' for a ticked box."""
        return "yes" if valuelist and valuelist[0] not in ("", "no", "false") else ""

    def process_data(self, value: Any) -> None:
        """Take the state on record."""
        self.data = bool(value)
        self.typed = "yes" if value else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the box: True when ticked, else False."""
        self.typed = self.read(valuelist)
        self.data = bool(self.typed)
