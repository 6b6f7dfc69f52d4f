"""plumbline apprentices import: what it prints, what it exits with, what it keeps."""

import json

import pytest
from sqlalchemy import func, select

import config
from epa import cli
from epa.app import create_app
from epa.database import db, unit_of_work
from epa.lifecycle.models import Apprenticeship
from epa.people.rules import OrganisationKind, Role
from tests.epa.imports.table import HEAD, LEE, SIAN, csv_bytes, xlsx_bytes
from tests.factories import Make
from tests.once import make_tables

IMPORT = ["apprentices", "import"]


@pytest.fixture
def place(own_process, tmp_path, monkeypatch, at):
    """A new installation with one EPAO and its administrator."""
    monkeypatch.delenv("PLUMBLINE_ENV", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "data"))
    with _app().app_context(), unit_of_work():
        make_tables(db.engine)
        make = Make(at)
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale")
        make.person(Role.ADMINISTRATOR, organisation=epao, email="ruth@caldervale.example")
        make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, email="mei@caldervale.example")
    return tmp_path


def _app():
    return create_app(config.from_environment())


def stored():
    with _app().app_context():
        count = db.session.scalar(select(func.count()).select_from(Apprenticeship))
        db.session.remove()
        db.engine.dispose()
    return count


@pytest.fixture
def imported(place, capsys):
    def run(content, *options, name="table.csv"):
        path = place / name
        path.write_bytes(content)
        status = cli.main([*IMPORT, str(path), "--json", *options])
        said = capsys.readouterr()
        return status, json.loads(said.out), said.err

    return run


@pytest.mark.parametrize(
    ("made", "name"), [(csv_bytes, "table.csv"), (xlsx_bytes, "Lernende 李.xlsx")]
)
def test_it_stores_a_table_once(imported, made, name):
    status, report, said = imported(made(SIAN, LEE), name=name)
    assert (status, report["read"], report["created"], said) == (0, 2, 2, "")
    assert stored() == 2
    status, report, _ = imported(made(SIAN, LEE), name=name)
    assert (status, report["unchanged"], report["created"]) == (0, 2, 0)
    assert stored() == 2


def test_a_dry_run_stores_nothing_and_succeeds_even_with_rejected_rows(imported):
    status, report, said = imported(csv_bytes(SIAN, ("1", *LEE[1:])), "--dry-run")
    assert (status, report["created"]) == (0, 1)
    assert report["rejected"] == [
        {"row": 3, "field": "uln", "problem": "must be 10 figures, the first of them not 0"}
    ]
    assert "table.csv row 3, uln: must be 10 figures" in said
    assert stored() == 0


def test_a_rejected_row_stops_the_others_unless_they_are_asked_for(imported):
    content = csv_bytes(SIAN, ("1", "", "", "", "", ""))
    status, report, said = imported(content)
    assert (status, report["created"], report["stored"], stored()) == (2, 0, False, 0)
    assert said.count("\n") == len(report["rejected"]) == 6
    status, report, _ = imported(content, "--skip-rejected")
    assert (status, report["created"], report["stored"], stored()) == (0, 1, True, 1)


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_what_is_no_table_of_apprentices_is_bad_input(imported, options):
    status, report, said = imported(csv_bytes(("1",), head=("uln",)), *options)
    assert status == 2
    assert {one["field"] for one in report["rejected"]} == set(HEAD) - {"uln"}
    assert "row 1, employer: this column is missing; it is required" in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "No such file"),
        ("table.pdf", b"%PDF-1.7\n%%EOF\n", "It can be: csv, xlsx"),
        ("table.xlsx", b"PK nothing", "what it holds is"),
        ("table.csv", b"", "is empty"),
    ],
)
def test_it_says_in_one_line_what_is_wrong_with_a_file(place, capsys, name, content, said):
    if content is not None:
        (place / name).write_bytes(content)
    assert cli.main([*IMPORT, str(place / name)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1


def test_it_says_in_words_what_it_did(place, capsys):
    (place / "table.csv").write_bytes(csv_bytes(("1234567890", *SIAN[1:])))
    assert cli.main([*IMPORT, str(place / "table.csv")]) == 0
    shown = capsys.readouterr().out
    assert "look at row 2, uln" in shown
    assert "1 row read: 1 new, 0 changed, 0 as they are, 0 rejected." in shown


def test_it_imports_in_the_name_of_somebody_who_may(imported, place, capsys):
    status, _, _ = imported(csv_bytes(SIAN), "--as", "RUTH@caldervale.example")
    assert status == 0
    assert cli.main([*IMPORT, str(place / "table.csv"), "--as", "mei@caldervale.example"]) == 2
    assert "does not register apprentices" in capsys.readouterr().err


def test_it_asks_for_which_epao_where_there_are_several(imported, place, capsys, at):
    with _app().app_context(), unit_of_work():
        Make(at).organisation(OrganisationKind.EPAO, name="Other Epao")
    assert cli.main([*IMPORT, str(place / "table.csv")]) == 2
    assert "choose one with --epao: Calder Vale, Other Epao" in capsys.readouterr().err
    assert imported(csv_bytes(SIAN), "--epao", "calder vale")[0] == 0
    assert cli.main([*IMPORT, str(place / "table.csv"), "--epao", "Nobody"]) == 2
    assert "no such EPAO" in capsys.readouterr().err


def test_it_shows_a_bar_where_somebody_watches(place, capsys, monkeypatch):
    (place / "table.csv").write_bytes(csv_bytes(SIAN, LEE))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert cli.main([*IMPORT, str(place / "table.csv"), "--json"]) == 0
    shown = capsys.readouterr()
    assert f"[{'#' * 50}] 2 of 2 rows\n" in shown.err
    assert json.loads(shown.out)["created"] == 2
