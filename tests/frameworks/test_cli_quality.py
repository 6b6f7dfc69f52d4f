"""The command `plumbline frameworks` for the quality frameworks, and `seqf-kpis`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = "reference,service_start,job_start,job_end\n"
MEASURES = {"2.2.A": 43.1, "2.2.B": 20.5, "2.2.C": 4.2, "2.2.D": 4.5, "2.2.E": 71.0}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Run in an empty folder, with no definitions of the EPAO's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLUMBLINE_DATA", raising=False)


@pytest.fixture
def written(tmp_path):
    """Write a table."""

    def written(text, name="clients.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return written


class TestListAndShow:
    def test_it_lists_five_frameworks_with_their_criteria(self, run_json):
        status, document, err = run_json("list")
        assert (status, err) == (0, [])
        assert {one["code"]: one["criteria"] for one in document} == {
            "iep_qif": 35,
            "matrix": 27,
            "scottish_standards": 27,
            "seqf": 76,
            "st0663": 53,
        }

    def test_it_shows_the_criteria_and_indicators_of_seqf(self, run_json):
        status, document, _ = run_json("show", "seqf")
        assert status == 0
        codes = [one["code"] for one in document["criteria"]]
        assert (codes[0], codes[70], codes[71:]) == (
            "1.1.1",
            "2.1.8",
            [f"2.2.{letter}" for letter in "ABCDE"],
        )
        assert document["criteria"][71]["measure"]["steps"][0] == {"at": 10, "earns": 2}

    @pytest.mark.parametrize(
        ("code", "first", "last"),
        [
            ("matrix", "1.1", "4.8"),
            ("iep_qif", "1.1", "6.5"),
            ("scottish_standards", "1.L1", "4.P3"),
        ],
    )
    def test_it_shows_every_framework(self, run_json, code, first, last):
        document = run_json("show", code)[1]
        assert document["criteria"][0]["code"] == first
        assert document["criteria"][-1]["code"] == last
        assert document["links" if code != "scottish_standards" else "parties"]

    def test_it_shows_weights_steps_and_bands_to_people(self, run):
        status, out, _ = run("show", "seqf")
        assert status == 0
        assert "Source: Supported Employment Quality Framework" in out
        assert "2.1      10 %    16    Business results" in out
        assert "2.2.B in weeks: <= 52: 2, <= 39: 4, <= 26: 6, <= 16: 8, <= 10: 10" in out
        assert "2.2.C in rating from 0 to 5: as it stands" in out
        assert "Good: from 75 % and A + B + E from 15" in out

    def test_it_checks_them_without_a_finding(self, run_json):
        for code in ("seqf", "matrix", "iep_qif", "scottish_standards"):
            assert run_json("check", code) == (0, [], [])


class TestScore:
    def test_it_scores_seqf(self, run_json, ratings, seqf, rated_as):
        path = ratings({"ratings": rated_as(seqf, 2), "measures": MEASURES})
        status, document, err = run_json("score", "seqf", path)
        assert (status, err) == (0, [])
        # A 43.1 earns 8, B 20.5 earns 6, E 71 earns 6: 20. 85 + (20 + 8.7) x 0.375 = 95.7625
        assert document["score"] == 95.7625
        assert document["outcome"] == "excellent"
        assert document["gates"][-1] == {
            "gate": "a_b_e",
            "name": "A + B + E",
            "band": "excellent",
            "value": 20,
            "needed": 20,
            "met": True,
        }

    def test_it_leaves_the_outcome_out_while_something_is_missing(self, run_json, ratings):
        for code in ("seqf", "matrix"):
            status, document, _ = run_json("score", code, ratings({"ratings": {}}))
            assert status == 0
            assert document["complete"] is False
            assert len(document["missing"]) == {"seqf": 76, "matrix": 27}[code]
            assert not {"outcome", "score"} & document.keys()

    def test_it_says_a_score_to_people(self, run, ratings, seqf, rated_as):
        path = ratings({"ratings": rated_as(seqf, 2), "measures": MEASURES})
        out = run("score", "seqf", path)[1]
        assert "Outcome: excellent\nScore: 95.76… %\n" in out
        assert "  1.1: 20 of 20, 100 %" in out

    def test_it_says_means_and_counts_to_people(self, run, ratings):
        out = run("score", "iep_qif", ratings({"ratings": {f"5.{n}": 3 for n in range(1, 6)}}))[1]
        assert "  5: 3 of 4\n" in out
        assert "  6: 0 of 5 criteria rated\n" in out
        judged = {f"2.{n}": "met" for n in range(1, 5)} | {"2.5": "partly_met"}
        out = run("score", "matrix", ratings({"ratings": judged}))[1]
        assert "  2: 1 partly_met, 4 met\n" in out

    @pytest.mark.parametrize(
        ("code", "document", "places"),
        [
            ("seqf", {"ratings": {"1.1.1": 3, "9.9": 1}, "measures": {"2.2.A": "43"}}, ["ratings.1.1.1", "ratings.9.9", "measures.2.2.A"]),
            ("seqf", {"ratings": {}, "measures": {"2.2.C": 5.5, "2.2.E": 101, "2.2.B": -1}}, ["measures.2.2.C", "measures.2.2.E", "measures.2.2.B"]),
            ("matrix", {"ratings": {"1.1": "done", "1.2": 1}}, ["ratings.1.1", "ratings.1.2"]),
            ("iep_qif", {"ratings": {"1.1": 5, "7.1": 1}}, ["ratings.1.1", "ratings.7.1"]),
            ("scottish_standards", {"ratings": {"1.L1": "met", "1.X1": "embedded"}}, ["ratings.1.L1", "ratings.1.X1"]),
            ("matrix", [], [""]),
        ],
    )  # fmt: skip
    def test_it_lists_every_fault(self, run_json, ratings, code, document, places):
        status, found, err = run_json("score", code, ratings(document))
        assert status == 2
        assert [fault["where"] for fault in found["faults"]] == places
        assert len(err) == len(places)


class TestSeqfKpis:
    def test_it_works_out_the_indicators(self, run_json, written):
        clients = written(f"{HEADER}C1,2025-01-01,2025-03-12,\nC2,2025-01-01,,\nC3,,2025-02-01,\n")
        answers = written("group,overall\nemployer,4\nclient,5\n", "answers.csv")
        status, document, err = run_json(
            "seqf-kpis", clients, "--assessed-on", "2026-05-20",
            "--satisfaction", answers, "--seed", "7",
        )  # fmt: skip
        assert (status, err) == (0, [])
        assert document["A"] == {"value": 50, "marks": 10, "counted": 1, "of": 2}
        assert document["B"] == {"value": 10, "marks": 10, "counted": 1, "of": 2}
        assert document["C"] == {"value": 4, "marks": 4, "counted": 1, "of": 1}
        assert document["D"] == {"value": 5, "marks": 5, "counted": 1, "of": 3}
        assert document["E"] == {"value": 100, "marks": 10, "counted": 2, "of": 2}
        reason = "no service start, so the client is left out of A and B"
        assert document["left_out"] == [{"row": 4, "reference": "C3", "reason": reason}]
        assert sorted(document["sample"]["references"]) == ["C1", "C2", "C3"]
        assert (document["sample"]["size"], document["sample"]["seed"]) == (3, 7)
        assert (document["version"], document["assessed_on"]) == ("2024.1", "2026-05-20")

    def test_it_has_no_satisfaction_without_a_file(self, run_json, written):
        options = ["seqf-kpis", written(HEADER), "--assessed-on", "2026-05-20"]
        document = run_json(*options)[1]
        assert [document[letter]["value"] for letter in "ABCDE"] == [None] * 5
        assert [document[letter]["marks"] for letter in "ABCDE"] == [0] * 5

    def test_it_draws_a_seed_and_tells_it(self, run_json, written):
        rows = "".join(f"C{number},,,\n" for number in range(200))
        options = ["seqf-kpis", written(HEADER + rows), "--assessed-on", "2026-05-20"]
        first = run_json(*options)[1]["sample"]
        again = run_json(*options, "--seed", first["seed"])[1]["sample"]
        assert again == first
        assert first["size"] == 15
        assert run_json(*options, "--sample-size", "10")[1]["sample"]["size"] == 10
        assert len({run_json(*options)[1]["sample"]["seed"] for _ in range(4)}) > 1

    def test_it_says_it_to_people(self, run, written):
        path = written(f"{HEADER}C1,2025-01-01,,\n")
        status, out, _ = run("seqf-kpis", path, "--assessed-on", "2026-05-20", "--seed", "1")
        assert status == 0
        assert "  A: 0 (0 of 1), 0 marks" in out
        assert "Sample of 1, seed 1: C1" in out

    def test_it_writes_no_control_character_to_the_terminal(self, run, written):
        path = written(f"{HEADER}C\x1b[2J,,,\n")
        out = run("seqf-kpis", path, "--assessed-on", "2026-05-20", "--seed", "1")[1]
        assert "\x1b" not in out
        assert "C\\x1b[2J" in out

    def test_it_lists_the_faults_of_both_files_and_the_options(self, run_json, written):
        clients = written(f"{HEADER}C1,2025-02-01,2025-01-01,\nC1,,,2025-01-01\n")
        answers = written("group,overall\nboss,6\n", "answers.csv")
        status, document, err = run_json(
            "seqf-kpis", clients, "--assessed-on", "20 May", "--satisfaction", answers,
            "--seed", "one", "--sample-size", "1.5",
        )  # fmt: skip
        assert status == 2
        assert [fault["where"] for fault in document["faults"]] == [
            "--assessed-on",
            "--seed",
            "--sample-size",
            "row 2, job_start",
            "row 3, job_start",
            "row 3, reference",
            "row 2, group",
            "row 2, overall",
        ]
        assert len(err) == 8
        assert f"{clients}: row 2, job_start: 2025-01-01, before service_start" in err[3]

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (["--sample-size", "16"], "a number from 10 to 15 was expected, not 16"),
            (["--seed", "9" * 19], "a whole number was expected"),
            (["--seed", "²"], "a whole number was expected"),
            (["--version", "9"], "seqf has no version '9'; there is: 2024.1"),
            (["--satisfaction", "nowhere.csv"], "the file cannot be read"),
        ],
    )
    def test_it_names_an_option_that_it_cannot_use(self, run_json, written, options, problem):
        path = written(HEADER)
        status, document, err = run_json("seqf-kpis", path, "--assessed-on", "2026-05-20", *options)
        assert status == 2
        assert problem in document["faults"][0]["problem"]
        assert len(err) == 1

    def test_it_takes_a_negative_seed(self, run_json, written):
        options = ["seqf-kpis", written(HEADER), "--assessed-on", "2026-05-20", "--seed=-5"]
        assert run_json(*options)[1]["sample"]["seed"] == -5

    def test_it_needs_an_assessment_date(self, run, written):
        status, out, err = run("seqf-kpis", written(HEADER))
        assert (status, out) == (2, "")
        assert "--assessed-on" in err[-1]

    def test_it_uses_the_organisations_own_version(self, run_json, written, write_quality):
        own = write_quality("seqf", ("kept_days = 182", "kept_days = 100"))
        path = written(f"{HEADER}C1,2025-01-01,2025-03-01,2025-07-01\n")
        options = ["seqf-kpis", path, "--assessed-on", "2026-05-20"]
        folder = ["--definitions", own.parents[1]]
        assert run_json(*options, *folder, "--version", "2024.1")[1]["E"]["counted"] == 0
        assert run_json(*options, *folder, "--version", "own")[1]["E"]["counted"] == 1

    def test_it_runs_as_a_process_without_flask_and_without_a_database(self, tmp_path, written):
        program = (
            "import sys; from frameworks.cli import main; status = main(sys.argv[1:]);"
            "assert not {'flask', 'sqlalchemy', 'numpy'} & set(sys.modules); sys.exit(status)"
        )
        words = ["seqf-kpis", str(written(HEADER)), "--assessed-on", "2026-05-20", "--json"]
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["E"]["of"] == 0
