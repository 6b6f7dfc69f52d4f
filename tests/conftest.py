"""What every test may ask for: the application on a real database, people, a signed-in browser."""

import gc
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_sqlalchemy.session
import pytest
import time_machine
from hypothesis import settings
from playwright.sync_api import sync_playwright

from config import TestConfig
from epa import clock
from epa.app import create_app
from epa.audit import services as audit
from epa.background import queue as background
from epa.database import Base, db, writing
from epa.files import services as files
from epa.lifecycle import definitions
from epa.outbox import letters
from epa.sign_in import sealing
from epa.sign_in import services as sign_in
from epa.sign_in.services import open_session
from epa.uploads import scanning
from tests import databases, machine, once
from tests.factories import Make
from tests.live import CHROMIUM_ARGUMENTS
from tests.page import Browser
from tests.sharing import Sharing, place_of

NOW = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)


def pytest_configure(config):
    once.compile_templates_once(config.cache.mkdir("templates"))
    once.compile_addresses_once()
    settings.register_profile("plumbline", deadline=None)  # of time nothing is said here
    settings.load_profile("plumbline")
    # Rows and pages die with their test: looking for what holds itself alive after every 700 of
    # them, as Python does, took one part in twenty of a run.
    gc.set_threshold(20_000, 20, 20)


def pytest_generate_tests(metafunc):
    """Services and the access matrix run on both databases; everything else on SQLite."""
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.path.name == "test_services.py" or (
            metafunc.definition.get_closest_marker("both_databases") is not None
        )
        kinds = databases.KINDS if both else databases.KINDS[:1]
        metafunc.parametrize("database_kind", kinds, scope="session")


def pytest_collection_modifyitems(config, items):
    machine.deselect_what_it_lacks(config, items)
    items.sort(key=lambda item: place_of(item.nodeid))  # pytest would leave PostgreSQL to the end


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Sharing(config, log)


def pytest_terminal_summary(terminalreporter, config):
    machine.say_what_it_lacks(terminalreporter, config)


@pytest.fixture(scope="session")
def postgresql_server():
    # Not below pytest's own folder: as root the server runs as somebody else, and every pytest
    # that starts on this machine shuts that folder to everybody else.
    with TemporaryDirectory(prefix="plumbline-", ignore_cleanup_errors=True) as folder:
        server = databases.PostgreSQL(Path(folder, "postgresql"))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def _applications(tmp_path_factory, postgresql_server):
    made = {}

    def application(kind):
        if kind not in made:
            environ = {
                "PLUMBLINE_DATA": str(tmp_path_factory.mktemp("data")),
                "AUDIT_KEY": "a" * 64,
            }
            if kind == "postgresql":
                environ["DATABASE_URL"] = postgresql_server.new_database()
            made[kind] = create_app(TestConfig(environ, WTF_CSRF_ENABLED=False))
            with made[kind].app_context():
                Base.metadata.create_all(db.engine)
        return made[kind]

    yield application
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(database_kind, _applications, monkeypatch):
    """The application on a real database; what a test does is rolled back after it."""
    app = _applications(database_kind)
    with app.app_context(), writing():
        connection = db.engine.connect()
        outer = connection.begin()
        connection.begin_nested()
        monkeypatch.setattr(
            flask_sqlalchemy.session.Session, "get_bind", lambda *_args, **_kwargs: connection
        )
        try:
            yield app
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()


@pytest.fixture
def own_process(monkeypatch):
    """For tests that make applications of their own: what a process is given is put back after."""
    keep_what_the_process_was_given(monkeypatch)


def keep_what_the_process_was_given(patch):
    """What a new application sets for its whole process is put back when the patch is undone."""
    for holder, name in (
        (audit._Key, "value"),
        (background._Place, "app"),
        (background.queue, "storage_class"),
        (background.queue, "storage_kwargs"),
        (background.queue, "_immediate"),
        (background.queue, "_opened"),
        (clock._Shift, "file"),
        (definitions._Folders, "own"),
        (files._Place, "url"),
        (files._Place, "storage"),
        (letters._Place, "url"),
        (scanning._Place, "url"),
        (sealing._Key, "secret"),
        (sign_in._PublicUrl, "value"),
    ):
        patch.setattr(holder, name, getattr(holder, name))


@pytest.fixture
def session(app):
    return db.session


@pytest.fixture
def at():
    """The instant of a test: Tuesday 9 June 2026, 10:30 in London."""
    return NOW


@pytest.fixture
def frozen(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def make(app, at):
    return Make(at)


@pytest.fixture
def browser(app, frozen):
    """A browser in which nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def sign_in_as(app, frozen, at):
    """A browser in which a person is signed in."""

    def signed_in(person):
        token = open_session(person, at=at, complete=True)
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return Browser(client)

    return signed_in


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium is; tests that ask for it carry the marker ``browser``."""
    return machine.chromium()


@pytest.fixture(scope="session")
def chrome(chromium):
    """The one Chromium of a test process: Playwright cannot be started twice in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
