"""Three sit a test on screens under one invigilator; people mark it, grades and figures follow.

One loses the line for two minutes, and then the tab; one goes on at another laptop; one has a quarter
more time and ends without a line, with what was not sent in a sealed file.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from epa.answer_marking import tasks
from epa.database import db, writing
from epa.invigilation.models import EventCandidate
from epa.invigilation.rules import Attendance, Delivery, IdentityDocument
from epa.invigilation.services import check_room, note_candidate
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
CUT, SWAP, EXTRA = "Ask first.", "Ask first, then listen.", "It is theirs."


class Day:
    """A session of today with three candidates and one invigilator, and the server it is on."""

    def __init__(self, server, chrome):
        self.server, self.chrome, self.contexts = server, chrome, []
        self.behind = timedelta()
        with server.app.app_context(), writing():
            make = Make(datetime.now(UTC))
            self._plan(make)
            people = [self.invigilator, self.office, *(one.candidate for one in self.sittings)]
            self.cookies = {one.id: self._cookie(one, make.at) for one in people}
            db.session.commit()
            self.candidates = [Candidate(self, one) for one in self.sittings]
            self.bank_id = self.sittings[0].paper.bank_id
            self.invigilator_id, self.office_id = self.invigilator.id, self.office.id
            db.session.remove()

    def _plan(self, make):
        """On screens and open, its room checked, with papers issued, one for a quarter more time."""
        epao = make.organisation()
        self.office = make.person(Role.ADMINISTRATOR, organisation=epao)
        self.invigilator = make.person(Role.INVIGILATOR, organisation=epao)
        event = make.event(epao, on_shift=(self.invigilator,))
        event.delivery, event.starts_at = Delivery.ONLINE, make.at
        event.closes_at = make.at + timedelta(hours=4)
        check_room(event, "", is_suitable=True, actor=self.invigilator, at=make.at)
        bank, self.sittings = make.test_bank(epao), []
        for number in range(3):
            assessment = make.assessment_in_epa(epao=epao)
            attempt = make.attempt(assessment, "knowledge_test")
            seat = EventCandidate(attempt=attempt, added_at=make.at, added_by_id=self.office.id)
            event.every_candidate.append(seat)
            if number == 2:
                make.granted(assessment, at=make.at - timedelta(days=1))
            closes_at = event.closes_at
            self.sittings.append(make.sitting(attempt, minutes=120, closes_at=closes_at, bank=bank))
        about = {"actor": self.invigilator, "at": make.at}
        for seat in event.candidates[1:]:
            note_candidate(seat, IdentityDocument.PASSPORT, Attendance.PRESENT, **about)
        self.event_id = event.id

    def _cookie(self, person, at):
        token = open_session(person, at=at, complete=True)
        signer = SecureCookieSessionInterface().get_signing_serializer(self.server.app)
        return signer.dumps({"_user_id": token, "_fresh": True})

    @property
    def now(self):
        return datetime.now(UTC) + self.behind

    def passes(self, minutes):
        """The server's clock goes on; what is measured in a browser does not."""
        self.behind += timedelta(minutes=minutes)
        self.server.set_clock(self.now)

    def laptop(self, cookie, **options):
        context = self.chrome.new_context(**options)
        self.contexts.append(context)
        name = self.server.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": cookie, "url": self.server.url}])
        return context

    def window(self, context, address):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.server.url}{address}")
        return page

    def close_windows(self):
        for context in self.contexts:
            for page in context.pages:
                page.close()

    def markers(self):
        """Three who mark for the EPAO, each in a browser of their own, before the first answer."""
        with self.server.app.app_context():
            tasks.come_round()
            with writing():
                make = Make(self.now)
                make.count = 1000  # names of before are taken
                epao = db.session.get(Person, self.office_id).current_roles[0].organisation
                people = [make.person(Role.MARKER, organisation=epao) for _ in range(3)]
                cookies = [self._cookie(one, datetime.now(UTC)) for one in people]
                db.session.commit()
                db.session.remove()
        for cookie in cookies:
            page = self.window(self.laptop(cookie), "/marking")
            page.locator("main table a").click()
            page.get_by_role("heading", name="The answer").wait_for()
            yield page


class Candidate:
    """Somebody who sits a test today, on as many laptops as wanted."""

    def __init__(self, day, sitting):
        self.day, self.sitting_id = day, sitting.id
        self.name, self.right = sitting.candidate.name, options_of(sitting, 1)[0]
        self.cookie, self.here = day.cookies[sitting.candidate_id], f"/sittings/{sitting.id}"

    def laptop(self, **options):
        return self.day.laptop(self.cookie, **options)

    def window(self, context, address=None):
        return self.day.window(context, address or self.here)

    def asked(self, query):
        with self.day.server.app.app_context():
            found = query(db.session.get(Sitting, self.sitting_id))
            db.session.remove()
            return found

    def overseen(self, act, **more):
        with self.day.server.app.app_context(), writing():
            sitting = db.session.get(Sitting, self.sitting_id)
            actor = db.session.get(Person, self.day.invigilator_id)
            act(sitting, actor=actor, at=self.day.now, **more)
            db.session.commit()
            db.session.remove()

    def answers(self):
        return self.asked(
            lambda sitting: {it.number: it.value for it in queries.standing_of(sitting)}
        )

    def told(self):
        return self.asked(lambda sitting: {it.kind for it in queries.integrity_of(sitting.id)})

    def came_home(self):
        """What the lifecycle and the figures have of a sitting, and where it stands."""

        def came(sitting):
            attempt = db.session.get(MethodAttempt, sitting.attempt_id)
            script = db.session.query(Script).filter_by(paper_id=sitting.paper_id).one()
            return attempt.scoring_input, script.total, sitting.state.value

        return self.asked(came)

    def marks(self):
        """Of the choices."""
        given = self.asked(lambda sitting: queries.choice_marks(queries.receipt_of(sitting)))
        return sum(given.values())


@pytest.fixture
def day(tmp_path, own_process, chrome):
    keep_short_plan(tmp_path / "data" / "frameworks")
    with live.serving(tmp_path / "data") as server:
        day = Day(server, chrome)
        yield day
        for context in day.contexts:
            context.close()
    forget_short_plan()


def test_three_sit_a_test_and_people_mark_it_to_its_grades(day, axe):
    cut, swap, extra = day.candidates
    first = cut.laptop(viewport={"width": 390, "height": 844})
    practises(cut, first, axe)
    page = finds_the_way_in(cut, first)
    laptop = swap.laptop()
    laptop.route("**/ahead", breaks_the_seal)
    swapping, longer = swap.window(laptop), extra.window(extra.laptop())
    are_let_start(day, [page, swapping, longer], axe)
    page = loses_the_line_and_then_the_tab(cut, first, begins(cut, page, axe))
    second = goes_on_at_another_laptop(swap, begins(swap, swapping))
    is_paused_and_goes_on(swap, second)
    for candidate, window in ((cut, page), (swap, second)):
        hands_in(candidate, window)
    ends_without_a_line(day, extra, begins(extra, longer))
    assert {IntegrityKind.PASTED, IntegrityKind.SECOND} <= cut.told() | swap.told()
    are_marked_by_three_and_graded(day, axe)
    shows_in_the_figures(day)


def all_saved(page):
    page.locator(".sum-state.saved-yes").wait_for()


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


def finds_the_way_in(candidate, context):
    """The link of the day leads to the waiting room."""
    page = candidate.window(context, "/")
    page.get_by_role("link", name="Go to the waiting room").click()
    page.get_by_text("when you copy or paste").wait_for()
    assert page.get_by_role("button", name="Start the test").is_disabled()
    return page


def are_let_start(day, pages, axe):
    """Who they are is checked first; then all three at once."""
    board = day.window(day.laptop(day.cookies[day.invigilator_id]), "/")
    board.get_by_role("link", name="Open the board").click()
    board.get_by_text("In the waiting room").first.wait_for()
    axe(board)
    board.get_by_role("link", name="check the identity").first.click()
    board.get_by_label("Passport").check()
    board.get_by_label("Present").check()
    board.get_by_role("button", name="Keep it").click()
    for candidate in day.candidates:
        board.get_by_label(candidate.name).check()
    board.get_by_role("button", name="Let them start").click()
    board.get_by_role("button", name="Let them start").click()
    board.get_by_text("May start").first.wait_for()
    board.close()
    for page in pages:
        page.get_by_text("You may start now.").wait_for()


def breaks_the_seal(route):
    """The paper ahead, changed on its way: it is asked for whole then."""
    route.fulfill(json=route.fetch().json() | {"iv": "AAAAAAAAAAAAAAAA"})


def begins(candidate, page, axe=None):
    """The first question is answered, and said to be saved once it is; the paper was there before."""
    with page.expect_response("**/paper") as started:
        page.get_by_role("button", name="Start the test").click()
    told = started.value.json()
    assert "key" in told
    assert "questions" not in told
    page.locator(f"input[value='{candidate.right}']").check()
    page.locator(".question-state").get_by_text("Saved").wait_for()
    assert candidate.answers() == {1: candidate.right}
    if axe:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        axe(page)
    return page


def loses_the_line_and_then_the_tab(candidate, context, page):
    """A hotel's page is no answer; two minutes without a line; the next window sends what was kept."""
    page.route("**/answers", lambda route: route.fulfill(status=200, body="<p>Log in to Wi-Fi"))
    page.get_by_role("button", name="Next question").click()
    page.locator(".option").first.click()
    page.locator(".question-state").get_by_text("Kept on this device").wait_for()
    assert set(candidate.answers()) == {1}
    page.unroute("**/answers")
    all_saved(page)
    context.set_offline(True)
    page.locator("[data-banner=offline]").wait_for()
    page.get_by_role("button", name="Next question").click()
    page.get_by_role("textbox", name="Your answer").fill(CUT)
    page.evaluate("document.dispatchEvent(new ClipboardEvent('paste'))")
    page.locator(".question-state").get_by_text("Kept on this device").wait_for()
    page.get_by_role("button", name="Question 3, answered, not saved yet").wait_for()
    page.close()
    candidate.day.passes(minutes=2)
    context.set_offline(False)
    assert IntegrityKind.PASTED not in candidate.told()
    page = candidate.window(context)
    page.get_by_role("heading", name="Question 1 of 3").wait_for()
    all_saved(page)
    assert candidate.answers()[3] == CUT
    return page


def goes_on_at_another_laptop(candidate, page):
    """That needs the invigilator; the first turns read only."""
    second = candidate.window(candidate.laptop())
    second.locator("[data-banner=other-device]").wait_for()
    candidate.overseen(services.allow_device, reason="Battery")
    second.reload()
    second.get_by_role("button", name="Question 3, no answer").click()
    second.get_by_role("textbox", name="Your answer").fill(SWAP)
    second.locator(".question-state").get_by_text(re.compile(r"Saved \d")).wait_for()
    # Refused when it is sent; a sign of life may have told the page before.
    page.locator(".option input").last.dispatch_event("click")
    page.locator("[data-banner=other-device]").wait_for()
    assert candidate.answers() == {1: candidate.right, 3: SWAP}
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


def hands_in(candidate, page):
    page.get_by_role("button", name="Check and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("heading", name="Your test is handed in").wait_for()
    receipt = candidate.asked(lambda sitting: queries.receipt_of(sitting).digest)
    assert receipt in page.locator("main").inner_text().replace(" ", "")
    assert candidate.asked(finishing.is_unchanged)


def ends_without_a_line(day, candidate, page):
    """What was not sent is taken away sealed, brought by the invigilator, and let in by another."""
    assert "150 min left" in page.locator(".time").inner_text()
    page.route(re.compile(r"/(answers|hand-in|late.*)$"), lambda route: route.abort())
    page.get_by_role("button", name="Question 3, no answer").click()
    page.get_by_role("textbox", name="Your answer").fill(EXTRA)
    page.locator(".question-state").get_by_text("Kept on this device").wait_for()
    candidate.overseen(ends_at_once)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download my sealed answers").click()
    page.close(run_before_unload=False)
    day.passes(minutes=1)
    assert 3 not in candidate.answers()
    desk = day.window(day.laptop(day.cookies[day.invigilator_id]), f"/test-sessions/{day.event_id}")
    desk.get_by_role("link", name=re.compile(f"Answers as a file.*{candidate.name}")).click()
    desk.get_by_label("Sealed answers").set_input_files(
        {
            "name": taken.value.suggested_filename,
            "mimeType": "application/json",
            "buffer": taken.value.path().read_bytes(),
        }
    )
    desk.get_by_role("button", name="Hand it in").click()
    desk.get_by_role("link", name=candidate.name).first.wait_for()
    office = day.window(day.laptop(day.cookies[day.office_id]), "/")
    office.get_by_role("link", name=re.compile(f"^Decide on.*{candidate.name}")).click()
    office.get_by_label("Let them in").check()
    office.get_by_label("Why?").fill("The line was cut")
    office.get_by_role("button", name="Decide").click()
    office.get_by_text("Let in.").wait_for()
    assert candidate.answers()[3] == EXTRA


def ends_at_once(sitting, *, actor, at):
    """As if the two hours and a half had passed; who is signed in would not be any more."""
    sitting.allowed_seconds = 1 + int((at - sitting.started_at).total_seconds())


def are_marked_by_three_and_graded(day, axe):
    """By the keyboard alone: two differ on one answer, a third settles it after a mark of their own."""
    day.close_windows()
    for candidate in day.candidates:
        candidate.overseen(refuses_what_came_late)
    first, second, third = day.markers()
    axe(first)
    begun = first.locator(".given-answer").inner_text()
    first.context.set_offline(True)
    keys(first, "1", "2", "Enter")
    first.get_by_text("This mark is not kept yet").wait_for()
    first.context.set_offline(False)
    keys(first, "Enter")
    marks_the_rest(first, {}, {begun})
    marks_the_rest(second, {SWAP: "1"}, set())
    if SWAP in third.locator(".given-answer").inner_text():
        third.reload()
    else:  # the answer that is open here has two marks by now
        keys(third, "1", "Enter")
        third.get_by_text("That answer waits no more.").wait_for()
        third.locator("main table a").click()
    third.get_by_role("heading", name="two people’s marks differ").wait_for()
    assert SWAP in third.locator(".given-answer").inner_text()
    keys(third, "1", "Enter")
    third.get_by_role("heading", name="The two marks").wait_for()
    axe(third)
    keys(third, "Enter")
    third.get_by_text("No answer waits for you.").wait_for()
    for candidate, written in zip(day.candidates, (2, 1, 2), strict=True):
        total = candidate.marks() + written
        assert candidate.came_home() == ({"marks": total}, total, "marked")


def marks_the_rest(page, other, met):
    """Both points for each answer that was not met yet, unless another key is wanted."""
    while len(met) < 3:
        page.wait_for_function(
            "met => { const at = document.querySelector('.given-answer');"
            " return at && !met.includes(at.innerText); }",
            arg=[*met],
        )
        words = page.locator(".given-answer").inner_text()
        met.add(words)
        keys(page, *other.get(words, "12"), "Enter")
    page.get_by_text("No answer waits for you.").wait_for()


def refuses_what_came_late(sitting, *, actor, at):
    """The first laptop may have sent what it could not save; until somebody decides, no grade."""
    for batch in queries.late_batches(sitting):
        if batch.decided_at is None:
            about = {"is_accepted": False, "actor": actor, "at": at}
            late.decide(batch, "Changed on a laptop of before", **about)


def shows_in_the_figures(day):
    """Each question has three answers more, of live tests."""
    page = day.window(
        day.laptop(day.cookies[day.office_id]), f"/questions/banks/{day.bank_id}/statistics"
    )
    rows = page.get_by_role("row").filter(has=page.get_by_role("cell", name="3", exact=True))
    assert rows.count() == 3


def keys(page, *pressed):
    for one in pressed:
        page.keyboard.press(one)
