"""Fields for dates and times of day that say which part is wrong and keep what was typed."""

import calendar
import re
from datetime import date, time
from typing import Any

from wtforms.utils import unset_value

from epa.web.fields.question import Question
from epa.web.fields.text import unstorable

FIRST_YEAR, LAST_YEAR = 1900, 2200
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap]\.?m\.?)?", re.ASCII | re.IGNORECASE)


def _words(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _listed(names: list[str]) -> str:
    return " and ".join(f"a {name}" for name in names)


class DateBoxes(Question):
    """A date in three boxes named `NAME-day`, `NAME-month`, `NAME-year`.

    `earliest` and `latest` may be set on the field before validation, when they depend on today
    or on a record. A month may be typed as a figure or as a word.
    """

    kind = "date"
    parts = ("day", "month", "year")

    def __init__(
        self,
        label: str,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask for a date from `earliest` to `latest`, both included; see `Question`."""
        super().__init__(label, **kwargs)
        self.earliest = earliest
        self.latest = latest
        self.wrong: tuple[str, ...] = ()

    def part_id(self, part: str) -> str:
        """Return the id of one box."""
        return f"{self.id}-{part}"

    def part_name(self, part: str) -> str:
        """Return the form name of one box."""
        return f"{self.name}-{part}"

    def is_wrong(self, part: str) -> bool:
        """Say whether this box takes the red border; with an error of the whole, each does."""
        return bool(self.errors) and (not self.wrong or part in self.wrong)

    @property
    def focus_id(self) -> str:
        """The id of the first wrong box."""
        return self.part_id(self.wrong[0] if self.wrong else self.parts[0])

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Gather the three boxes before WTForms looks for one value."""
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        self.raw_data = [str(formdata.get(self.part_name(part), "")).strip() for part in self.parts]
        self.typed = dict(zip(self.parts, self.raw_data, strict=True))
        self.data = None
        if not self.is_blank():
            try:
                self.data = self.understood()
            except ValueError as fault:
                self.process_errors = [str(fault)]

    def shown(self, value: date | None) -> dict[str, str]:
        """Return the three texts for a date on record."""
        if value is None:
            return dict.fromkeys(self.parts, "")
        return {part: str(getattr(value, part)) for part in self.parts}

    def part_value(self, part: str) -> str:
        """Return what stands in one box."""
        return "".join(letter for letter in self.typed[part] if not unstorable(letter))

    def is_blank(self) -> bool:
        """Say whether all three boxes are empty."""
        return not any(self.typed.values())

    def understood(self) -> date:
        """Return the date; name the boxes that are empty, impossible or do not go together."""
        empty = [part for part in self.parts if not self.typed[part]]
        if empty:
            self._blame(*empty, why=f"must include {_listed(empty)}")
        month = self._month()
        year = self._figure("year", FIRST_YEAR, LAST_YEAR)
        day = self._figure("day", 1, 31)
        length = calendar.monthrange(year, month)[1]
        if day > length:
            when = f"{calendar.month_name[month]} {year}"
            self._blame("day", why=f"must be a real date; {when} has {length} days")
        return date(year, month, day)

    def _month(self) -> int:
        named = _MONTHS.get(self.typed["month"].lower())
        return named or self._figure("month", 1, 12)

    def _figure(self, part: str, least: int, most: int) -> int:
        typed = self.typed[part]
        if not re.fullmatch(r"\d{1,4}", typed, re.ASCII) or not least <= int(typed) <= most:
            example = ", with all 4 figures" if part == "year" and len(typed) < len("2026") else ""
            self._blame(part, why=f"must have a {part} from {least} to {most}{example}")
        return int(typed)

    def _blame(self, *parts: str, why: str) -> None:
        self.wrong = parts
        raise ValueError(f"{self.called} {why}")

    def check(self) -> None:
        """Hold the date between `earliest` and `latest`."""
        if self.earliest and self.data < self.earliest:
            raise ValueError(f"{self.called} must be {_words(self.earliest)} or later")
        if self.latest and self.data > self.latest:
            raise ValueError(f"{self.called} must be {_words(self.latest)} or earlier")


class TimeBox(Question):
    """A time of day in one box: '14:05', '9.30', '0930' or '2:05 pm'."""

    kind = "text"
    input_type = "text"
    width = "tiny"

    def shown(self, value: time | None) -> str:
        """Return hours and minutes."""
        return "" if value is None else f"{value:%H:%M}"

    def understood(self) -> time:
        """Return the time of day that was typed."""
        found = _TIME.fullmatch(self.typed)
        if found is None or (found[2] is None and found[3] is None):
            raise ValueError(f"{self.called} must be a time of day, such as 14:05")
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half:
            hour = self._on_24_hours(hour, half)
        if hour > 23 or minute > 59:  # noqa: PLR2004 - a day has 24 hours of 60 minutes
            raise ValueError(f"{self.called} must be a time from 00:00 to 23:59")
        return time(hour, minute)

    def _on_24_hours(self, hour: int, half: str) -> int:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock face has 12 hours
            raise ValueError(f"{self.called} must be a time of day, such as 2:05 pm or 14:05")
        return hour % 12 + (12 if half.startswith("p") else 0)
