"""Whole Plumblines of their own, as a command meets them: settings, data folder, database."""

import json
import shutil
from contextlib import contextmanager

import pytest
from flask_migrate import stamp

import config
from epa import cli
from epa.app import create_app
from epa.audit import services as audit
from epa.backup.databases import database_of
from epa.database import Base, db, unit_of_work
from epa.files.models import StoredFile
from epa.storage import Storage
from tests.databases import pg_dump
from tests.factories import Make

KEY = "a" * 64


class Place:
    """One installation: where it keeps its data, and its commands."""

    def __init__(self, folder, environ, monkeypatch, capsys):
        self.folder = folder
        self.environ = environ
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *words, **environ):
        """Run a command here: its exit status, standard output and standard error."""
        self.enter(**environ)
        self._capsys.readouterr()
        status = cli.main([str(word) for word in words])
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def run_json(self, *words, **environ):
        status, out, err = self.run(*words, "--json", **environ)
        assert (status, err) == (0, "")
        return json.loads(out)

    def enter(self, **environ):
        for name, value in {**self.environ, **environ}.items():
            self._monkeypatch.setenv(name, str(value))

    def app(self):
        self.enter()
        return create_app(config.from_environment())

    @contextmanager
    def inside(self):
        """The application in its context; its connections are closed after."""
        app = self.app()
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    def is_empty(self):
        """Whether nothing is kept here at all: no table, no file, no definition."""
        with self.inside() as app:
            place = database_of(db.engine, "pg_dump")
            empty = place.is_empty() and Storage(app.config["STORAGE_URL"]).is_empty()
        left = [path for path in (self.folder / "frameworks").rglob("*") if path.is_file()]
        left += list(self.folder.glob("*restoring*"))
        return empty and not left

    def fill(self, at):
        """Make the tables and put in people, an audit log, two files and a definition."""
        with self.inside() as app:
            Base.metadata.create_all(db.engine)
            stamp()
            with unit_of_work():
                person = Make(at).person()
                storage = Storage(app.config["STORAGE_URL"])
                for content in (b"a piece of evidence", b"x" * 3_000_000):
                    kept = storage.put(content)
                    row = StoredFile(
                        key=kept.key,
                        name="piece.pdf",
                        content_type="application/pdf",
                        size=kept.size,
                        sha256=kept.sha256,
                        uploaded_at=at,
                        uploaded_by_id=person.id,
                    )
                    db.session.add(row)
                    db.session.flush()
                    audit.record(person, "file stored", row, at=at)
        own = self.folder / "frameworks" / "st0663" / "2031.1.toml"
        own.parent.mkdir(parents=True)
        own.write_text("# the organisation's own\n")
        return self


@pytest.fixture
def new_place(own_process, database_kind, postgresql_server, tmp_path, monkeypatch, capsys):
    """Makes a new installation on the test's kind of database: empty, or like another one."""
    monkeypatch.delenv("PLUMBLINE_ENV", raising=False)

    def made(name, within=tmp_path, like=None):
        environ = {"PLUMBLINE_DATA": str(within / name), "AUDIT_KEY": KEY, "SECRET_KEY": "s"}
        if database_kind == "postgresql":
            url = like.environ["DATABASE_URL"] if like else None
            environ["DATABASE_URL"] = postgresql_server.new_database(url)
            environ["PG_DUMP"] = str(pg_dump())
        else:
            monkeypatch.delenv("DATABASE_URL", raising=False)
        if like:
            shutil.copytree(like.folder, within / name)
        return Place(within / name, environ, monkeypatch, capsys)

    return made


@pytest.fixture(scope="module")
def filled():
    """By kind of database, an installation with something in it, which nobody changes."""
    return {}


@pytest.fixture
def place(new_place, filled, database_kind, tmp_path_factory, at):
    if database_kind not in filled:
        filled[database_kind] = new_place("filled", tmp_path_factory.mktemp("place")).fill(at)
    return new_place("here", like=filled[database_kind])
