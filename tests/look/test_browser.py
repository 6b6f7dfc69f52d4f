import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from tests.look.pieces_app import create_pieces_app

pytestmark = pytest.mark.browser

PAGES = ["/pieces", "/form", "/every", "/table", "/needs", "/record", "/sheet", "/statement"]
WIDTHS = [320, 390, 768, 1024, 1280]


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, create_pieces_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def window(chrome):
    return chrome


@pytest.fixture
def page(window):
    context = window.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.on("console", lambda line: page.complaints.append(line.text))
    yield page
    context.close()
    assert page.complaints == []


def faults(page):
    return [
        (one["id"], node["html"][:200])
        for one in Axe().run(page).response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_it_has_nothing_for_axe_to_find(page, address, path):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + path)
        assert faults(page) == []


@pytest.mark.parametrize("path", ["/form", "/every"])
def test_it_has_nothing_for_axe_to_find_among_errors(page, address, path):
    page.goto(address + path)
    page.locator("main button.primary").click()
    page.wait_for_selector(".error-summary")
    assert faults(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_it_never_scrolls_sideways(page, address, path):
    page.goto(address + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_it_gives_what_stands_alone_room_for_a_thumb(page, address, path):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + path)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.button, .as-link, .sections a, .box, .back, .pages a')]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 43.9)
          .map((it) => it.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_it_moves_the_focus_to_the_summary_and_on_to_the_wrong_box(page, address):
    page.goto(address + "/form")
    page.get_by_label("Yes, he is ready").check()
    page.get_by_label("Day").fill("5")
    page.get_by_label("Month").fill("6")
    page.get_by_label("I confirm").check()
    page.get_by_role("button", name="Send my confirmation").click()
    page.wait_for_selector(".error-summary:focus")
    page.get_by_role("link", name="The date of your decision must include a year").click()
    assert page.evaluate("document.activeElement.id") == "decided_on-year"


def test_it_folds_the_sections_on_a_phone_behind_a_button(page, address):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + "/pieces")
    bookings = page.get_by_role("link", name="Bookings")
    assert not bookings.is_visible()
    menu = page.get_by_role("button", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    assert bookings.is_visible()
    assert menu.get_attribute("aria-expanded") == "true"


def test_it_shows_the_sections_without_scripts(window, address):
    context = window.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/pieces")
    assert page.get_by_role("link", name="Bookings").is_visible()
    assert not page.get_by_role("button", name="Menu").is_visible()
    context.close()


def test_it_shows_a_password_when_asked(page, address):
    page.goto(address + "/every")
    box = page.locator("#password")
    box.fill("secret")
    page.get_by_role("button", name="Show password").click()
    assert box.get_attribute("type") == "text"


def test_it_counts_down_the_letters(page, address):
    page.goto(address + "/every")
    page.get_by_label("Reason").fill("x" * 490)
    assert page.locator("#reason-count").inner_text() == "10 characters left"
    page.get_by_label("Reason").fill("x" * 501)
    assert page.locator("#reason-count").inner_text() == "1 character too many"


def test_it_reaches_the_main_matter_first(page, address):
    page.goto(address + "/pieces")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_it_prints_without_what_is_pressed(page, address):
    page.goto(address + "/record")
    page.emulate_media(media="print")
    assert not page.get_by_text("Review and release").is_visible()
    assert page.get_by_role("heading", name="Siân Prosser").is_visible()
