"""plumbline init: a database from nothing, again and again."""

import pytest
from sqlalchemy import inspect

import config
from epa import cli
from epa.app import create_app
from epa.database import Base, db

pytestmark = pytest.mark.both_databases


@pytest.fixture
def place(own_process, database_kind, postgresql_server, tmp_path, monkeypatch):
    """The settings of a new, empty installation."""
    monkeypatch.delenv("PLUMBLINE_ENV", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "data"))
    if database_kind == "postgresql":
        monkeypatch.setenv("DATABASE_URL", postgresql_server.new_database())
    return tmp_path / "data"


def tables():
    with create_app(config.from_environment()).app_context():
        names = set(inspect(db.engine).get_table_names())
        db.engine.dispose()
    return names


def test_it_creates_every_table_in_an_empty_place_and_can_be_run_again(place, capsys):
    assert cli.main(["init"]) == 0
    assert capsys.readouterr().out == "The database is up to date.\n"
    assert tables() == set(Base.metadata.tables) | {"alembic_version"}
    assert place.stat().st_mode & 0o777 == 0o700, "the data folder is for its owner alone"
    assert cli.main(["init"]) == 0


def test_it_takes_no_other_words(place, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["init", "--now"])
    assert left.value.code == 2
    assert "--now" in capsys.readouterr().err


def test_it_says_in_one_line_that_the_server_does_not_answer(place, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:canary@127.0.0.1:1/none")
    assert cli.main(["init"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("plumbline init: the database cannot be used: ")
    assert said.err.count("\n") == 1
    assert "canary" not in said.err


def test_it_verifies_an_empty_audit_log_and_takes_a_head_for_an_anchor(place, capsys):
    cli.main(["init"])
    capsys.readouterr()
    assert cli.main(["audit", "verify", "--json"]) == 0
    assert '"intact": true' in capsys.readouterr().out
    # No head at all is bad input, and no broken chain.
    assert cli.main(["audit", "verify", "--anchor", "zzz"]) == 2
    assert "--anchor: 64 hexadecimal figures" in capsys.readouterr().err


class TestCommands:
    def test_it_lists_every_command(self, capsys):
        assert cli.main([]) == 0
        said = capsys.readouterr().out
        assert all(f"  {name}" in said for name in cli.COMMANDS)

    def test_it_knows_no_other_command(self, capsys):
        assert cli.main(["advance"]) == 2
        assert "'advance'" in capsys.readouterr().err

    @pytest.mark.parametrize("command", sorted(cli.COMMANDS))
    def test_it_helps_with_every_command(self, command, capsys):
        try:
            status = cli.main([command, "--help"])
        except SystemExit as left:
            status = left.code
        assert status == 0
        assert f"plumbline {command}" in capsys.readouterr().out


def test_it_says_that_the_data_folder_cannot_be_used(place, capsys, monkeypatch):
    place.parent.joinpath("file").write_text("in the way")
    monkeypatch.setenv("PLUMBLINE_DATA", str(place.parent / "file" / "data"))
    for command in (["init"], ["audit", "verify"]):
        assert cli.main(command) == 2
        said = capsys.readouterr().err
        assert "the data folder (PLUMBLINE_DATA) cannot be used" in said
        assert said.count("\n") == 1
