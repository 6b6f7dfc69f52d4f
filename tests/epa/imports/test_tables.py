import io
import zipfile
from datetime import date, datetime

import pytest

from epa.imports import tables
from epa.imports.cells import Unusable
from epa.imports.tables import Unreadable
from epa.uploads import UploadRefused
from tests.epa.imports.table import HEAD, LEE, SIAN, csv_bytes, read, xlsx_bytes

BOTH = pytest.mark.parametrize(
    ("made", "name"), [(csv_bytes, "table.csv"), (xlsx_bytes, "table.xlsx")]
)


@BOTH
def test_it_reads_rows_under_our_names_and_counts_the_header_as_one(made, name):
    table = read(made(SIAN, ["", "", "", "", "", ""], LEE), name)
    assert [row.number for row in table.rows] == [2, 4]
    assert table.rows[0].cells == dict(zip(HEAD, SIAN, strict=True))
    assert table.notes == []


@BOTH
def test_it_knows_the_names_of_the_learner_record(made, name):
    head = ("Uln", "GivenNames", "FamilyName", "DateOfBirth", "EmployerName", "LearnStartDate")
    table = read(
        made((*SIAN, "10012345", "1"), head=(*head, "UkPrn", "StdCode")),
        name,
    )
    assert table.rows[0].cells == dict(zip(HEAD, SIAN, strict=True)) | {
        "provider_ukprn": "10012345"
    }
    assert table.notes == [(1, "StdCode", "this column is not one of ours; it is left out")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_takes_a_byte_order_mark(encoding):
    table = read(csv_bytes(SIAN, encoding=encoding))
    assert (table.rows[0].cells["given_names"], table.notes) == ("Siân", [])


def test_it_says_that_it_guessed_an_old_encoding():
    row = ("1000000019", "Siân", "O’Neill", *SIAN[3:])
    table = read(csv_bytes(row, encoding="cp1252"))
    assert table.rows[0].cells["family_name"] == "O’Neill"
    assert "Windows-1252" in table.notes[0].problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_takes_commas_semicolons_and_tabs(delimiter):
    row = ("1000000019", 'Siân "Shân"', "a,b;c", *SIAN[3:])
    table = read(csv_bytes(row, delimiter=delimiter))
    assert table.rows[0].cells["given_names"] == 'Siân "Shân"'
    assert table.rows[0].cells["family_name"] == "a,b;c"


def test_it_reads_a_workbooks_own_dates_and_numbers():
    row = (1000000019, "Siân", "Prosser", datetime(2003, 5, 28), "Tidewell", date(2025, 3, 4))  # noqa: DTZ001 (as a spreadsheet has it)
    cells = read(xlsx_bytes(row), "table.xlsx").rows[0].cells
    assert cells["uln"] == 1000000019
    assert cells["date_of_birth"] == datetime(2003, 5, 28)  # noqa: DTZ001


@BOTH
def test_it_takes_no_formula_for_a_value(made, name):
    table = read(made(('="1000000019"', *SIAN[1:])), name)
    assert table.rows[0].cells["uln"] == Unusable("holds a formula; put its value there")


def test_it_names_every_column_that_is_missing_or_there_twice():
    with pytest.raises(Unreadable) as bad:
        read(csv_bytes(SIAN, head=("uln", "ULN", "Given names", "FamilyName", "x", "employer")))
    assert [(fault.row, fault.field) for fault in bad.value.faults] == [
        (1, "uln"),
        (1, "date_of_birth"),
        (1, "learning_start"),
    ]


@pytest.mark.parametrize("content", [b"\n\n\n", b",,\n"])
def test_it_says_that_a_file_is_empty(content):
    with pytest.raises(Unreadable, match="the file is empty"):
        read(content)


def test_it_says_where_a_quotation_mark_is_out_of_place():
    with pytest.raises(Unreadable) as bad:
        read(csv_bytes(SIAN) + b'"a"b,c\n')
    assert bad.value.faults[0].row == 3


def test_it_takes_so_many_rows_and_no_more(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert len(read(csv_bytes(SIAN, LEE)).rows) == 2
    with pytest.raises(Unreadable, match="at most 2 rows"):
        read(csv_bytes(SIAN, LEE, SIAN))


def test_it_says_that_only_the_first_sheet_is_read():
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in (HEAD, SIAN):
        book.active.append(row)
    book.create_sheet("More")
    book.save(out)
    table = read(out.getvalue(), "table.xlsx")
    assert len(table.rows) == 1
    assert "only the first is read" in table.notes[0].problem


def test_it_says_that_a_row_is_longer_than_the_header():
    table = read(csv_bytes((*SIAN, "more")))
    assert table.notes == [(2, "", "has more cells than the header; they are left out")]


def test_it_refuses_a_workbook_with_entities_of_its_own():
    content = _with_part(
        xlsx_bytes(SIAN),
        "xl/worksheets/sheet1.xml",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>',
    )
    with pytest.raises(Unreadable, match="cannot be read"):
        read(content, "table.xlsx")


def test_it_refuses_a_file_that_lies_about_its_kind():
    with pytest.raises(UploadRefused):
        read(b"%PDF-1.7\n%%EOF\n", "table.xlsx")
    with pytest.raises(UploadRefused):
        read(b"a\x00b,c\n")


def _with_part(content, name, part):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, part if entry.filename == name else old.read(entry))
    return out.getvalue()
