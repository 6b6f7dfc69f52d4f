"""Where everything in a chart stands: lengths to scale, words that fit, nothing outside the drawing."""

import re

import pytest
from flask import Flask, render_template_string
from hypothesis import given, settings
from hypothesis import strategies as st

from epa.charts import bars, scales
from epa.charts.bars import Bar, Change, Pair, Section
from epa.charts.scales import Cell, Row, Series
from epa.charts.shapes import LETTER, fitted, wrapped
from epa.web import filters

SECTIONS = [
    Section("1.1 Engaging jobseekers", "85%", 85, "15%"),
    Section("2.2 Key performance indicators A to E", "56.8%", 56.8, "15%"),
]
BANDS = [("No mark", 0), ("Accredited", 55), ("Good", 75), ("Excellent", 90)]
PAIRS = [Pair("1.1", [Bar("self", "90%", 90), Bar("external", "70%", 70)])]
CHANGES = [Change("1.1", "+5.0", 65, 70), Change("1.2", "new", None, 40)]
ROWS = [Row("K1", [Cell("80%", 80), Cell("", None)]), Row("K2", [Cell("0%", 0), Cell("100%", 100)])]
AXES = ["Leadership", "Design", "Delivery", "Outcomes", "Staff", "Partners"]
SERIES = [Series("self", [4, 3, 3, 2, 1, 4]), Series("external", [3, 3, 2, 2, None, 4])]


def kinds(drawing, kind):
    return [shape for shape in drawing.shapes if shape.kind == kind]


def drawings():
    for width, is_narrow in ((640, False), (320, True)):
        one = [Bar(section.title, section.words, section.share) for section in SECTIONS]
        yield bars.bar_chart(one, width, is_narrow=is_narrow)
        yield bars.section_bars(SECTIONS, BANDS, width, is_narrow=is_narrow)
        yield bars.paired_bars(PAIRS, width, is_narrow=is_narrow)
        yield bars.change_bars(CHANGES, width, is_narrow=is_narrow)
        yield scales.band_scale(BANDS, 78.5, "78.5%", (40, 100), width)
        yield scales.heat_map(ROWS, ["A", "B"], width, 56)
        yield scales.radar(AXES, SERIES, 4, width)


def corners(shape):
    if shape.shape == "rect":
        return [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
    if shape.shape == "line":
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if shape.shape == "polygon":
        return [tuple(map(float, point.split(","))) for point in shape.points.split()]
    if shape.shape == "circle":
        return [(shape.x - shape.r, shape.y - shape.r), (shape.x + shape.r, shape.y + shape.r)]
    long = len(shape.words) * 7  # about what a letter takes
    left = shape.x - {"start": 0, "middle": long / 2, "end": long}[shape.anchor]
    return [(left, shape.y - 10), (left + long, shape.y)]


def test_nothing_stands_outside_its_drawing():
    for drawing in drawings():
        for shape in drawing.shapes:
            for x, y in corners(shape):
                assert -12 <= x <= drawing.width + 12, (drawing.width, shape)
                assert 0 <= y <= drawing.height, (drawing.height, shape)


def test_a_bar_is_as_long_as_its_share_of_the_ground():
    drawing = bars.bar_chart([Bar("A", "50%", 50), Bar("B", "120%", 120), Bar("C", "-1%", -1)], 640)
    ground, *_ = kinds(drawing, "ground")
    assert [shape.width / ground.width for shape in kinds(drawing, "share")] == [0.5, 1, 0]


def test_a_band_has_a_line_where_it_begins():
    drawing = bars.section_bars(SECTIONS, BANDS, 640)
    ground, *_ = kinds(drawing, "ground")
    lines = kinds(drawing, "band-line")
    places = sorted({(one.x1 - ground.x) / ground.width * 100 for one in lines})
    assert places == pytest.approx([55, 75, 90], abs=0.1)
    assert len(lines) == 3 * len(SECTIONS)


@settings(deadline=None)
@given(st.floats(40, 100))
def test_the_bob_stands_over_the_band_that_holds_the_value(value):
    drawing = scales.band_scale(BANDS, value, "x", (40, 100), 640)
    (plumb,) = kinds(drawing, "plumb")
    reached = max(number for number, (_, begins) in enumerate(BANDS) if max(40, begins) <= value)
    (band,) = kinds(drawing, f"level-{reached}")
    assert band.x - 0.2 <= plumb.x1 <= band.x + band.width + 1.2


def test_the_first_of_a_pair_is_light_and_both_are_named():
    drawing = bars.paired_bars(PAIRS, 640)
    (light,), (dark,) = kinds(drawing, "light"), kinds(drawing, "share")
    assert light.width / dark.width == pytest.approx(90 / 70, abs=0.01)
    assert light.y < dark.y
    assert [one.words for one in kinds(drawing, "small")] == ["1.1", "90% self", "70% external"]


def test_a_change_goes_from_a_hollow_dot_to_a_full_one():
    drawing = bars.change_bars(CHANGES, 640)
    (before,), now = kinds(drawing, "hollow"), kinds(drawing, "full")
    assert before.x < now[0].x
    assert len(now) == 2


@pytest.mark.parametrize(
    ("share", "level"), [(None, 0), (0, 0), (1, 1), (24.9, 1), (25, 2), (99, 4), (100, 4)]
)
def test_a_cell_has_one_of_a_few_steps_of_colour(share, level):
    assert scales.level(share) == level


def test_columns_that_do_not_fit_go_below_and_none_is_lost():
    heads = [f"C{number}" for number in range(20)]
    rows = [Row("K1", [Cell(str(number), number) for number in range(20)])]
    wide, narrow = (scales.heat_map(rows, heads, width, 56) for width in (640, 320))
    for drawing in (wide, narrow):
        assert [one.words for one in kinds(drawing, "soft")] == heads
        assert len(kinds(drawing, "small")) == 20
    assert narrow.height > wide.height


def test_a_radar_closes_its_line_only_where_every_axis_has_a_value():
    drawing = scales.radar(AXES, SERIES, 4, 560)
    assert len(kinds(drawing, "ring")) == 4
    assert len(kinds(drawing, "round-light")) == 1
    assert kinds(drawing, "round-dark") == []
    assert len(kinds(drawing, "dot-dark")) == 5
    top = kinds(drawing, "dot-light")[0]
    assert top.x == 280


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(1, 400))
def test_words_fit_or_are_cut(words, room):
    found = fitted(words, room)
    assert len(found) <= max(1, int(room / 8))
    assert found == words or found.endswith("…")


MACROS = """
{% from "macros/charts.html" import bar_chart, section_bars, paired_bars, change_bars, band_scale, heat_map, radar %}
{{ bar_chart("a", "One <b>", "Two", bars) }}
{{ section_bars("b", "One", "Two", sections, bands) }}
{{ paired_bars("c", "One", "Two", pairs) }}
{{ change_bars("d", "One", "Two", changes) }}
{{ band_scale("e", "One", "Two", bands, 78.5, "78.5%", [40, 100]) }}
{{ heat_map("f", "One", "Two", rows, ["A", "B"]) }}
{{ radar("g", "One", "Two", axes, series, 4) }}
"""


def printed():
    app = Flask("charts", root_path=".", template_folder="templates")
    filters.give(app)
    with app.test_request_context():
        return render_template_string(
            MACROS,
            bars=[Bar("A & B", "50%", 50)],
            sections=SECTIONS,
            bands=BANDS,
            pairs=PAIRS,
            changes=CHANGES,
            rows=ROWS,
            axes=AXES,
            series=SERIES,
        )


def test_every_macro_prints_a_wide_and_a_narrow_drawing_with_title_and_description():
    text = printed()
    drawn = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawn) == 14
    for one in drawn:
        assert 'role="img"' in one
        title, description = re.search(r'aria-labelledby="(\S+) (\S+)"', one).groups()
        assert f'<title id="{title}">One' in one
        assert f'<desc id="{description}">Two</desc>' in one
    assert "style=" not in text
    assert 'class="share" fill="#1c5b54"' in re.sub(r"\s+", " ", text)  # for the engines that print
    assert "One &lt;b&gt;" in text
    assert "A &amp; B" in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Short", ["Short"]),
        (
            "Vocational profiling and action planning",
            ["Vocational", "profiling and", "action plann…"],
        ),
        ("Unbreakableunbreakable words", ["Unbreakableu…"]),
    ],
)
def test_words_too_long_for_one_line_are_broken_between_words(words, lines):
    assert wrapped(words, 13 * LETTER, 3) == lines


def test_a_map_leaves_out_below_what_has_nothing_there():
    wide = [Row("1", [Cell("2", 100)] * 12), Row("2", [Cell("1", 50)] * 3 + [Cell("", None)] * 9)]
    titles = [
        one.words for one in kinds(scales.heat_map(wide, list("abcdefghijkl"), 640, 110), "words")
    ]
    assert titles == ["1", "2", "1"]
