"""Journeys: a real browser on a real server, people signing in one after the other."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import live


@pytest.fixture(scope="session")
def chrome(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=live.CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path):
    with live.serving(tmp_path / "data") as running:
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
