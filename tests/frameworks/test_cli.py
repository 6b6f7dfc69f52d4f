"""The command `plumbline frameworks`: what it prints, its exit status, and its bad input."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from frameworks.cli import main

ROOT = Path(__file__).parents[2]
CODES = ["iep_qif", "matrix", "scottish_standards", "seqf", "st0663"]


def versions_of_st0663(listed):
    return [one["version"] for one in listed if one["code"] == "st0663"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Run in an empty folder, with no definitions of the EPAO's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLUMBLINE_DATA", raising=False)


class TestList:
    def test_it_lists_each_framework(self, run_json):
        status, document, err = run_json("list")
        assert status == 0
        assert err == []
        assert {
            "code": "st0663",
            "version": "2022.1",
            "title": "Employability Practitioner",
            "scheme": "grading",
            "criteria": 53,
        } in document

    def test_it_lays_the_list_out_for_people(self, run):
        status, out, _ = run("list")
        assert status == 0
        assert out.splitlines()[0].split() == ["code", "version", "scheme", "criteria", "title"]
        assert "Employability Practitioner" in out

    def test_it_finds_the_epaos_own_versions(self, run_json, own_folder, write, monkeypatch):
        write()
        monkeypatch.setenv("PLUMBLINE_DATA", str(own_folder.parent))
        assert versions_of_st0663(run_json("list")[1]) == ["2022.1", "2022.1-own"]

    def test_it_finds_the_epaos_own_versions_in_var_by_default(self, run_json, tmp_path, write):
        write()
        (tmp_path / "var").mkdir()
        (tmp_path / "frameworks").rename(tmp_path / "var" / "frameworks")
        assert versions_of_st0663(run_json("list")[1]) == ["2022.1", "2022.1-own"]

    def test_it_lists_what_loads_and_names_what_does_not(self, run_json, own_folder, write):
        path = write(("pieces_min = 24", "pieces_min = 0"))
        status, document, err = run_json("list", "--definitions", own_folder)
        assert status == 2
        assert versions_of_st0663(document) == ["2022.1"]
        assert len(err) == 1
        assert f"{path}: portfolio.pieces_min: " in err[0]

    def test_it_takes_several_folders(self, run_json, own_folder, write, tmp_path):
        write()
        (tmp_path / "other").mkdir()
        options = ["--definitions", tmp_path / "other", "--definitions", own_folder]
        assert versions_of_st0663(run_json("list", *options)[1]) == ["2022.1", "2022.1-own"]

    def test_it_names_each_folder_that_is_none(self, run_json):
        status, document, err = run_json("list", "--definitions", "a", "--definitions", "b")
        assert status == 2
        assert [fault["file"] for fault in document["faults"]] == ["a", "b"]
        assert err == [
            f"plumbline frameworks: {name}: --definitions: a folder was expected" for name in "ab"
        ]


class TestShow:
    def test_it_shows_the_whole_definition(self, run_json):
        status, document, _ = run_json("show", "st0663")
        assert status == 0
        assert [one["code"] for one in document["criteria"]][:2] == ["K1", "K2"]
        assert list(document["methods"]) == ["presentation", "observation", "knowledge_test"]
        assert document["mapping"]["K3"] == ["knowledge_test"]
        assert set(document["descriptors"]["presentation"]["K3"]) == {"pass", "distinction"}
        assert len(document["interpretations"]) > 7
        assert document["source"]["plan_date"] == "2022-05-22"

    def test_it_shows_a_definition_to_people(self, run):
        status, out, _ = run("show", "st0663")
        assert status == 0
        assert "37 KSBs, 19 at Distinction for a Distinction" in out
        assert "fail 0-45, pass 46-52, distinction 53-66" in out
        assert "How we read the source" in out

    def test_it_shows_the_version_asked_for(self, run_json, own_folder, write):
        write()
        options = ["--definitions", own_folder]
        assert run_json("show", "st0663", *options)[1]["version"] == "2022.1-own"
        version = run_json("show", "st0663", *options, "--version", "2022.1")[1]["version"]
        assert version == "2022.1"

    @pytest.mark.parametrize(
        ("argv", "problem"),
        [
            (["nonsense"], f"there is no framework 'nonsense'; there is: {', '.join(CODES)}"),
            (["st0663", "--version", "9"], "st0663 has no version '9'; there is: 2022.1"),
            (["../st0663"], "there is no framework '../st0663'"),
        ],
    )
    def test_it_names_what_is_unknown(self, run_json, argv, problem):
        status, document, err = run_json("show", *argv)
        assert status == 2
        assert problem in document["faults"][0]["problem"]
        assert len(err) == 1
        assert problem in err[0]


class TestCheck:
    def test_it_reports_the_seven_contradictions_and_succeeds(self, run_json):
        status, document, err = run_json("check", "st0663")
        assert status == 0
        assert err == []
        assert {one["where"] for one in document} == {"K3", "K16", "K19", "S10", "B6", "B7", "B8"}
        assert {one["kind"] for one in document} == {"contradiction"}
        assert all(one["interpretation"] for one in document)

    def test_it_checks_everything_when_nothing_is_named(self, run_json):
        status, document, _ = run_json("check")
        assert status == 0
        assert len([one for one in document if one["framework"] == "st0663"]) == 7

    def test_it_says_it_to_people(self, run):
        status, out, _ = run("check", "st0663")
        assert status == 0
        assert "we read it so:" in out
        assert out.endswith("Contradictions in the source, each with its reading: 7.\n")

    def test_it_says_an_error_to_people_and_names_its_file(self, run, write):
        path = write(("count = 14", "count = 15"))
        status, out, err = run("check", path)
        assert status == 2
        assert "Errors: 2. Contradictions in the source, each with its reading: 7." in out
        assert len(err) == 2

    def test_it_checks_a_file_wherever_it_stands(self, run_json, write):
        path = write(("count = 14", "count = 15"), ('about = ["K3"]', 'about = ["K4"]'))
        status, document, err = run_json("check", path)
        assert status == 2
        errors = [one for one in document if one["kind"] == "error"]
        assert len(errors) == len(err) == 3
        assert len(document) == 9
        assert all(line.startswith(f"plumbline frameworks: {path}: ") for line in err)

    def test_it_checks_a_definition_that_stands_in_the_wrong_place(
        self, run_json, own_folder, write
    ):
        path = write()
        path.rename(path.with_name("3000.0.toml"))
        status, document, err = run_json("check", "st0663", "--definitions", own_folder)
        assert status == 2
        assert document[0]["where"] == "version"
        assert len(err) == 1

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"code ="])
    def test_it_reports_a_file_that_is_no_definition(self, run_json, tmp_path, content):
        path = tmp_path / "broken.toml"
        path.write_bytes(content)
        status, document, err = run_json("check", path)
        assert status == 2
        assert [one["kind"] for one in document] == ["error"]
        assert document[0]["framework"] == str(path)
        assert len(err) == 1

    def test_it_reports_a_file_that_is_not_there(self, run_json):
        status, document, _ = run_json("check", "nowhere.toml")
        assert status == 2
        assert document[0]["where"] == "file"
        assert "No such file" in document[0]["problem"]

    def test_it_reports_an_unknown_code(self, run_json):
        status, document, err = run_json("check", "nonsense")
        assert status == 2
        assert "there is no framework 'nonsense'" in document[0]["problem"]
        assert len(err) == 1

    def test_it_reports_an_unknown_version(self, run_json):
        status, document, _ = run_json("check", "st0663", "--version", "9")
        assert status == 2
        assert document[0]["where"] == "version"

    @pytest.mark.parametrize("argv", [["--version", "2022.1"], ["x.toml", "--version", "2022.1"]])
    def test_it_picks_versions_of_codes_only(self, run_json, argv):
        status, document, _ = run_json("check", *argv)
        assert status == 2
        assert document[0]["where"] == "--version"


class TestScore:
    def test_it_scores_a_file(self, run_json, ratings, judged_as):
        path = ratings(
            {
                "methods": {
                    "presentation": {"ratings": judged_as("presentation", 18)},
                    "observation": {"ratings": judged_as("observation", 7)},
                    "knowledge_test": {"marks": 52},
                },
                "resit_possible": True,
            }
        )
        status, document, err = run_json("score", "st0663", path)
        assert status == 0
        assert err == []
        assert document["outcome"] == "pass"
        assert document["complete"] is True
        assert document["methods"]["observation"]["grade"] == "distinction"
        assert document["methods"]["knowledge_test"] == {"grade": "pass", "marks": 52, "max": 66}

    def test_it_explains_to_people(self, run, ratings):
        path = ratings({"methods": {"knowledge_test": {"marks": 52}}})
        status, out, _ = run("score", "st0663", path)
        assert status == 0
        assert "Outcome: pending" in out
        assert "Missing: presentation, observation" in out
        assert "52 of 66 marks; Pass runs from 46 to 52" in out

    def test_it_says_nothing_of_missing_when_all_is_there(self, run, ratings, judged_as):
        methods = {code: {"ratings": judged_as(code)} for code in ("presentation", "observation")}
        path = ratings({"methods": {**methods, "knowledge_test": {"marks": 46}}})
        status, out, _ = run("score", "st0663", path)
        assert status == 0
        assert "Missing" not in out

    def test_it_scores_under_the_version_asked_for(self, run_json, ratings, own_folder, write):
        write(("highest = 45", "highest = 49"), ("lowest = 46", "lowest = 50"))
        path = ratings({"methods": {"knowledge_test": {"marks": 49}}})
        options = ["--definitions", own_folder]
        document = run_json("score", "st0663", path, *options)[1]
        assert document["methods"]["knowledge_test"]["grade"] == "fail"
        document = run_json("score", "st0663", path, *options, "--version", "2022.1")[1]
        assert document["methods"]["knowledge_test"]["grade"] == "pass"

    def test_it_lists_every_fault_with_its_place(self, run_json, ratings):
        content = {
            "methods": {
                "presentation": {"ratings": {"K1": "merit", "K6": "pass"}},
                "observation": {"ratings": "all passed"},
                "knowledge_test": {"marks": 67.0},
                "interview": {},
            },
            "resit_possible": "yes",
        }
        path = ratings(content)
        status, document, err = run_json("score", "st0663", path)
        assert status == 2
        assert [fault["where"] for fault in document["faults"]] == [
            "resit_possible",
            "methods.presentation.ratings.K1",
            "methods.presentation.ratings.K6",
            "methods.observation.ratings",
            "methods.knowledge_test.marks",
            "methods.interview",
        ]
        assert {fault["file"] for fault in document["faults"]} == {str(path)}
        assert len(err) == 6

    @pytest.mark.parametrize(
        ("content", "where", "problem"),
        [
            (b"", "line 1, column 1", "JSON was expected"),
            (b"\xff\xfe{}", "byte 1", "UTF-8 text was expected"),
            (b"\x00\x01\x02", "line 1, column 1", "JSON was expected"),
            (b'{"methods":\n {]}', "line 2, column 3", "JSON was expected"),
            (b"[" * 200_000, "", "nested too deeply"),
            (b" " * 1_000_001, "", "larger than 1000000 bytes"),
            (b'{"methods": {}, "methods": {}}', "methods", "the key stands 2 times"),
            (b'{"methods": {"knowledge_test": {"marks": NaN}}}', "methods.knowledge_test.marks", "not 'NaN'"),
            (b'{"methods": {"knowledge_test": {"marks": Infinity}}}', "methods.knowledge_test.marks", "not 'Inf"),
            (b'{"methods": {"knowledge_test": {"marks": 1e999}}}', "methods.knowledge_test.marks", "not inf"),
            (b'{"methods": {"knowledge_test": {"marks": %s}}}' % (b"9" * 5000), "methods.knowledge_test.marks", "not '999"),
            (b'{"methods": {"knowledge_test": {"marks": true}}}', "methods.knowledge_test.marks", "not true"),
            (b'{"methods": {"observation": {"ratings": {"\\ud800": 1}}}}', "methods.observation.ratings.\ud800", "no such KSB"),
        ],
    )  # fmt: skip
    def test_it_names_what_is_wrong_with_a_file(self, run_json, ratings, content, where, problem):
        status, document, err = run_json("score", "st0663", ratings(content))
        assert status == 2
        (fault,) = document["faults"]
        assert fault["where"] == where
        assert problem in fault["problem"]
        assert len(err) == 1

    def test_it_keeps_each_fault_on_one_line(self, run, ratings):
        path = ratings({"methods": {"two\nlines\x1b[31m": {}}})
        status, _, err = run("score", "st0663", path)
        assert status == 2
        assert len(err) == 1
        assert "two\\nlines\\x1b[31m" in err[0]

    def test_it_takes_a_byte_order_mark(self, run_json, ratings):
        assert run_json("score", "st0663", ratings(b'\xef\xbb\xbf{"methods": {}}'))[0] == 0

    def test_it_names_an_unknown_code_and_an_unreadable_file_together(self, run_json, tmp_path):
        status, document, err = run_json("score", "nonsense", tmp_path)
        assert status == 2
        assert len(document["faults"]) == len(err) == 2
        assert "cannot be read: Is a directory" in err[1]

    def test_it_names_an_unknown_code_though_the_file_is_sound(self, run_json, ratings):
        status, document, _ = run_json("score", "nonsense", ratings({"methods": {}}))
        assert status == 2
        assert len(document["faults"]) == 1

    def test_it_says_faults_to_people_on_standard_error_only(self, run, ratings):
        status, out, err = run("score", "st0663", ratings([]))
        assert status == 2
        assert out == ""
        assert err[0].endswith("an object with 'methods' was expected, not a list")


class TestCommand:
    @pytest.mark.parametrize(
        "argv", [["--help"], ["list", "--help"], ["show", "-h"], ["check", "-h"], ["score", "-h"]]
    )
    def test_it_has_help_everywhere(self, run, argv):
        status, out, err = run(*argv)
        assert status == 0
        assert out.startswith("usage: plumbline frameworks")
        assert err == []

    @pytest.mark.parametrize(
        "argv", [[], ["nonsense"], ["show"], ["score", "st0663"], ["list", "x"]]
    )
    def test_it_exits_with_2_when_it_does_not_understand(self, run, argv):
        status, out, err = run(*argv)
        assert status == 2
        assert out == ""
        assert err

    def test_it_writes_what_the_terminal_cannot_show(self, monkeypatch):
        stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr(sys, "stderr", stream)
        assert main(["show", "\u00e9t\u00e9"]) == 2
        stream.seek(0)
        assert "\\xe9t\\xe9" in stream.read()

    def test_it_writes_to_a_stream_without_an_encoding(self, monkeypatch):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["list"]) == 0
        assert "st0663" in stream.getvalue()

    def test_it_ends_quietly_when_nobody_reads_on(self, monkeypatch, tmp_path):
        class Closed(io.StringIO):
            def flush(self):
                raise BrokenPipeError

            def fileno(self):
                return spare.fileno()

        with (tmp_path / "spare").open("w") as spare:
            monkeypatch.setattr(sys, "stdout", Closed())
            assert main(["list"]) == 0
            monkeypatch.setattr(sys, "stdout", Closed())
            assert main(["show", "nonsense", "--json"]) == 0

    def test_it_runs_as_a_process_and_needs_no_flask_and_no_database(self, tmp_path):
        program = (
            "import sys; from frameworks.cli import main; status = main(sys.argv[1:]);"
            "assert not {'flask', 'sqlalchemy'} & set(sys.modules); sys.exit(status)"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program, "list", "--json"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)

    def test_it_prints_its_help_without_waiting_for_pydantic(self, tmp_path):
        program = (
            "import sys; from frameworks.cli import main; status = main(['--help']);"
            "assert 'pydantic' not in sys.modules; sys.exit(status)"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert (done.returncode, done.stderr) == (0, "")
