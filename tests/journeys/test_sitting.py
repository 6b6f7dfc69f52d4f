"""A test on a screen in a real browser: a cut line, a closed tab, another laptop, and the receipt."""

from datetime import UTC, datetime

import pytest
from flask.sessions import SecureCookieSessionInterface

from epa.answer_marking import tasks
from epa.database import db, writing
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.people.rules import Role
from epa.sign_in.services import open_session
from question_bank.responses.models import Script
from question_bank.sittings import finishing, late, queries, services
from question_bank.sittings.models import Sitting
from tests import live
from tests.factories import Make
from tests.factories.marking import forget_short_plan, keep_short_plan
from tests.factories.sittings import options_of

pytestmark = pytest.mark.browser


class Candidate:
    """Somebody whose test is unlocked, on as many laptops as wanted; and their invigilator."""

    def __init__(self, server, chrome):
        self.server, self.chrome, self.contexts = server, chrome, []
        with server.app.app_context(), writing():
            make = Make(datetime.now(UTC))
            sitting = make.unlocked_sitting()
            token = open_session(sitting.candidate, at=make.at, complete=True)
            invigilator = make.person(Role.INVIGILATOR)
            db.session.commit()
            self.sitting_id, self.invigilator_id = sitting.id, invigilator.id
            self.right = options_of(sitting, 1)[0]
            db.session.remove()
        signer = SecureCookieSessionInterface().get_signing_serializer(server.app)
        self.cookie = signer.dumps({"_user_id": token, "_fresh": True})

    def laptop(self, **options):
        context = self.chrome.new_context(**options)
        self.contexts.append(context)
        name = self.server.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": self.cookie, "url": self.server.url}])
        return context

    def window(self, context):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.server.url}/sittings/{self.sitting_id}")
        return page

    def asked(self, query):
        with self.server.app.app_context():
            found = query(db.session.get(Sitting, self.sitting_id))
            db.session.remove()
            return found

    def overseen(self, act, **more):
        with self.server.app.app_context(), writing():
            sitting = db.session.get(Sitting, self.sitting_id)
            actor = db.session.get(Person, self.invigilator_id)
            act(sitting, actor=actor, at=datetime.now(UTC), **more)
            db.session.commit()
            db.session.remove()

    def answers(self):
        return self.asked(
            lambda sitting: {it.number: it.value for it in queries.standing_of(sitting)}
        )


@pytest.fixture
def candidate(tmp_path, own_process, chrome):
    keep_short_plan(tmp_path / "data" / "frameworks")
    with live.serving(tmp_path / "data") as server:
        candidate = Candidate(server, chrome)
        yield candidate
        for context in candidate.contexts:
            context.close()
    forget_short_plan()


def all_saved(page):
    page.locator(".sum-state.saved-yes").wait_for()


def test_a_test_survives_a_cut_line_a_closed_tab_and_another_laptop(candidate, axe):
    first = candidate.laptop(viewport={"width": 390, "height": 844})
    page = candidate.window(first)
    page.get_by_role("button", name="Start the test").click()
    page.locator(f"input[value='{candidate.right}']").check()
    page.locator(".question-state").get_by_text("Saved").wait_for()
    assert candidate.answers() == {1: candidate.right}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    axe(page)
    meets_a_page_in_place_of_an_answer(candidate, page)
    page = loses_the_line_and_then_the_tab(candidate, first, page)
    second = goes_on_at_another_laptop(candidate, page)
    is_paused_and_goes_on(candidate, second)
    second.get_by_role("button", name="Check and hand in").click()
    second.get_by_text("All 3 questions are answered.").wait_for()
    axe(second)
    second.get_by_role("button", name="Hand in", exact=True).click()
    second.get_by_role("heading", name="Your test is handed in").wait_for()
    receipt = candidate.asked(lambda sitting: queries.receipt_of(sitting).digest)
    assert receipt in second.locator("main").inner_text().replace(" ", "")
    assert candidate.asked(finishing.is_unchanged)
    marks = candidate.asked(lambda sitting: queries.choice_marks(queries.receipt_of(sitting)))
    assert marks[1] == 1
    is_marked_by_three_and_graded(candidate, axe, sum(marks.values()))


def meets_a_page_in_place_of_an_answer(candidate, page):
    """A hotel's network answers with a page of its own: nothing is said to be saved."""
    page.route("**/answers", lambda route: route.fulfill(status=200, body="<p>Log in to Wi-Fi"))
    page.get_by_role("button", name="Next question").click()
    page.locator(".option").first.click()
    page.locator(".question-state").get_by_text("Kept on this device").wait_for()
    assert set(candidate.answers()) == {1}
    page.unroute("**/answers")
    all_saved(page)
    assert set(candidate.answers()) == {1, 2}


def loses_the_line_and_then_the_tab(candidate, context, page):
    """Work goes on without a line; what was kept is sent by the next window of this browser."""
    context.set_offline(True)
    page.locator("[data-banner=offline]").wait_for()
    page.get_by_role("button", name="Next question").click()
    page.get_by_role("textbox", name="Your answer").fill("Ask first.")
    page.locator(".question-state").get_by_text("Kept on this device").wait_for()
    page.get_by_role("button", name="Question 3, answered, not saved yet").wait_for()
    page.close()
    context.set_offline(False)
    page = candidate.window(context)
    page.get_by_role("heading", name="Question 1 of 3").wait_for()
    all_saved(page)
    assert candidate.answers()[3] == "Ask first."
    return page


def goes_on_at_another_laptop(candidate, page):
    """That needs the invigilator; the first turns read only."""
    second = candidate.window(candidate.laptop())
    second.locator("[data-banner=other-device]").wait_for()
    candidate.overseen(services.allow_device, reason="Battery")
    second.reload()
    second.get_by_role("button", name="Question 3, answered").click()
    box = second.get_by_role("textbox", name="Your answer")
    assert box.input_value() == "Ask first."
    box.fill("Ask first, then listen.")
    all_saved(second)
    page.locator(".option").last.click()
    page.locator("[data-banner=other-device]").wait_for()
    assert candidate.answers()[1] == candidate.right
    return second


def is_paused_and_goes_on(candidate, page):
    """Both reach the page without a reload; a sign of life is only hastened here."""
    candidate.overseen(services.pause, reason="Alarm", is_rest=False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-banner=paused]").wait_for()
    assert page.get_by_role("textbox", name="Your answer").is_disabled()
    candidate.overseen(services.resume)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-banner=paused]").wait_for(state="hidden")


def is_marked_by_three_and_graded(candidate, axe, choices):
    """By the keyboard alone: two differ, a third sees both after a mark of their own and settles."""
    for context in candidate.contexts:
        for page in context.pages:
            page.close()
    candidate.overseen(refuses_what_came_late)
    pages = markers_of(candidate)
    first, second, third = (to_the_answer(candidate, page) for page in pages)
    axe(first)
    assert "Ask first, then listen." in first.locator(".given-answer").inner_text()
    first.context.set_offline(True)
    keys(first, "1", "2", "Enter")
    first.get_by_text("This mark is not kept yet").wait_for()
    first.context.set_offline(False)
    keys(first, "Enter")
    keys(second, "1", "Enter")
    for page in (first, second):
        page.get_by_text("No answer waits for you.").wait_for()
    third.reload()
    third.get_by_role("heading", name="two people’s marks differ").wait_for()
    keys(third, "1", "Enter")
    third.get_by_role("heading", name="The two marks").wait_for()
    axe(third)
    keys(third, "Enter")
    third.get_by_text("No answer waits for you.").wait_for()
    assert candidate.asked(came_home) == ({"marks": choices + 1}, choices + 1, "marked")


def refuses_what_came_late(sitting, *, actor, at):
    """The first laptop may have sent what it could not save; until somebody decides, no grade."""
    for batch in queries.late_batches(sitting):
        late.decide(batch, "Changed on a laptop of before", is_accepted=False, actor=actor, at=at)


def came_home(sitting):
    """What the lifecycle and the figures have of a sitting, and where it stands."""
    attempt = db.session.get(MethodAttempt, sitting.attempt_id)
    script = db.session.query(Script).filter_by(paper_id=sitting.paper_id).one()
    return attempt.scoring_input, script.total, sitting.state.value


def markers_of(candidate):
    """Three who mark for the test's EPAO, each in a browser of their own; the answer is with them."""
    with candidate.server.app.app_context():
        tasks.come_round()
        with writing():
            make = Make(datetime.now(UTC))
            make.count = 1000  # names of before are taken
            epao = db.session.get(Sitting, candidate.sitting_id).paper.bank.epao
            people = [make.person(Role.MARKER, organisation=epao) for _ in range(3)]
            tokens = [open_session(one, at=make.at, complete=True) for one in people]
            db.session.commit()
            db.session.remove()
    signer = SecureCookieSessionInterface().get_signing_serializer(candidate.server.app)
    name = candidate.server.app.config["SESSION_COOKIE_NAME"]
    for token in tokens:
        context = candidate.chrome.new_context()
        candidate.contexts.append(context)
        value = signer.dumps({"_user_id": token, "_fresh": True})
        context.add_cookies([{"name": name, "value": value, "url": candidate.server.url}])
        yield context.new_page()


def to_the_answer(candidate, page):
    """From the list of questions to the one answer there is."""
    page.set_default_timeout(60_000)
    page.goto(f"{candidate.server.url}/marking")
    page.locator("main table a").click()
    page.get_by_role("heading", name="The answer").wait_for()
    return page


def keys(page, *pressed):
    for one in pressed:
        page.keyboard.press(one)
