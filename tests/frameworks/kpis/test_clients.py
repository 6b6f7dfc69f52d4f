"""A list of clients is read whole, or every row that is wrong is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworks import Faults
from frameworks.faults import TableFaults
from frameworks.kpis import clients, tables
from frameworks.kpis.clients import Job, read_clients
from frameworks.kpis.satisfaction import read_answers
from frameworks.kpis.tables import table_of

FOUR = ["reference", "service_start", "job_start", "job_end"]


def faults_of(read, *arguments):
    with pytest.raises(TableFaults) as caught:
        read(*arguments)
    return {fault.where: fault.problem for fault in caught.value.faults}


class TestReading:
    def test_it_reads_a_client_with_jobs_in_the_order_they_began(self, clients):
        row = ["C1", "2025-01-01", "2025-06-01", "", "2025-02-01", "2025-03-01"]
        (client,) = clients(row)
        assert (client.row, client.reference) == (2, "C1")
        assert client.service_start == date(2025, 1, 1)
        assert client.jobs == (
            Job(date(2025, 2, 1), date(2025, 3, 1)),
            Job(date(2025, 6, 1), None),
        )

    def test_it_reads_what_may_stand_beside(self, table):
        columns = [*FOUR, "referral_date", "eligibility_meeting", "profile_start"]
        columns += ["status", "age", "gender", "ethnicity"]
        row = ["C1", "", "", "", "2024-12-01", "2024-12-05", "2024-12-09"]
        listed = read_clients(table([[*row, "in work", "25-34", "woman", "white Welsh"]], columns))
        (client,) = listed.clients
        assert client.referral_date == date(2024, 12, 1)
        assert client.eligibility_meeting == date(2024, 12, 5)
        assert client.profile_start == date(2024, 12, 9)
        assert (client.status, client.age) == ("in work", "25-34")
        assert (client.gender, client.ethnicity) == ("woman", "white Welsh")
        assert (set(listed.columns), listed.ignored) == (set(columns), ())

    def test_it_knows_columns_however_they_are_spelt_and_ordered(self, clients):
        columns = [" Job End", "JOB-START", "Reference ", "service start"]
        (client,) = clients(["2025-03-01", "2025-02-01", "C1", "2025-01-01"], columns=columns)
        assert client.jobs == (Job(date(2025, 2, 1), date(2025, 3, 1)),)

    def test_it_passes_over_empty_rows_and_keeps_their_numbers(self, table):
        rows = [["", ""], FOUR, ["C1"], ["", " ", ""], ["C2", "2025-01-01", ""]]
        assert [(one.row, one.reference) for one in read_clients(table(rows)).clients] == [
            (3, "C1"),
            (5, "C2"),
        ]

    def test_it_names_columns_that_it_does_not_look_at(self, table):
        listed = read_clients(table([["C1", "", "", "", "Ms X", ""]], [*FOUR, "adviser", ""]))
        assert listed.ignored == ("adviser",)

    def test_it_reads_a_list_of_nobody(self, table):
        assert read_clients(table([FOUR])).clients == ()


class TestRefused:
    def test_it_names_every_row_and_column(self, table):
        rows = [
            ["C1", "2025-02-01", "2025-01-31", ""],
            ["C2", "2025-01-01", "2025-02-01", "2025-01-31"],
            ["C1", "", "", ""],
            ["", "2025-01-01", "", ""],
            ["C5", "01/02/2025", "soon", "2025-02-30"],
            ["C6", "", "", "2025-01-01"],
            ["=A1", "=TODAY()", "", ""],
            ["C8", "", "", "", "more"],
        ]
        assert faults_of(read_clients, table(rows, FOUR)) == {
            "row 2, job_start": "2025-01-31, before service_start, 2025-02-01",
            "row 3, job_end": "2025-01-31, before job_start, 2025-02-01",
            "row 4, reference": "'C1' stands in row 2 too",
            "row 5, reference": "a reference was expected",
            "row 6, service_start": "a date as YYYY-MM-DD was expected, not '01/02/2025'",
            "row 6, job_start": "a date as YYYY-MM-DD was expected, not 'soon'",
            "row 6, job_end": "a date as YYYY-MM-DD was expected, not '2025-02-30'",
            "row 7, job_start": "empty, and job_end is 2025-01-01",
            "row 8, reference": "a formula; write what it comes to",
            "row 8, service_start": "a formula; write the date it comes to as YYYY-MM-DD",
            "row 9": "5 cells; the header has 4",
        }

    def test_it_looks_at_further_jobs_too(self, table):
        columns = [*FOUR, "job2_start", "job2_end"]
        row = ["C1", "2025-02-01", "2025-03-01", "", "2025-01-01", "2024-12-01"]
        assert set(faults_of(read_clients, table([row], columns))) == {
            "row 2, job2_start",
            "row 2, job2_end",
        }

    @pytest.mark.parametrize(
        "text", ["20250101", "2025-W01-1", "2025-1-1", "1899-12-31", "٢٠٢٥-٠١-٠١"]
    )
    def test_it_takes_iso_dates_since_1900_only(self, table, text):
        assert set(faults_of(read_clients, table([["C1", text]], FOUR))) == {"row 2, service_start"}

    @pytest.mark.parametrize(
        ("text", "is_one"),
        [("=1+1", True), ("@SUM(A1)", True), ("+A1", True), ("-A1", True), ("-", False),
         ("-5", False), ("+44", False), ("-1.5", False), ("a=b", False), ("", False)],
    )  # fmt: skip
    def test_it_knows_a_formula(self, text, is_one):
        assert tables.is_formula(text) is is_one

    @pytest.mark.parametrize(
        ("columns", "where", "problem"),
        [
            (["reference", "service_start", "job_start"], "job_end", "the column is missing"),
            (["Name"], "reference", "the column is missing; the header has: name"),
            ([*FOUR, "job2_start"], "job2_end", "the column is missing"),
            ([*FOUR, "job2_end"], "job2_start", "the column is missing"),
            ([*FOUR, "job1_start"], "job1_start", "further jobs stand in job2_start"),
            ([*FOUR, "job2_strat"], "job2_strat", "unknown; further jobs stand in"),
        ],
    )
    def test_it_names_a_column_that_is_missing_or_misspelt(self, table, columns, where, problem):
        assert problem in faults_of(read_clients, table([columns]))[where]

    def test_it_refuses_a_column_that_stands_twice(self, table):
        faults = faults_of(table, [[*FOUR, "Job Start"]])
        assert faults == {"row 1, job_start": "the column stands twice"}

    def test_it_refuses_a_table_without_a_header(self, table):
        assert "a header row was expected" in faults_of(table, [])["row 1"]

    def test_it_says_what_to_do_with_a_list_beyond_the_cap(self, table, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 2)
        two = [["C1"], ["C2"]]
        assert len(read_clients(table(two, FOUR)).clients) == 2
        faults = faults_of(read_clients, table([*two, ["C3"]], FOUR))
        assert "more than 2 rows; leave out what lies before" in faults["row 4"]

    def test_it_names_faults_before_the_cap_as_well(self, table, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 1)
        faults = faults_of(read_clients, table([["C1", "x"], ["C2"]], FOUR))
        assert set(faults) == {"row 2, service_start", "row 3"}


class TestAnswers:
    def test_it_reads_ratings_by_group(self, answers):
        found = answers(["employer", "4.5"], ["Client", "5"], ["client", "0"])
        assert (found.employers, found.clients) == ((4.5,), (5, 0))

    def test_it_names_every_row(self, table, seqf):
        rows = [["boss", "4"], ["employer", "5.1"], ["client", ""], ["client", "=5"], ["x", "-1"],
                ["client", "4", "more"], ["client", "nan"], ["client", "1e0"]]  # fmt: skip
        read = table(rows, ["group", "overall"])
        faults = faults_of(read_answers, read, seqf.measures["2.2.C"])
        assert faults == {
            "row 2, group": "one of employer, client was expected, not 'boss'",
            "row 3, overall": "a rating from 0 to 5 was expected, not '5.1'",
            "row 4, overall": "a rating from 0 to 5 was expected, not ''",
            "row 5, overall": "a formula; write the rating it comes to",
            "row 6, group": "one of employer, client was expected, not 'x'",
            "row 6, overall": "a rating from 0 to 5 was expected, not '-1'",
            "row 7": "3 cells; the header has 2",
            "row 8, overall": "a rating from 0 to 5 was expected, not 'nan'",
            "row 9, overall": "a rating from 0 to 5 was expected, not '1e0'",
        }

    def test_it_needs_both_columns(self, table, seqf):
        measure = seqf.measures["2.2.C"]
        faults = faults_of(read_answers, table([["who", "overall"]]), measure)
        assert set(faults) == {"group"}

    def test_it_says_what_to_do_beyond_the_cap(self, table, seqf, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 1)
        rows = [["group", "overall"], ["client", "1"], ["client", "2"]]
        assert "row 3" in faults_of(read_answers, table(rows), seqf.measures["2.2.C"])


class TestCsv:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "list.csv"

    def test_it_reads_a_file_with_a_byte_order_mark_and_quotations(self, path):
        text = '\ufeffreference,service_start,job_start,job_end\n"C,\n1",2025-01-01,,\nC2,,,\n'
        path.write_text(text, "utf-8")
        found = read_clients(tables.read_csv(path)).clients
        assert [(one.row, one.reference) for one in found] == [(2, "C,\n1"), (3, "C2")]

    @pytest.mark.parametrize(
        ("content", "where", "problem"),
        [
            (b"", "row 1", "a header row was expected"),
            (b"reference,service_start,job_start,job_end\nC1,,\xff,\n", "after row 0", "UTF-8"),
            (b'reference,service_start,job_start,job_end\n"C1"x,,,\n', "row 2", "CSV was expected"),
            (b"\x00\x01\x02", "reference", "the column is missing"),
        ],
    )
    def test_it_names_what_is_no_table(self, path, content, where, problem):
        path.write_bytes(content)
        assert problem in faults_of(lambda: read_clients(tables.read_csv(path)))[where]

    def test_it_names_a_file_that_is_not_there(self, path):
        assert "No such file" in faults_of(tables.read_csv, path)[""]

    def test_it_names_a_folder_in_the_place_of_a_file(self, path):
        path.mkdir()
        assert "cannot be read" in faults_of(tables.read_csv, path)[""]

    @pytest.mark.parametrize("name", ["null\0byte.csv", "x" * 300])
    def test_it_names_a_path_that_cannot_be(self, tmp_path, name):
        assert "cannot be read" in faults_of(tables.read_csv, f"{tmp_path}/{name}")[""]

    def test_it_refuses_a_file_that_is_too_large(self, path, monkeypatch):
        monkeypatch.setattr(tables, "LARGEST_FILE_BYTES", 10)
        path.write_text("reference,job", "utf-8")
        assert "larger than 10 bytes; leave out what lies" in faults_of(tables.read_csv, path)[""]

    def test_it_refuses_a_list_far_too_long_before_it_looks_at_rows(self, path, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 2)
        path.write_text(",".join(FOUR) + "\nC1,never\nC2\nC3\n", "utf-8")
        assert set(faults_of(tables.read_csv, path)) == {"row 4"}

    def test_it_counts_rows_and_not_lines(self, path, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 2)
        path.write_text(",".join(FOUR) + '\n"C\n\n\n1"\n\n\nC2\n', "utf-8")
        assert len(read_clients(tables.read_csv(path)).clients) == 2

    def test_it_is_a_kind_of_bad_input(self):
        assert issubclass(TableFaults, Faults)


CELLS = st.sampled_from(
    [
        "",
        "C-1",
        "2026-01-05",
        "2026-03-09",
        "2025-12-31",
        "2026-02-30",
        "=A1",
        "-4",
        "+x",
        "@b",
        "44",
    ]
)


@given(st.lists(CELLS, min_size=13, max_size=14))
def test_the_quick_way_finds_what_the_thorough_one_finds_or_leaves_it_to_it(cells):
    head = (
        "reference,service_start,job_start,job_end,job2_start,job2_end,referral_date,"
        "eligibility_meeting,profile_start,status,age,gender,ethnicity"
    )
    table = table_of("", [(1, head.split(","))])
    layout = clients._layout_of(table)
    texts = table.texts(cells)
    quick = clients._plain_client(layout, 2, texts)
    faults = tuple(clients._faults_in(table, layout, 2, texts))
    assert quick is None or (not faults and quick == clients._client(layout, 2, texts))


def test_a_plain_row_is_read_the_quick_way():
    table = table_of("", [(1, FOUR)])
    texts = table.texts(["C-1", "2026-01-05", "2026-03-09", ""])
    found = clients._plain_client(clients._layout_of(table), 2, texts)
    assert found.jobs == (Job(date(2026, 3, 9), None),)
