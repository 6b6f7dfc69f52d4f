"""Tables of clients as they come in and as they are kept, from CSV and from workbooks."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from epa.client_data import sheets, tables
from epa.client_data.rules import clients_in
from epa.uploads import CheckedUpload
from frameworks.faults import TableFaults
from frameworks.kpis import tables as kpi_tables
from frameworks.kpis.clients import read_clients

HEAD = ["reference", "service_start", "job_start", "job_end"]


def upload(content, extension="csv"):
    stream = io.BytesIO(content)
    return CheckedUpload(f"list.{extension}", extension, "", stream, len(content), "")


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return upload(stream.getvalue(), "xlsx")


def rows(found):
    return [(number, list(cells)) for number, cells in found.rows]


def faults_of(read, *arguments):
    with pytest.raises(TableFaults) as caught:
        read(*arguments)
    return [(fault.where, fault.problem) for fault in caught.value.faults]


def changed_sheet(checked, change, also=()):
    """The same workbook with the text of its sheet changed, and further parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(checked.content) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, change(text.decode()) if is_sheet else text)
        for name, text in dict(also).items():
            new.writestr(name, text)
    return upload(stream.getvalue(), "xlsx")


class TestWorkbooks:
    def test_it_reads_texts_numbers_and_dates_as_they_are_meant(self):
        started = date(2025, 1, 6)
        found = workbook(
            [*HEAD, "age", "status"],
            ["C-1 & co <1>", started, None, datetime.fromisoformat("2025-03-04 09:30"), 34, True],
            [],
            ["C-2", "2025-02-03", "", None, 4.2, "  kept  "],
        )
        read = tables.table_from(found)
        assert read.columns == (*HEAD, "age", "status")
        assert rows(read) == [
            (2, ["C-1 & co <1>", "2025-01-06", "", "2025-03-04", "34", "1"]),
            (4, ["C-2", "2025-02-03", "", "", "4.2", "  kept  "]),
        ]

    def test_a_formula_is_a_formula_whatever_it_came_to(self):
        found = workbook(HEAD, ["C-1", "=TODAY()", None, None], ["=A2", None, None, None])
        assert faults_of(read_clients, tables.table_from(found)) == [
            ("row 2, service_start", "a formula; write the date it comes to as YYYY-MM-DD"),
            ("row 3, reference", "a formula; write what it comes to"),
        ]

    def test_it_reads_texts_that_stand_elsewhere_and_joins_their_runs(self):
        shared = (
            "<sst><si><t>C-1</t></si>"
            "<si><r><t>C</t></r><r><t xml:space='preserve'>-2</t></r><rPh><t>no</t></rPh></si></sst>"
        )
        inline = '<c r="A{}" t="inlineStr"><is><t>C-{}</t></is></c>'
        found = changed_sheet(
            workbook(HEAD, ["C-1"], ["C-2"]),
            lambda text: text.replace(inline.format(2, 1), '<c r="A2" t="s"><v>0</v></c>').replace(
                inline.format(3, 2), '<c t="s" r="A3"><v>1</v></c>'
            ),
            also={"xl/sharedStrings.xml": shared},
        )
        assert rows(tables.table_from(found)) == [(2, ["C-1"]), (3, ["C-2"])]

    def test_it_reads_elements_with_a_prefix(self):
        def prefixed(text):
            text = text.replace("xmlns=", "xmlns:x=")
            return text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")

        found = changed_sheet(workbook(HEAD, ["C-1", date(2025, 1, 6)]), prefixed)
        assert rows(tables.table_from(found)) == [(2, ["C-1", "2025-01-06"])]

    @pytest.mark.parametrize(
        "put",
        [
            lambda text: text.replace("<sheetData>", "<!DOCTYPE a><sheetData>"),
            lambda text: text.replace("<t>C-1</t>", "<t><![CDATA[C-1]]></t>"),
            lambda text: text.replace('t="inlineStr"', 't="s"').replace(
                "<is><t>C-1</t></is>", "<v>9</v>"
            ),
            lambda text: text.replace("</c></row>", "</row>"),
        ],
        ids=["document type", "raw section", "no such text", "a cell without an end"],
    )
    def test_it_refuses_a_sheet_that_could_mean_something_else(self, put):
        checked = changed_sheet(workbook(HEAD, ["C-1"]), put)
        with pytest.raises(TableFaults, match="the workbook cannot be read"):
            rows(tables.table_from(checked))

    def test_it_refuses_what_is_no_workbook(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            package.writestr("a.txt", "a")
        for content in (b"PK\x03\x04", stream.getvalue()):
            with pytest.raises(TableFaults, match="save it anew"):
                tables.table_from(upload(content, "xlsx"))

    def test_it_leaves_columns_beyond_all_sense_out(self):
        wide = [*HEAD, *[""] * 300, "far"]
        (only,) = [cells for _, cells in sheets.rows_of(workbook(wide).content)]
        assert only == HEAD


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_it_finds_the_delimiter_and_passes_a_mark_over(self, delimiter):
        text = (
            "\ufeff" + delimiter.join(HEAD) + "\n" + delimiter.join(["C-1", "2025-01-06", "", ""])
        )
        assert rows(tables.table_from(upload(text.encode()))) == [
            (2, ["C-1", "2025-01-06", "", ""])
        ]

    def test_it_names_what_is_no_utf_8_and_what_is_no_csv(self):
        head = ",".join(HEAD).encode() + b"\n"
        assert (
            "CSV UTF-8" in faults_of(lambda: rows(tables.table_from(upload(head + b"\xe9,"))))[0][1]
        )
        assert faults_of(lambda: rows(tables.table_from(upload(head + b'"a"b,'))))[0][0] == "row 2"

    def test_it_refuses_a_list_beyond_the_cap_with_what_to_do(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 3)
        monkeypatch.setattr(kpi_tables, "MOST_ROWS", 3)
        many = [["C-1", None, None, None]] * 5
        text = "\n".join([",".join(HEAD), *["C-1,,,"] * 5])
        for checked in (workbook(HEAD, *many), upload(text.encode())):
            with pytest.raises(TableFaults, match="more than 3 rows; leave out what lies before"):
                tables.table_from(checked)
        lines = "reference,service_start,job_start,job_end\nC-1,,,\nC-2,,,\n,,,\n\n\n\n"
        assert len(rows(tables.table_from(upload(lines.encode())))) == 2


def test_a_kept_list_comes_back_with_every_client_in_its_row():
    text = (
        "status,reference,service_start,job_start,job_end,job2_start,job2_end,age,adviser\n"
        "in work,C-1,2025-01-06,2025-03-03,2025-04-04,2025-05-05,,34,Ms X\n"
        ",,,,,,,,\n"
        "\n"
        "waiting,C-2,,,,,,Under 16,Ms Y\n"
    )
    listed = clients_in(tables.table_from(upload(text.encode())))
    content = tables.kept(listed)
    again = tables.read_kept(content)
    assert again.clients == listed.clients
    assert [one.row for one in again.clients] == [2, 5]
    assert listed.ignored == ("adviser",)
    assert again.ignored == ()
    assert tables.columns_of(again) == (*HEAD, "job2_start", "job2_end", "status", "age")
    assert next(tables.rows_of(again)) == [
        *("C-1", "2025-01-06", "2025-03-03", "2025-04-04", "2025-05-05", "", "in work"),
        "25 to 34",
    ]
