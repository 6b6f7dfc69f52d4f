"""Lists to take away: as CSV and XLSX the same, in pieces, and no cell a formula."""

import csv
import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from epa.web.exports import ROWS_AT_ONCE, Export, answer

FORMULAE = ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=HYPERLINK(x)"]
PLAIN = ["", "O'Neill", "李小龙", "Nguyễn Thị", "a=b", 'say "no", or\nnot']


def fetched(rows, ending, head=("name", "number")):
    app = Flask(__name__)

    @app.get("/list")
    def view():
        return answer(Export("people", head, rows), ending)

    response = app.test_client().get("/list")
    return response, response.get_data()


def read(data, ending):
    """The rows of a file as a spreadsheet would have them."""
    if ending == "csv":
        assert data.startswith("\ufeff".encode())
        return [tuple(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    sheet = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    return [tuple("" if v is None else str(v) for v in row) for row in sheet.values]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("cell", FORMULAE)
def test_it_turns_a_formula_into_text(ending, cell):
    _response, data = fetched([(cell, 7)], ending)
    found = read(data, ending)[1]
    assert found[0].startswith("'")
    assert found[0].strip("'\t\r\n") == cell.strip("\t\r")
    assert found[1] == "7"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_it_leaves_everything_else(ending):
    _response, data = fetched([(one, None) for one in PLAIN], ending)
    assert [row[0] for row in read(data, ending)[1:]] == PLAIN


def test_it_leaves_out_what_no_workbook_can_hold():
    _response, data = fetched([("a\x00b\x0bc\ud800", 1), ("x" * 40_000, 2)], "xlsx")
    rows = read(data, "xlsx")
    assert (rows[1][0], len(rows[2][0])) == ("abc", 32_767)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_it_is_a_file_that_no_browser_opens_by_itself(ending):
    response, _data = fetched([], ending)
    assert response.headers["Content-Disposition"].startswith(
        f'attachment; filename="people.{ending}"'
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_it_sends_a_long_list_in_pieces(ending):
    app = Flask(__name__)
    with app.test_request_context():
        rows = ((f"{number:040}", number) for number in range(40 * ROWS_AT_ONCE))
        response = answer(Export("x", ("a", "b"), rows), ending)
        pieces = list(response.response)
        response.close()
    assert len(pieces) > 2
    assert len(b"".join(pieces)) == response.content_length


def test_it_sends_nothing_when_the_rows_break_off():
    def rows():
        yield ("a", 1)
        raise OSError("the database went away")

    app = Flask(__name__)
    with app.test_request_context(), pytest.raises(OSError, match="went away"):
        answer(Export("x", ("a", "b"), rows()), "csv")
