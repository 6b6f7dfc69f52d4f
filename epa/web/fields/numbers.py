"""Fields for numbers that say what would do: '12' and '21.4', never '1e3' or 'NaN'."""

import re
from decimal import Decimal
from typing import Any

from epa.web.fields.question import Question

_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)


class _Number(Question):
    """What whole and decimal numbers share: bounds, a unit after the box."""

    kind = "number"
    input_mode = "numeric"

    def __init__(
        self,
        label: str,
        *,
        least: int = 0,
        most: int = 1_000_000_000,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        """Ask for a number.

        Args:
            label: The question.
            least: The smallest number that will do.
            most: The largest number that will do.
            unit: What is counted, shown after the box; dropped if typed with the figure.
            kwargs: As for `Question`.
        """
        super().__init__(label, **kwargs)
        self.least = least
        self.most = most
        self.unit = unit
        self.width = "tiny"

    def is_blank(self) -> bool:
        """Say whether nothing was typed; 0 is something."""
        return not str(self.typed)

    def _plain(self) -> str:
        """Return the figures alone: without the unit, spaces and commas between thousands."""
        text = str(self.typed).strip()
        if self.unit and text.lower().endswith(self.unit.lower()):
            text = text[: -len(self.unit)].strip()
        if re.fullmatch(r"[+-]?\d{1,3}([ ,]\d{3})+(\.\d+)?", text, re.ASCII):
            text = text.replace(",", "").replace(" ", "")
        return text

    def check(self) -> None:
        """Name the nearest number that would do."""
        if self.data < self.least:
            raise ValueError(f"{self.called} must be {self.least:,} or more")
        if self.data > self.most:
            raise ValueError(f"{self.called} must be {self.most:,} or less")


class WholeNumber(_Number):
    """A whole number between two bounds, both included."""

    def understood(self) -> int:
        """Return the whole number that was typed."""
        text = self._plain()
        if not _WHOLE.fullmatch(text):
            raise ValueError(f"{self.called} must be a whole number, such as {self._example()}")
        return int(text)

    def _example(self) -> int:
        return max(self.least, min(self.most, 12))


class DecimalNumber(_Number):
    """A number with at most `places` decimals, kept exact."""

    input_mode = "decimal"

    def __init__(self, label: str, *, places: int = 2, **kwargs: Any) -> None:
        """Ask for a number with at most `places` decimals; see `WholeNumber` for the rest."""
        super().__init__(label, **kwargs)
        self.places = places

    def understood(self) -> Decimal:
        """Return the number that was typed."""
        text = self._plain()
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"{self.called} must be a number, such as 12 or 12.5")
        return Decimal(text)

    def check(self) -> None:
        """Hold the number to its bounds and its decimals."""
        super().check()
        exponent = self.data.as_tuple().exponent
        if -exponent > self.places:
            decimals = "1 decimal" if self.places == 1 else f"{self.places} decimals"
            raise ValueError(f"{self.called} must have at most {decimals}")
