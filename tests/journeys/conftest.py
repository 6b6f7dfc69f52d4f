"""Journeys: a real browser on a real server, people signing in one after the other."""

from contextlib import ExitStack, contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

from epa.clock import utc_now
from epa.database import writing
from tests import live
from tests.factories import Make
from tests.factories.people import PASSWORD
from tests.journeys.visitor import Watch

# Staff need the second step; browsers ask for a stylesheet once and not on every page.
SETTINGS = {"REQUIRE_TOTP": True, "SEND_FILE_MAX_AGE_DEFAULT": 3600}


@pytest.fixture
def server(tmp_path, own_process):
    with live.serving(tmp_path / "data", **SETTINGS) as running:
        yield running


@pytest.fixture
def axe():
    """Fails on anything axe finds on a page."""

    def check(page):
        found = Axe().run(page).response["violations"]
        told = [
            f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:3]}"
            for one in found
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture
def seeded(server):
    """Rows in the server's database: ``with seeded() as make``."""

    @contextmanager
    def rows():
        with server.app.app_context(), writing():
            yield Make(utc_now())

    return rows


@pytest.fixture(scope="session")
def seen():
    """The pages and pieces that axe has looked at by now."""
    return set()


@pytest.fixture
def visit(chrome, server, axe, seen):
    """A browser for somebody; when the test ends it is closed and must have had no complaint."""
    watch = Watch(server.app, axe, seen)
    with ExitStack() as browsers:

        def visitor(kind, name, email, **context):
            person = kind(
                chrome, server, watch, name=name, email=email, password=PASSWORD, **context
            )
            browsers.callback(person.leave)
            return person

        yield visitor
