import pytest

from bench.measuring import PAGE_BAR, SAVE_BAR, Cost
from bench.report import Line, table
from bench.running import run_on
from tests import databases

FEW, MANY = 120, 200


@pytest.fixture
def environ(tmp_path, request, postgresql_server):
    values = {"PLUMBLINE_DATA": str(tmp_path), "AUDIT_KEY": "a" * 64}
    if request.param == "postgresql":
        values["DATABASE_URL"] = postgresql_server.new_database()
    return values


@pytest.mark.usefixtures("own_process")
@pytest.mark.parametrize(
    "environ",
    [databases.KINDS[0], pytest.param(databases.KINDS[1], marks=pytest.mark.postgresql)],
    indirect=True,
)
def test_it_says_what_every_page_and_save_costs_and_no_page_asks_more_of_more(environ):
    with run_on(environ, MANY) as run:
        lines = list(run.lines(rounds=2, few=FEW))
    pages = [line for line in lines if line.queries]
    assert {line.title: line.queries[1] for line in pages} == {
        line.title: line.queries[0] for line in pages
    }
    assert [line.bar for line in lines] == [PAGE_BAR] * len(pages) + [SAVE_BAR] * 2
    said = list(table("200 apprentices", lines))
    assert said[0] == "200 apprentices"
    assert [one[: len(line.title)] for one, line in zip(said[2:], lines, strict=False)] == [
        line.title for line in lines
    ]
    for title in (
        "Administrator: What needs you",
        "Administrator: Search",
        "Mark sheet saved: note",
    ):
        assert any(one.startswith(title) for one in said)
    assert said[-1].endswith(f"of {len(lines)} within their bar")


def test_a_line_over_its_bar_says_so():
    cheap, dear = Cost(5.0, 9.0, 2.0, 1.0), Cost(5.0, 9.0, 3.0, 1.0)
    lines = [
        Line("A page", cheap, 2.5, (7, 7), (25, 25)),
        Line("A page that asks more", cheap, 2.5, (7, 90), (25, 800)),
        Line("A dear page", dear, 2.5, (7, 7), (25, 25)),
        Line("A save", dear, 3.0),
    ]
    said = list(table("Title", lines))
    assert [one.endswith("within") for one in said[2:6]] == [True, False, False, True]
    assert "7 < 90" in said[3]
    assert said[-1] == "2 of 4 within their bar"
