"""The command `plumbline questions statistics`: its document, its table and its bad input."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from epa.cli import main

ROOT = Path(__file__).parents[3]
GOOD = "candidate,Q1,Q2\nmax,1,2\na,1,2\nb,0,1\nc,1,\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a file of this content: status, standard output, lines of errors."""

    def run(content, *options):
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["questions", "statistics", str(path), *options])
        captured = capsys.readouterr()
        errors = [
            line.removeprefix(f"plumbline questions statistics: {path}: ")
            for line in captured.err.splitlines()
        ]
        return status, captured.out, errors

    return run


class TestDocument:
    def test_it_has_the_keys_of_the_contract(self, run):
        status, out, errors = run(GOOD, "--json")
        document = json.loads(out)
        assert (status, errors) == (0, [])
        assert document["candidates"] == 3
        assert set(document["items"]["Q1"]) >= {
            "n",
            "facility",
            "sd",
            "discrimination_index",
            "discriminative_efficiency",
            "effective_weight",
        }
        assert set(document["test"]) == {
            "mean",
            "median",
            "sd",
            "skewness",
            "kurtosis",
            "alpha",
            "error_ratio",
            "standard_error",
        }
        assert document["items"]["Q2"]["facility"] == 0.5
        assert document["test"]["mean"] == 5 / 3
        assert document["test"]["kurtosis"] is None

    def test_it_puts_number_interval_and_flags_beside_each_item(self, run):
        rows = "".join(f"c{number},1,{number % 3}\n" for number in range(20))
        document = json.loads(run(f"x,Q1,Q2\nmax,1,2\n{rows}", "--json")[1])
        low, high = document["items"]["Q1"]["facility_interval"]
        assert low < 1 == high
        assert document["items"]["Q1"]["flags"] == ["too_easy"]
        assert document["items"]["Q1"]["discrimination_interval"] is None

    @pytest.mark.parametrize(
        "content",
        [
            GOOD.encode("utf-8-sig"),
            GOOD.replace("\n", "\r\n"),
            GOOD + "\n\n",
            GOOD.replace("1,2", " 1 ,2.000"),
            GOOD.replace("max", "Max"),
        ],
    )
    def test_it_reads_what_spreadsheets_write(self, run, content):
        assert run(content, "--json")[:2] == run(GOOD, "--json")[:2]

    def test_it_takes_parts_of_a_mark(self, run):
        document = json.loads(run("x,Q1\nmax,1\na,0.5\nb,.\n".replace(",.", ",0.25"), "--json")[1])
        assert document["items"]["Q1"]["facility"] == 0.375

    def test_it_accepts_a_matrix_without_candidates(self, run):
        status, out, _ = run("x,Q1\nmax,1\n", "--json")
        assert (status, json.loads(out)["items"]["Q1"]["facility"]) == (0, None)

    def test_it_lays_the_figures_out_for_people(self, run):
        status, out, _ = run(GOOD)
        assert status == 0
        assert out.startswith("3 candidates, 2 items\n")
        assert "standard error" in out


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("", "row 2: the maximum marks were expected, in a row named 'max'"),
            ("x\nmax\n", "row 1: a column for the candidate and one for each item were expected"),
            ("x,Q1\na,1\n", "row 2: the maximum marks were expected, in a row named 'max'"),
            ("x,Q1,\nmax,1,1\n", "row 1, column 3: the code of an item was expected"),
            ("x,Q1,Q1\nmax,1,1\n", "row 1, column 3: the item 'Q1' has a column already"),
            ("x,Q1\nmax,0\n", "row 2, column Q1: a number above 0 was expected; it says '0'"),
            ("x,Q1\nmax,\n", "row 2, column Q1: a number above 0 was expected; it says ''"),
            ("x,Q1\nmax,x\na,1\n", "row 2, column Q1: a number above 0 was expected; it says 'x'"),
            ("x,Q1\nmax,2\na,3\n", "row 3, column Q1: 0 to 2 was expected; it says '3'"),
            ("x,Q1\nmax,2\na,-1\n", "row 3, column Q1: 0 to 2 was expected; it says '-1'"),
            ("x,Q1\nmax,2\na,nan\n", "row 3, column Q1: 0 to 2 was expected; it says 'nan'"),
            ("x,Q1\nmax,2\na,=1+1\n", "row 3, column Q1: 0 to 2 was expected; it says '=1+1'"),
            ("x,Q1\nmax,2\na,１\n", "row 3, column Q1: 0 to 2 was expected; it says '１'"),
            ("x,Q1\nmax,2\n\na,9\n", "row 4, column Q1: 0 to 2 was expected; it says '9'"),
            ("x,Q1\nmax,2\na\n", "row 3: 2 cells were expected, as in the header; there are 1"),
            ("x,Q1\nmax,2\n,1\n", "row 3, column 1: the candidate was expected"),
            ("x,Q1\nmax,2\na,1\na,1\n", "row 4, column 1: 'a' stands in row 3 already"),
            (GOOD.encode("utf-16"), "UTF-8 text was expected"),
            (b"x,Q1\nmax,2\na\xe9,1\n", "UTF-8 text was expected"),
        ],
    )
    def test_it_names_the_place(self, run, content, expected):
        status, out, errors = run(content)
        assert (status, out, errors) == (2, "", [expected])

    def test_it_names_every_fault(self, run):
        status, out, errors = run("x,Q1,Q2\nmax,1,2\na,2,x\nb,1,1\nc,0,3\n", "--json")
        assert status == 2
        assert [fault["where"] for fault in json.loads(out)["faults"]] == [
            "row 3, column Q1",
            "row 3, column Q2",
            "row 5, column Q2",
        ]
        assert len(errors) == 3

    def test_it_stops_naming_after_a_hundred(self, run):
        rows = "".join(f"c{number},x\n" for number in range(200))
        _, _, errors = run(f"x,Q1\nmax,1\n{rows}")
        assert len(errors) == 101
        assert errors[-1].endswith("and more faults like these")

    def test_it_says_a_fault_on_one_line(self, run):
        assert run('x,Q1\nmax,1\na,"\n\x1b[2J"\n')[2] == [
            "row 3, column Q1: 0 to 1 was expected; it says '\\n\\x1b[2J'"
        ]

    def test_it_names_a_file_that_is_not_there(self, tmp_path, capsys):
        path = tmp_path / "none.csv"
        assert main(["questions", "statistics", str(path)]) == 2
        assert f"{path}: the file cannot be read: " in capsys.readouterr().err

    def test_it_names_a_quotation_without_an_end(self, run):
        status, _, errors = run('x,Q1\nmax,1\na,"1\n')
        assert status == 2
        assert errors[0].startswith("comma-separated values were expected")

    def test_it_names_a_file_that_is_too_large(self, run, monkeypatch):
        monkeypatch.setattr("question_bank.statistics.matrix.LARGEST_BYTES", 10)
        assert run(GOOD)[2] == ["at most 10 bytes are read"]


class TestTable:
    def test_it_lists_its_commands(self, capsys):
        assert main(["questions"]) == 0
        assert "statistics" in capsys.readouterr().out

    def test_it_has_help_and_names_an_option_it_does_not_know(self, capsys):
        assert main(["questions", "statistics", "--help"]) == 0
        assert main(["questions", "statistics", "x.csv", "--nonsense"]) == 2
        assert "--nonsense" in capsys.readouterr().err

    def test_it_ends_quietly_when_nobody_reads_on(self, run, tmp_path, monkeypatch):
        class Closed(io.StringIO):
            def flush(self):
                raise BrokenPipeError

            def fileno(self):
                return spare.fileno()

        with (tmp_path / "spare").open("w") as spare:
            monkeypatch.setattr(sys, "stdout", Closed())
            (tmp_path / "marks.csv").write_text(GOOD)
            assert main(["questions", "statistics", str(tmp_path / "marks.csv")]) == 0

    def test_it_names_a_command_it_does_not_know(self, capsys):
        assert main(["questions", "nonsense"]) == 2
        assert "there is no command 'nonsense'" in capsys.readouterr().err

    def test_it_needs_no_flask_and_no_database(self, tmp_path):
        (tmp_path / "marks.csv").write_text(GOOD)
        program = (
            "import sys; from epa.cli import main; status = main(sys.argv[1:]);"
            "assert not {'flask', 'sqlalchemy'} & set(sys.modules); sys.exit(status)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, "questions", "statistics", "marks.csv", "--json"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["candidates"] == 3
