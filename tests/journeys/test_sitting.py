"""A test on a screen in a real browser: a cut line, a closed tab, another laptop, and the receipt."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from epa.answer_marking import tasks
from epa.database import db, writing
from epa.invigilation.models import EventCandidate
from epa.invigilation.rules import Delivery
from epa.invigilation.services import check_room
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.people.rules import Role
from epa.sign_in.services import open_session
from question_bank.responses.models import Script
from question_bank.sittings import finishing, late, queries, services
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import IntegrityKind
from tests import live
from tests.factories import Make
from tests.factories.marking import forget_short_plan, keep_short_plan
from tests.factories.sittings import options_of

pytestmark = pytest.mark.browser


class Candidate:
    """Somebody who sits a test today, on as many laptops as wanted; and their invigilator."""

    def __init__(self, server, chrome):
        self.server, self.chrome, self.contexts = server, chrome, []
        with server.app.app_context(), writing():
            make = Make(datetime.now(UTC))
            sitting, invigilator = self.session_of_today(make)
            tokens = [
                open_session(one, at=make.at, complete=True)
                for one in (sitting.candidate, invigilator)
            ]
            db.session.commit()
            self.sitting_id, self.invigilator_id = sitting.id, invigilator.id
            self.name, self.right = sitting.candidate.name, options_of(sitting, 1)[0]
            db.session.remove()
        signer = SecureCookieSessionInterface().get_signing_serializer(server.app)
        self.cookie, self.invigilators = (
            signer.dumps({"_user_id": token, "_fresh": True}) for token in tokens
        )

    def session_of_today(self, make):
        """On screens and open, its room checked, with one paper issued."""
        epao = make.organisation()
        invigilator = make.person(Role.INVIGILATOR, organisation=epao)
        event = make.event(epao, on_shift=(invigilator,))
        event.delivery, event.starts_at = Delivery.ONLINE, make.at
        event.closes_at = make.at + timedelta(hours=4)
        check_room(event, "", is_suitable=True, actor=invigilator, at=make.at)
        attempt = make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test")
        event.every_candidate.append(
            EventCandidate(attempt=attempt, added_at=make.at, added_by_id=invigilator.id)
        )
        return make.sitting(attempt, minutes=130, closes_at=event.closes_at), invigilator

    def laptop(self, cookie=None, **options):
        context = self.chrome.new_context(**options)
        self.contexts.append(context)
        name, value = self.server.app.config["SESSION_COOKIE_NAME"], cookie or self.cookie
        context.add_cookies([{"name": name, "value": value, "url": self.server.url}])
        return context

    def window(self, context, address=None):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.server.url}{address or f'/sittings/{self.sitting_id}'}")
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
    practises(candidate, first, axe)
    page = finds_the_way_in_and_is_let_start(candidate, first, axe)
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
    told = candidate.asked(lambda sitting: {it.kind for it in queries.integrity_of(sitting.id)})
    assert IntegrityKind.SECOND in told
    marks = candidate.asked(lambda sitting: queries.choice_marks(queries.receipt_of(sitting)))
    assert marks[1] == 1
    is_marked_by_three_and_graded(candidate, axe, sum(marks.values()))


def finds_the_way_in_and_is_let_start(candidate, context, axe):
    """The link of the day leads to the waiting room; who they are is checked before they start."""
    page = candidate.window(context, "/")
    page.get_by_role("link", name="Go to the waiting room").click()
    page.get_by_text("when you copy or paste").wait_for()
    assert page.get_by_role("button", name="Start the test").is_disabled()
    board = candidate.window(candidate.laptop(candidate.invigilators), "/")
    board.get_by_role("link", name="Open the board").click()
    board.get_by_text("In the waiting room").wait_for()
    axe(board)
    board.get_by_role("link", name="check the identity").click()
    board.get_by_label("Passport").check()
    board.get_by_label("Present").check()
    board.get_by_role("button", name="Keep it").click()
    board.get_by_label(candidate.name).check()
    board.get_by_role("button", name="Let them start").click()
    board.get_by_role("button", name="Let them start").click()
    board.get_by_text("May start").first.wait_for()
    page.get_by_text("You may start now.").wait_for()
    return page


def practises(candidate, context, axe):
    """The same page with other questions: nothing of it reaches the server."""
    page = candidate.window(context, "/sittings/check")
    for line in ("storage", "connection", "windows"):
        page.locator(f"[data-check={line}]").get_by_text("Works").wait_for()
    axe(page)
    page.get_by_role("link", name="Practise").click()
    page.get_by_role("button", name="Start the test").click()
    page.locator(".option").first.click()
    all_saved(page)
    page.get_by_role("button", name="Check and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_text("You have practised.").wait_for()
    assert candidate.answers() == {}
    page.close()


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
    page.get_by_role("button", name="Raise hand").click()
    page.get_by_role("button", name="Hand is up").wait_for()
    candidate.overseen(services.resume)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-banner=paused]").wait_for(state="hidden")
    candidate.overseen(services.answer_hand)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Raise hand").wait_for()


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
