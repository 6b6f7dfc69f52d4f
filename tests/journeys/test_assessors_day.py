"""The assessor's day in a real browser: the clock, notes and questions, and a network that is cut."""

from datetime import UTC, datetime, timedelta

import pytest

from epa.conduct import queries as days
from epa.judgements import queries
from tests import live
from tests.journeys.desk import Desk, choose, saved, sent
from tests.journeys.visitor import PHONE, assert_nothing_wide

pytestmark = pytest.mark.browser
TABLET = {"width": 820, "height": 1180}


@pytest.fixture(scope="module")
def one_server(tmp_path_factory):
    with live.serving(tmp_path_factory.mktemp("days")) as running:
        yield running


@pytest.fixture
def desks(one_server, chrome):
    """Sheets, and the windows on them closed when the test ends."""
    made = []

    def desk(method="observation"):
        made.append(Desk(one_server, chrome, method))
        return made[-1]

    yield desk
    one_server.set_clock(datetime.now(UTC))
    for one in made:
        for context in one.contexts:
            context.close()


def press(page, words, part="observing"):
    """Open the clock, and press one of its buttons."""
    page.locator(".clock-menu summary").click()
    page.locator(f"[data-part={part}]").get_by_role("button", name=words, exact=True).click()


def entries(desk):
    found = desk.asked(lambda attempt: list(days.timer_entries(attempt)))
    return [(one.action.value, one.happened_at, one.received_at) for one in found]


def show(page, place):
    page.locator(f"[data-shows={place}]").click()
    page.locator(f"#{place}.is-current").wait_for()


def test_a_day_goes_on_while_the_network_is_cut_for_five_minutes(desks, one_server):
    desk = desks()
    desk.fill_bank("Why did you stop there?", "Why did you begin there?")
    page = desk.window(viewport=TABLET)
    began = datetime.now(UTC)
    page.clock.install(time=began)
    page.goto(f"{one_server.url}{desk.path}?at=questions")
    page.get_by_role("button", name="Draw question 1 from the bank").click()
    page.locator(".prompt-here[data-number='1'] .prompt").wait_for()
    page.goto(f"{one_server.url}{desk.path}?ksb=S10")
    press(page, "Start")
    saved(page)
    assert [action for action, _, _ in entries(desk)] == ["start"]

    page.context.set_offline(True)
    press(page, "A break")
    page.locator(".connection.offline").wait_for()
    choose(page, "pass")
    page.locator("#S10-text").fill("Written while the network was cut.")
    page.locator("#S10-text").blur()
    page.locator(".timer-bar .limit").get_by_text("paused").wait_for()
    page.clock.fast_forward("05:00")
    one_server.set_clock(datetime.now(UTC) + timedelta(minutes=5))
    press(page, "Go on")
    show(page, "questions")
    page.locator("#answered-1-0").fill("Because SU-1 asked for a break.")
    page.locator("#answered-1-0").blur()
    second = page.locator(".one-question").nth(1)
    second.locator("summary").first.click()
    second.get_by_role("button", name="Draw question 2 from the bank").click()
    second.get_by_text("On its way").wait_for()
    assert [action for action, _, _ in entries(desk)] == ["start"]
    assert desk.entry("S10") == (None, [])

    page.context.set_offline(False)
    sent(page)
    saved(page)
    (_, start, _), (pause, paused_at, received), (go_on, resumed_at, _) = entries(desk)
    assert (pause, go_on) == ("pause", "resume")
    assert timedelta(minutes=5) <= resumed_at - paused_at < timedelta(minutes=7)
    assert received - paused_at >= timedelta(minutes=4)
    assert paused_at - start < timedelta(minutes=2)
    assert desk.entry("S10") == ("pass", ["Written while the network was cut."])
    [asked] = desk.asked(days.questions_of)
    assert asked.answer == "Because SU-1 asked for a break."
    assert asked.prompt is not None
    second.locator(".prompt").wait_for()
    words = {asked.question, second.locator("#asked-2-0").input_value()}
    assert words == {"Why did you stop there?", "Why did you begin there?"}


def test_the_clock_survives_a_reload_without_having_been_sent(desks):
    desk = desks()
    page = desk.window()
    page.route("**/clock", lambda route: route.abort())
    press(page, "Start")
    page.locator(".save-state").get_by_text("Kept on this device").wait_for()
    again = page.context.new_page()
    page.close()
    again.goto(f"{desk.server.url}{desk.path}")
    saved(again)
    sent(again)
    assert [action for action, _, _ in entries(desk)] == ["start"]
    again.reload()
    again.locator(".clock-menu summary").get_by_text("Pause").wait_for()


def test_two_windows_do_not_stop_the_clock_twice(desks):
    desk = desks()
    one = desk.window()
    press(one, "Start")
    saved(one)
    two = desk.window()
    press(one, "A break")
    saved(one)
    press(two, "Interrupted from outside")
    two.get_by_text("is not running, so it cannot be paused").wait_for()
    two.locator(".timer-bar .limit").get_by_text("paused").wait_for()
    assert [action for action, _, _ in entries(desk)] == ["start", "pause"]


@pytest.mark.parametrize(("button", "kept"), [("Keep mine", "Mine."), ("Use the other", "First.")])
def test_two_windows_do_not_overwrite_each_others_answers(desks, button, kept):
    desk = desks()
    one, two = desk.window("?at=questions"), desk.window("?at=questions")
    for page, words in ((one, "First."), (two, "Mine.")):
        page.locator("#asked-1-0").fill("Why?")
        page.locator("#answered-1-0").fill(words)
        page.locator("#answered-1-0").blur()
        if page is one:
            page.locator(".question-form .note-state").get_by_text("Saved").first.wait_for()
            sent(page)
    two.get_by_text("You, in another window, wrote this question").wait_for()
    two.get_by_role("button", name=button).click()
    sent(two)
    saved(two)
    [asked] = desk.asked(days.questions_of)
    assert asked.answer == kept


def test_notes_come_first_and_are_assigned_afterwards(desks, axe):
    desk = desks()
    page = desk.window("?at=notes", viewport=TABLET)
    page.locator("#stream-text").fill("Names the worry and offers a break.")
    page.locator("#notes .note-state").get_by_text("This note is saved").wait_for()
    page.get_by_role("button", name="Next note").first.click()
    page.locator("#notes .notes").get_by_text("Not assigned yet").wait_for()
    assert desk.entry("S10") == (None, [])
    page.locator("#notes .notes").get_by_text("Change or assign").click()
    page.locator("#stream-ksb-S10").check()
    page.locator("#stream-ksb-B2").check()
    sent(page)
    axe(page)
    for code in ("S10", "B2"):
        assert desk.entry(code) == (None, ["Names the worry and offers a break."])
    page.locator(".codes a", has_text="S10").click()
    page.locator("#ksb-S10 .notes").get_by_text("Also evidence for B2").wait_for()


def test_a_question_has_follow_ups_under_it_and_its_answer_is_evidence(desks, axe):
    desk = desks("presentation")
    page = desk.window("?at=questions", viewport=TABLET)
    page.locator("#asked-1-0").fill("Why this tool?")
    page.locator("#answered-1-0").fill("It suits a short first meeting.")
    page.locator("#questions .ties summary").first.click()
    page.locator("#asked-1-0-ksb-K1").check()
    page.locator("#asked-1-1").fill("And for longer ones?")
    page.locator("#asked-1-1").blur()
    sent(page)
    saved(page)
    assert page.locator(".asked-count").inner_text() == "2"  # here follow-ups count
    axe(page)
    page.locator(".find .step").last.click()
    page.locator("#ksb-K1 .answers-here").get_by_text("It suits a short first meeting.").wait_for()
    asked = desk.asked(days.questions_of)
    assert [(one.number, one.follow_up, one.ksbs) for one in asked] == [(1, 0, ["K1"]), (1, 1, [])]


@pytest.mark.parametrize("viewport", [PHONE, TABLET])
def test_the_work_of_a_presentation_is_on_the_first_screen(desks, axe, viewport):
    desk = desks("presentation")
    page = desk.window("", viewport=viewport)
    work = page.locator("#ksb-K1 .judgement").bounding_box()
    assert work["y"] < viewport["height"]
    assert page.locator(".codes").is_hidden()
    axe(page)
    page.get_by_role("button", name="All 37 KSBs").click()
    page.locator(".codes a", has_text="S20").click()
    page.locator("#ksb-S20.is-current").wait_for()
    assert page.locator(".codes").is_hidden()
    page.locator(".clock-menu summary").click()
    assert_nothing_wide(page)
    axe(page)


def test_without_scripts_it_opens_where_the_list_says(desks):
    desk = desks()
    page = desk.window(java_script_enabled=False)
    choose(page, "pass", "S10")
    page.locator("#S10-text").fill("Seen.")
    page.get_by_role("button", name="Save S10").click()
    for code in ("K6", "K7"):
        page.goto(f"{desk.server.url}{desk.path}?ksb={code}")
        choose(page, "pass", code)
        page.locator(f"#{code}-text").fill("Seen.")
        page.get_by_role("button", name=f"Save {code}").click()
    page.goto(f"{desk.server.url}{desk.path}")
    current = page.locator(".codes [aria-current] .code").inner_text()
    shown = page.locator(".place:visible").evaluate_all("all => all.map((one) => one.id)")
    assert (current, shown) == ("S2", ["ksb-S2"])


def test_without_scripts_the_day_is_kept_by_forms(desks):
    desk = desks()
    page = desk.window(java_script_enabled=False)
    press(page, "Start")
    press(page, "A break")
    page.goto(f"{desk.server.url}{desk.path}?at=notes")
    page.locator("#stream-text").fill("First a note.")
    page.get_by_role("button", name="Save the note").click()
    page.goto(f"{desk.server.url}{desk.path}?at=questions")
    page.locator("#asked-1-0").fill("Why?")
    page.locator("#answered-1-0").fill("So.")
    page.locator(".question-form").first.get_by_role("button", name="Save").click()
    assert [action for action, _, _ in entries(desk)] == ["start", "pause"]
    notes = desk.asked(lambda attempt: queries.current_notes(queries.sheet_of(attempt)))
    assert [(note.text, note.ksbs) for note in notes] == [("First a note.", [])]
    assert [one.answer for one in desk.asked(days.questions_of)] == ["So."]


def test_it_warns_of_a_name_while_somebody_types_and_saves_all_the_same(desks, axe):
    desk = desks()
    page = desk.window(viewport=TABLET)
    page.locator("#S10-service-user").select_option("2")
    page.locator("#S10-text").press_sequentially("Mrs Hollis stood up.")
    page.get_by_text("This may name a service user").wait_for()
    axe(page)
    sent(page)
    assert desk.entry("S10") == (None, ["Mrs Hollis stood up."])
    page.get_by_role("button", name="Use SU-2 instead").click()
    page.locator("#ksb-S10 .note-state").get_by_text("Not saved yet").wait_for()
    page.get_by_text("This may name a service user").wait_for(state="hidden")
    page.locator("#ksb-S10 .note-state").get_by_text("This note is saved").wait_for()
    sent(page)
    assert desk.entry("S10") == (None, ["SU-2 stood up."])
