"""What is taken away of figures: the report on questions, and the figures of tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.pdf import document_css, render_pdf
from epa.web.attachments import disposition
from epa.web.exports import ROWS_AT_ONCE, Cell, Export, answer
from epa.web.filters import date_words
from question_bank.items import queries as items
from question_bank.items.models import ItemVersion, QuestionBank
from question_bank.items.rules import KIND_TITLES, STATUS_TITLES
from question_bank.papers.models import ItemMeasure
from question_bank.responses import pages, queries
from question_bank.responses.queries import SatTest
from question_bank.responses.rules import FEWEST
from question_bank.statistics.bands import Band
from question_bank.statistics.intervals import (
    Interval,
    discrimination_interval,
    facility_interval,
)

_LONGEST_SECONDS: Final = 60
MOST_PRINTED: Final = 2_000

# ------------------------------------------------------------------------------- the yearly review


_HEAD: Final = (
    *("reference", "version", "kind", "ksb", "state", "answers", "facility_percent"),
    *("facility_low", "facility_high", "discrimination", "discrimination_low"),
    *("discrimination_high", "estimate_percent", "flags", "review_due_on"),
)


def report_list(bank: QuestionBank, ending: str) -> ResponseReturnValue:
    """The report on a bank's questions as a file for a spreadsheet."""
    found = db.session.execute(queries.reported(bank).execution_options(yield_per=ROWS_AT_ONCE))
    rows = (_listed(version, measure) for version, measure in found)
    return answer(Export(f"{bank.code} question report", _HEAD, rows), ending)


def _listed(version: ItemVersion, measure: ItemMeasure | None) -> tuple[Cell, ...]:
    item = version.item
    about = (
        item.reference,
        version.number,
        KIND_TITLES[item.kind],
        version.ksb,
        STATUS_TITLES[version.status],
    )
    estimate = _number(version.facility, 100)
    due = item.review_due_on.isoformat() if item.review_due_on else None
    if measure is None:
        return (*about, 0, *[None] * 6, estimate, "", due)
    index = measure.discrimination
    around = None if index is None else discrimination_interval(index, measure.n)
    return (
        *about,
        measure.n,
        _number(measure.facility, 100),
        *_ends(facility_interval(measure.facility, measure.n), 100),
        _number(index),
        *_ends(around),
        estimate,
        "; ".join(pages.flags_of(measure)),
        due,
    )


def _number(value: float | None, times: int = 1) -> float | None:
    return None if value is None else round(times * value, 2)


def _ends(interval: Interval | None, times: int = 1) -> tuple[float | None, float | None]:
    if interval is None:
        return None, None
    return _number(interval[0], times), _number(interval[1], times)


def report_pdf(bank: QuestionBank, at: datetime) -> ResponseReturnValue:
    """The report on a bank's questions as a PDF: those to look at first, then all.

    Raises:
        RuleBroken: there are more than a document holds.
    """
    found = db.session.execute(queries.reported(bank).limit(MOST_PRINTED + 1)).all()
    if len(found) > MOST_PRINTED:
        raise RuleBroken(
            "report-too-long",
            f"A document holds {MOST_PRINTED:,} questions; take the table instead.",
        )
    rows = [pages.row_of(version, measure) for version, measure in found]
    return _document(
        bank,
        "report",
        at,
        title=f"Report on questions: {bank.title}",
        called="question report",
        to_look_at=_printed(row for row in rows if row.flags),
        every=_printed(rows),
        measured=sum(1 for row in rows if row.n),
    )


def _document(
    bank: QuestionBank, view: str, at: datetime, *, title: str, called: str, **values: Any
) -> ResponseReturnValue:
    """A document on a bank as a PDF."""
    html = render_template(
        f"question_bank/responses/{view}.html",
        bank=bank,
        title=title,
        standard=items.plan_of(bank.framework_code).title,
        fewest=FEWEST,
        document_css=Markup(document_css()),  # noqa: S704 (our own stylesheet, read from disk)
        **values,
    )
    pdf = render_pdf(
        html,
        title=title,
        engine=current_app.config["PDF_ENGINE"],
        footer=f"{bank.code}, {called}, {date_words(london_date(at))}",
        timeout=_LONGEST_SECONDS,
    )
    name = disposition(f"{bank.code} {called}.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": name})


def _printed(rows: Iterable[pages.Row]) -> list[tuple[str, ...]]:
    return [
        (
            f"{row.version.item.reference},\N{NO-BREAK SPACE}{row.version.number}",
            row.version.ksb or "",
            f"{row.n:,}",
            _with_interval(row.facility, row.facility_interval),
            _with_interval(row.discrimination, row.discrimination_interval),
            ". ".join(row.flags),
            _due(row.version),
        )
        for row in rows
    ]


def _with_interval(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value


def _due(version: ItemVersion) -> str:
    due = version.item.review_due_on
    return date_words(due) if due else ""


# ---------------------------------------------------------------------------- the figures of tests

_TEST_HEAD: Final = ("test", "papers", "candidates", "figure", "of", "value", "low", "high")


def tests_list(bank: QuestionBank, ending: str) -> ResponseReturnValue:
    """The figures of a bank's tests as a file for a spreadsheet, one figure a row.

    Mean, median, deviation and standard error are in marks, alpha and the error ratio in percent;
    a grade and a boundary count candidates, and so does a total.
    """
    rows = (
        (test.name, test.papers, test.figures.n, *row)
        for test in queries.tests_of(bank)
        if test.figures.n
        for row in _figures_of(test)
    )
    return answer(Export(f"{bank.code} test figures", _TEST_HEAD, rows), ending)


def _figures_of(test: SatTest) -> Iterator[tuple[Cell, ...]]:
    shown = test.figures
    measures = shown.measures
    yield "mean", "", _number(measures.mean), *_ends(shown.mean_interval)
    yield "alpha", "", _number(measures.alpha), *_ends(shown.alpha_interval)
    for name in ("median", "sd", "skewness", "kurtosis", "error_ratio", "standard_error"):
        yield name, "", _number(getattr(measures, name)), None, None
    for grade in shown.grades:
        yield "grade", grade.grade, grade.count, grade.lowest, grade.highest
    for band in shown.bands:
        # Without a standard error nobody is near a boundary: nothing is known, not none.
        count = None if band.low is None else band.count
        yield "near boundary", band.grade, count, _number(band.low), _number(band.high)
    for total in shown.totals:
        yield "total", total.mark, total.count, None, None


def tests_pdf(bank: QuestionBank, at: datetime) -> ResponseReturnValue:
    """The figures of a bank's tests as a PDF: distribution, boundaries, reliability, bands."""
    return _document(
        bank,
        "tests_document",
        at,
        title=f"Figures of the tests: {bank.title}",
        called="test figures",
        tests=[_printed_test(one) for one in queries.tests_of(bank) if one.figures.n],
    )


def _printed_test(test: SatTest) -> dict[str, Any]:
    """A test in words and drawn, its tables as rows of cells."""
    shown = test.figures
    return {
        "test": test,
        "charts": [pages.histogram(shown, pages.WIDE)],
        "title": pages.whole_title(shown),
        "facts": [
            {"label": one["label"], "value": _beside(one["value"], one["second"])}
            for one in pages.whole_facts(shown)
        ],
        "grades": [
            (
                pages.GRADE_TITLES.get(one.grade, one.grade),
                f"{one.lowest} to {one.highest}",
                f"{one.count:,}",
                pages.share(one.share),
            )
            for one in shown.grades
        ],
        "bands": [_printed_band(one) for one in shown.bands],
        "totals": [
            (f"{one.mark}", f"{one.count:,}", pages.share(one.share))
            for one in shown.totals
            if one.count
        ],
    }


def _printed_band(band: Band) -> tuple[str, ...]:
    name = f"{pages.GRADE_TITLES.get(band.grade, band.grade)}, {band.boundary:g}"
    if band.low is None or band.high is None:
        return name, "not known", "", ""
    marks = f"{pages.figure(band.low)} to {pages.figure(band.high)}"
    return name, marks, f"{band.count:,}", pages.share(band.share)


def _beside(value: str, second: str) -> str:
    return f"{value} ({second})" if second else value
