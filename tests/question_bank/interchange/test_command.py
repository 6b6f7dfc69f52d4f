"""The commands `plumbline questions import --dry-run` and `template`, and tables that overflow."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from epa.cli import main
from question_bank.interchange import command
from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    OBSERVATION_PROMPT,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
)
from question_bank.interchange.outcome import Read
from question_bank.interchange.reading import opened
from question_bank.interchange.table_files import write_xlsx
from tests.question_bank.interchange.items import entries, written
from tests.question_bank.interchange.test_moodle_and_gift import ONE_RIGHT, question, quiz

ROOT = Path(__file__).parents[3]
MIXED = quiz(
    question("multichoice", ONE_RIGHT, name="ready"),
    question("multichoice", ONE_RIGHT, name="again"),
    question("essay", "", name="draft"),
    question("truefalse", "", name="refused"),
)


@pytest.fixture
def run(tmp_path, capsys):
    """Run an import of a file of this content: status, standard output, standard error."""

    def run(content, *options):
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        status = main(["questions", "import", str(path), *options])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def many(count):
    draft = Draft()
    for number in range(count):
        stem = draft.text(f"Why {number}?")
        yield draft.item(
            Item(f"q{number}", "", SHORT_ANSWER, stem, marks=2, guide=(f"since {number}",))
        )


class TestImport:
    def test_it_prints_the_document_of_the_contract(self, run):
        status, out, err = run(MIXED, "--dry-run", "--json")
        document = json.loads(out)
        assert (status, err) == (0, "")
        assert list(document) == ["format", "read", "accepted", "drafts", "refused", "duplicates"]
        assert (document["format"], document["read"], document["duplicates"]) == (
            "moodle-xml",
            4,
            1,
        )
        assert set(document["accepted"][0]) >= {
            "reference",
            "title",
            "type",
            "stem",
            "options",
            "key",
            "marks",
            "guide",
        }
        assert document["drafts"][0]["lacks"] == ["no marking guide", "marks 1; the plan gives 2"]
        assert document["refused"][0]["reference"] == "refused"

    def test_it_tells_people_line_by_line(self, run):
        status, out, _ = run(MIXED, "--dry-run")
        assert status == 0
        assert [line.split()[0] for line in out.splitlines()] == [
            "ready",
            "duplicate",
            "draft",
            "refused",
            "4",
        ]

    def test_it_reports_a_file_it_cannot_read(self, run, tmp_path):
        status, out, err = run("Just words.", "--dry-run", "--json")
        document = json.loads(out)
        assert status == 2
        assert document["format"] is None
        assert document["refused"][0]["reference"] == "file"
        assert f"{tmp_path}/file: nothing in it is known" in err

    def test_it_keeps_what_came_before_the_break(self, run):
        status, out, err = run(MIXED.replace("</quiz>", "<broken"), "--dry-run", "--json")
        document = json.loads(out)
        assert (status, document["read"]) == (2, 4)
        assert len(document["accepted"]) == 1
        assert "not well-formed" in err

    def test_it_believes_what_a_file_is_said_to_be(self, run):
        status, out, _ = run("Why? {}", "--dry-run", "--format", "gift", "--json")
        assert (status, json.loads(out)["format"]) == (0, "gift")

    def test_it_names_a_framework_it_does_not_know(self, run):
        status, _, err = run(MIXED, "--dry-run", "--framework", "nonsense")
        assert status == 2
        assert "nonsense" in err

    def test_it_stores_nothing_without_a_database(self, tmp_path, capsys):
        status = command.main([str(tmp_path / "file")], "plumbline questions import")
        assert status == 2
        assert "--dry-run" in capsys.readouterr().err

    def test_it_says_what_it_did_not_understand(self, run, capsys):
        assert main(["questions", "import", "--help"]) == 0
        assert run(MIXED, "--nonsense")[0] == 2

    def test_it_shows_progress_to_a_terminal_only(self, run, monkeypatch):
        monkeypatch.setattr("question_bank.interchange.command._PROGRESS_EVERY", 2)
        assert run(MIXED, "--dry-run", "--json")[2] == ""
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        assert "4 questions read" in run(MIXED, "--dry-run", "--json")[2]

    def test_it_needs_no_flask_and_no_database(self, tmp_path):
        (tmp_path / "quiz.xml").write_text(MIXED)
        program = (
            "import sys; from epa.cli import main; status = main(sys.argv[1:]);"
            "assert not {'flask', 'sqlalchemy', 'numpy'} & set(sys.modules); sys.exit(status)"
        )
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                program,
                "questions",
                "import",
                "quiz.xml",
                "--dry-run",
                "--json",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["read"] == 4


class TestManyItems:
    @pytest.mark.parametrize("chosen", ["qti3", "moodle-xml", "csv"])
    def test_it_reads_many_items_in_memory_that_stays_flat(self, tmp_path, chosen):
        peaks = []
        for count in (50, 400):
            path = tmp_path / f"{count}"
            path.write_bytes(written(many(count), chosen))
            tracemalloc.start()
            with opened(path) as (_, found):
                assert sum(isinstance(entry, Read) for entry in found) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        # Only the directory of a zip may grow with the items; their trees would take ten times that.
        assert peaks[1] - peaks[0] < 400 * 2_500


class TestTemplate:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_writes_what_an_import_takes_as_ready(self, tmp_path, form, capsys):
        out = tmp_path / f"items.{form}"
        assert main(["questions", "template", str(out), "--format", form]) == 0
        status = main(["questions", "import", str(out), "--dry-run", "--json"])
        document = json.loads(capsys.readouterr().out)
        assert status == 0
        assert [one["type"] for one in document["accepted"]] == [
            MULTIPLE_CHOICE,
            SHORT_ANSWER,
            OBSERVATION_PROMPT,
        ]

    def test_it_overwrites_nothing(self, tmp_path, capsys):
        out = tmp_path / "mine.csv"
        out.write_text("mine")
        assert main(["questions", "template", str(out)]) == 2
        assert "a new file was expected" in capsys.readouterr().err
        assert out.read_text() == "mine"

    def test_it_has_help(self):
        assert main(["questions", "template", "--help"]) == 0


class TestTables:
    def test_it_neutralises_what_spreadsheets_would_work_out(self, tmp_path):
        item = Item("=1", "@x", SHORT_ANSWER, "+1", marks=2, guide=("-1",))
        content = written([item], "csv").decode("utf-8-sig")
        assert "'=1" in content
        assert "'@x,'+1" in content
        (entry,) = entries(tmp_path / "file", content.encode())
        assert entry.item == item

    def test_it_names_an_item_with_too_many_options(self):
        options = tuple(Option(str(number)) for number in range(5))
        item = Item("q1", "t", MULTIPLE_CHOICE, "s", options=options, key=0, marks=1)
        with pytest.raises(Unfit, match="q1: there is no column 'option_e'"):
            written([item], "csv")

    def test_it_names_a_text_longer_than_a_cell(self):
        item = Item("q1", "t", SHORT_ANSWER, "x" * 40_000, marks=2, guide=("g",))
        with pytest.raises(Unfit, match="q1: stem has more than"):
            write_xlsx([item], io.BytesIO(), 4)
