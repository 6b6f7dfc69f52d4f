"""A mark sheet in a real browser: saved as it is filled in, offline, in two windows."""

import pytest

from tests import live
from tests.journeys.desk import Desk, choose, saved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def one_server(tmp_path_factory):
    """One server for all of these: each test has a sheet of its own on it."""
    with live.serving(tmp_path_factory.mktemp("sheets")) as running:
        yield running


@pytest.fixture
def desk(one_server, chrome):
    desk = Desk(one_server, chrome)
    yield desk
    for context in desk.contexts:
        context.close()


def test_it_saves_a_judgement_and_a_note_as_they_are_entered(desk, axe):
    page = desk.window(viewport={"width": 1024, "height": 768})
    choose(page, "distinction")
    page.get_by_text("Undo: back to Not judged").wait_for()
    page.locator("#S10-text").fill("Calm, and says why.")
    page.locator("#ksb-S10 .note-state").get_by_text("This note is saved").wait_for()
    assert desk.entry("S10") == ("distinction", ["Calm, and says why."])
    counted = page.locator(".distinctions").inner_text()
    assert "1 of 14 judged, so no grade yet" in counted
    assert "1 at Distinction, 7 needed" in counted
    axe(page)
    page.get_by_role("button", name="Next note").click()
    page.locator("#ksb-S10 .notes").get_by_text("Calm, and says why.").wait_for()
    page.get_by_text("Undo: back to Not judged").click()
    page.locator("#ksb-S10 .chosen-here").get_by_text("Taken back").wait_for()
    assert desk.entry("S10") == (None, ["Calm, and says why."])


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_it_fits_and_is_clean_at_every_width(desk, axe, width):
    page = desk.window(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def test_it_keeps_what_is_entered_offline_and_sends_it_later(desk):
    page = desk.window()
    page.context.set_offline(True)
    choose(page, "pass")
    page.locator("#S10-text").fill("Written without a connection.")
    page.locator(".connection.offline").wait_for()
    page.locator(".save-state").get_by_text("Kept on this device").wait_for()
    page.get_by_role("button", name="Next KSB").click()
    choose(page, "fail", "S15")
    assert desk.entry("S10") == (None, [])
    page.context.set_offline(False)
    saved(page)
    assert desk.entry("S10") == ("pass", ["Written without a connection."])
    assert desk.entry("S15") == ("fail", [])
    assert page.evaluate("localStorage.length") == 0


def test_it_survives_being_closed_before_the_connection_returns(desk):
    page = desk.window()
    page.route("**/ksbs/**", lambda route: route.abort())
    page.locator("#S10-text").fill("Nearly lost.")
    page.locator(".save-state").get_by_text("Kept on this device").wait_for()
    again = page.context.new_page()
    page.close()
    again.goto(f"{desk.server.url}{desk.path}?ksb=S10")
    saved(again)
    again.locator("#ksb-S10 .note-state").get_by_text("This note is saved").wait_for()
    assert desk.entry("S10") == (None, ["Nearly lost."])


def test_a_save_whose_answer_was_lost_is_kept_once(desk):
    page = desk.window()
    lost = []

    def lose_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/ksbs/**", lose_first)
    page.locator("#S10-text").fill("Said once.")
    page.locator("#S10-text").blur()
    page.locator(".connection.offline").wait_for()
    page.locator("#ksb-S10 .note-state").get_by_text("This note is saved").wait_for()
    assert lost[0].status == 200
    assert desk.entry("S10") == (None, ["Said once."])


def test_a_page_in_place_of_an_answer_is_not_taken_for_saved(desk):
    page = desk.window()
    page.route("**/ksbs/**", lambda route: route.fulfill(status=200, body="<p>Log in to Wi-Fi"))
    choose(page, "pass")
    page.locator(".save-state").get_by_text("Kept on this device").wait_for()
    assert desk.entry("S10") == (None, [])


@pytest.mark.parametrize(("button", "kept"), [("Keep mine", "fail"), ("Use the other", "pass")])
def test_two_windows_do_not_overwrite_each_other(desk, button, kept):
    one, two = desk.window(), desk.window()
    choose(one, "pass")
    saved(one)
    one.get_by_text("Undo: back to").wait_for()
    choose(two, "fail")
    two.get_by_text("You, in another window, set S10 to Pass").wait_for()
    assert desk.entry("S10")[0] == "pass"
    two.get_by_role("button", name=button).click()
    saved(two)
    two.locator(f"#ksb-S10 label.{kept} input:checked").wait_for()
    two.get_by_text("Undo: back to").wait_for()
    assert desk.entry("S10")[0] == kept


def test_a_ksb_is_found_by_typing(desk):
    page = desk.window()
    page.get_by_label("Find a KSB").fill("comm")
    assert page.locator(".codes li:visible .code").all_inner_texts() == ["S6"]
    page.keyboard.press("Enter")
    page.locator("#ksb-S6.is-current").wait_for()
    assert page.locator(".ksb:visible").count() == 1


def test_it_works_without_scripts(desk):
    page = desk.window(java_script_enabled=False)
    assert page.locator(".ksb:visible").evaluate_all("all => all.map((one) => one.id)") == [
        "ksb-S10"
    ]
    choose(page, "pass")
    page.locator("#S10-text").fill("Without scripts.")
    page.get_by_role("button", name="Save S10").click()
    page.get_by_text("Undo: back to Not judged").wait_for()
    assert desk.entry("S10") == ("pass", ["Without scripts."])
