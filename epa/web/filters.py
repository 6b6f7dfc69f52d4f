"""How pages write dates, times, counts and numbers; given to templates by `give`."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import SimpleNamespace

from flask import Flask
from markupsafe import Markup, escape

from epa.charts import bars, scales
from epa.clock import LONDON
from epa.web.addresses import address_of, asset
from epa.web.pagination import address, file_address


def _local(value: date | datetime) -> date | datetime:
    """Return an instant on the clock of the United Kingdom; anything else unchanged."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(LONDON)
    return value


def date_words(value: date | datetime | None) -> str:
    """Write '9 June 2026'."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day.day} {day:%B} {day.year}"


def weekday_date(value: date | datetime | None) -> str:
    """Write 'Tuesday 9 June 2026', for a day on which somebody must be somewhere."""
    return "" if value is None else f"{_local(value):%A} {date_words(value)}"


def short_date(value: date | datetime | None) -> str:
    """Write '9 June', where the year is plain from what stands around it."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day.day} {day:%B}"


def short_weekday_date(value: date | datetime | None) -> str:
    """Write 'Tuesday 9 June'."""
    return "" if value is None else f"{_local(value):%A} {short_date(value)}"


def dated(value: date | datetime | None) -> Markup:
    """Write a `time` element that never breaks over a line: '9 June 2026'."""
    if value is None:
        return Markup("")
    day = _local(value)
    return _time_element(day.year, day.month, day.day)


@lru_cache(maxsize=4096)
def _time_element(year: int, month: int, day: int) -> Markup:
    """The element itself; lists say the same few hundred days again and again."""
    of = date(year, month, day)
    return Markup('<time datetime="{}">{}</time>').format(f"{of:%Y-%m-%d}", date_words(of))


def together(value: str | None) -> Markup:
    """Write what is never broken over a line."""
    if value is None:
        return Markup("")
    return Markup(f'<span class="together">{escape(value)}</span>')  # noqa: S704 (escaped)


def time_of_day(value: datetime | time | None) -> str:
    """Write '14:05'."""
    return "" if value is None else f"{_clock(value):%H:%M}"


def saved_time(value: datetime | time | None) -> str:
    """Write '14:05:08'; seconds only where something says when it was saved."""
    return "" if value is None else f"{_clock(value):%H:%M:%S}"


def _clock(value: datetime | time) -> date | datetime | time:
    return _local(value) if isinstance(value, datetime) else value


def moment(value: datetime | None) -> str:
    """Write '9 June 2026 at 14:05'."""
    return "" if value is None else f"{date_words(value)} at {time_of_day(value)}"


def duration(value: timedelta | int | None) -> str:
    """Write '2 h 07 min' or '45 min'; a plain number is minutes, seconds are cut off."""
    if value is None:
        return ""
    minutes = int(value.total_seconds() // 60) if isinstance(value, timedelta) else value
    if minutes < 0:
        return f"-{duration(-minutes)}"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def uln(value: str | int | None) -> str:
    """Write a unique learner number 3-3-4: '990 000 1345'; other lengths as they are."""
    figures = "" if value is None else str(value)
    if len(figures) != len("9900001345"):
        return figures
    return f"{figures[:3]} {figures[3:6]} {figures[6:]}"


def thousands(value: float | Decimal | None) -> str:
    """Write '10,000'."""
    return "" if value is None else f"{value:,}"


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """Write '21.4%' from 21.4, with at most `places` decimals and no empty ones: '20%'."""
    if value is None:
        return ""
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{rounded:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def file_size(value: int | None) -> str:
    """Write '1.4 MB', '312 kB' or '40 bytes'."""
    if value is None:
        return ""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if value >= size:
            figure = f"{value / size:.1f}" if value < 10 * size else f"{value / size:.0f}"
            return f"{figure.removesuffix('.0')} {unit}"
    return plural(value, "byte")


def plural(count: int, one: str, many: str = "") -> str:
    """Write '1 piece', '3 pieces', '1,200 people'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def days_left(days: int | None) -> str:
    """Write 'today', '1 day left', '5 days left' or '2 days over'."""
    if days is None:
        return ""
    if days == 0:
        return "today"
    return f"{plural(days, 'day')} left" if days > 0 else f"{plural(-days, 'day')} over"


def days_unit(days: int) -> str:
    """Write what stands under a figure of days: 'days left', 'day left', 'today', 'days over'."""
    if days == 0:
        return "today"
    word = "day" if abs(days) == 1 else "days"
    return f"{word} left" if days > 0 else f"{word} over"


def listed(words: Iterable[object], joiner: str = "and") -> str:
    """Write 'one, two and three', of words or of numbers."""
    *others, last = [str(word) for word in words] or [""]
    return f"{', '.join(others)} {joiner} {last}" if others else last


FILTERS = {
    "date": date_words,
    "weekday_date": weekday_date,
    "short_date": short_date,
    "short_weekday_date": short_weekday_date,
    "dated": dated,
    "time": time_of_day,
    "saved_time": saved_time,
    "moment": moment,
    "duration": duration,
    "uln": uln,
    "thousands": thousands,
    "together": together,
    "percent": percent,
    "file_size": file_size,
    "plural": plural,
    "days_left": days_left,
    "days_unit": days_unit,
    "listed": listed,
}


# What `macros/charts.html` draws with.
CHARTS = SimpleNamespace(
    band_scale=scales.band_scale,
    bar_chart=bars.bar_chart,
    change_bars=bars.change_bars,
    heat_map=scales.heat_map,
    paired_bars=bars.paired_bars,
    radar=scales.radar,
    section_bars=bars.section_bars,
)


def give(app: Flask) -> None:
    """Give templates all filters of this module, where lists are, and what draws charts."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        address=address,
        address_of=address_of,
        asset=asset,
        charts=CHARTS,
        file_address=file_address,
    )
