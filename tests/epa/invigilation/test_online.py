"""A session on screens: its window, who is let in, what is noted, what came late, its papers."""

import io
import json
from datetime import time, timedelta

import pytest
from pypdf import PdfReader

from epa.allowances.rules import AdjustmentKind
from epa.clock import london_date, london_instant
from epa.database import db
from epa.errors import RuleBroken
from epa.invigilation import admitting, board, ending, integrity, late, online, queries, services
from epa.invigilation.models import InvigilatedEvent
from epa.invigilation.rules import Attendance, Delivery, Disposition, IdentityDocument
from epa.knowledge_test import services as tests
from epa.knowledge_test.models import PaperSitting
from epa.knowledge_test.rules import SittingFacts
from epa.needs.queries import needs_of
from epa.people.rules import Role
from question_bank.sittings import finishing, sealing, writing
from question_bank.sittings import integrity as telling
from question_bank.sittings import late as arriving
from question_bank.sittings import queries as kept
from question_bank.sittings import services as overseeing
from question_bank.sittings.integrity import Told
from question_bank.sittings.rules import IntegrityKind, SittingState
from question_bank.sittings.services import OtherDevice
from question_bank.sittings.writing import EditSent
from tests.factories.sealing import sealed
from tests.factories.sittings import DEVICE

MINUTE = timedelta(minutes=1)
WHEN = {"day-day": "23", "day-month": "6", "day-year": "2026", "time": "10:00"}


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def ines(make, epao):
    return make.person(Role.INVIGILATOR, organisation=epao, given="Ines")


@pytest.fixture
def event(make, epao, admin, ines, at):
    """On screens, open from now for four hours, with two candidates whose identity is checked."""
    event = make.event(epao, on_shift=(ines,), actor=admin)
    attempts = [make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test") for _ in range(2)]
    make.in_session(event, attempts, admin)
    event.delivery, event.starts_at = Delivery.ONLINE, at
    event.closes_at, event.admits_until = at + 240 * MINUTE, at + 30 * MINUTE
    services.check_room(event, "", is_suitable=True, actor=ines, at=at)
    for one in event.candidates:
        services.note_candidate(
            one, IdentityDocument.PASSPORT, Attendance.EXPECTED, actor=ines, at=at
        )
    db.session.commit()
    return event


def papers(make, event):
    """A paper for each, for a little more than the two hours that the plan gives here."""
    return [
        make.sitting(one.attempt, minutes=130, closes_at=event.closes_at)
        for one in event.candidates
    ]


def refused(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value


def test_a_window_holds_the_longest_test_and_says_what_would_do(
    make, epao, admin, sign_in_as, session
):
    browser = sign_in_as(admin)
    asked = WHEN | {"delivery": "online", "place": "Room 2"}
    page = browser.post("/test-sessions/new", asked, status=422)
    assert page.errors["closes"] == "Enter when the session closes"
    page = browser.post("/test-sessions/new", asked | {"closes": "11:30"}, status=422)
    assert "takes 2 h 00 min: the session must stay open until 12:00" in page.errors["closes"]
    late_in = asked | {"closes": "12:30", "admits": "11:00"}
    page = browser.post("/test-sessions/new", late_in, status=422)
    assert "must be from 10:00 to 10:30" in page.errors["admits"]
    browser.post("/test-sessions/new", asked | {"closes": "12:15"}, status=303)
    event = session.query(InvigilatedEvent).one()
    day = london_date(event.starts_at)
    assert event.admits_until == london_instant(day, time(10, 15))
    assert event.minutes == 135
    here = f"/test-sessions/{event.id}"
    assert "10:00 to 12:15" in browser.get(here).text
    ines = make.person(Role.INVIGILATOR, organisation=epao)
    services.put_on_shift(event, ines, actor=admin, at=make.at)
    attempt = make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test")
    make.granted(attempt.assessment, extra_percent=25)
    add = (services.add_candidates, event, [attempt])
    assert "2 h 30 min here" in refused(*add, actor=admin, at=make.at).message
    seen = {"seen": str(event.lock_version)}
    page = browser.post(f"{here}/window", seen | {"closes": "11:00", "admits": ""}, status=422)
    assert "until 12:00" in page.errors["closes"]
    browser.post(f"{here}/window", seen | {"closes": "13:00", "admits": "10:45"}, status=303)
    services.add_candidates(event, [attempt], actor=admin, at=make.at)
    seen = {"seen": str(event.lock_version)}
    page = browser.post(f"{here}/window", seen | {"closes": "12:20", "admits": ""}, status=422)
    assert "until 12:30" in page.errors["closes"]
    assert event.admits_until == london_instant(day, time(10, 45))


def test_somebody_is_let_in_while_the_session_admits_and_with_the_whole_time(make, event, ines, at):
    one, two = event.candidates
    first, second = papers(make, event)
    admit = {"actor": ines, "at": at}
    early = {"actor": ines, "at": at - MINUTE}
    assert refused(admitting.admit, one, first, **early).code == "not-open"
    make.granted(one.attempt.assessment, extra_percent=25, break_minutes=15)
    db.session.commit()
    admitting.admit(one, first, **admit)
    assert (first.state, one.attendance) == (SittingState.UNLOCKED, Attendance.PRESENT)
    assert (first.allowed_seconds, first.rest_seconds) == (150 * 60, 15 * 60)
    gone = {"actor": ines, "at": at + 31 * MINUTE}
    assert refused(admitting.admit, two, second, **gone).code == "admission-over"
    event.admits_until, event.closes_at = at + 60 * MINUTE, at + 150 * MINUTE
    assert refused(admitting.admit, two, second, **gone).code == "too-late-to-start"
    assert second.state is SittingState.ISSUED


@pytest.mark.both_databases
def test_no_more_are_let_in_than_those_on_shift_may_have(make, event, ines, at, monkeypatch):
    monkeypatch.setattr(queries, "most_each", lambda _event: 1)
    (one, two), (first, second) = event.candidates, papers(make, event)
    admitting.admit(one, first, actor=ines, at=at)
    assert refused(admitting.admit, two, second, actor=ines, at=at).code == "invigilators"
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    assert refused(admitting.admit, two, second, actor=ines, at=at).code == "invigilators"
    assert refused(ending.close_event, event, actor=ines, at=at).code == "still-open"
    assert refused(ending.remove_candidate, one, "Ill", actor=ines, at=at).code == "still-open"
    finishing.hand_in(first, DEVICE, actor=one.person, at=at)
    admitting.admit(two, second, actor=ines, at=at)


def test_it_closes_after_a_test_is_graded_and_asks_nobody_for_marks_on_paper(make, event, ines, at):
    first, second = papers(make, event)
    one, two = event.candidates
    admitting.admit(one, first, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    finishing.hand_in(first, DEVICE, actor=one.person, at=at)
    tests.grade_total(one.attempt, 51, held_on=london_date(at), actor=ines, at=at)
    services.note_candidate(two, IdentityDocument.PASSPORT, Attendance.PRESENT, actor=ines, at=at)
    assert second.state is SittingState.ISSUED
    facts = SittingFacts(london_date(at), 120, True, True, "", "")
    assert refused(tests.record_sitting, two.attempt, facts, actor=ines, at=at).code == "on-screen"
    ending.close_event(event, actor=ines, at=at)
    assert db.session.query(PaperSitting).all() == []


def test_an_end_that_moves_reaches_every_test_and_cuts_none(make, event, admin, ines, at):
    one, (first, _second) = event.candidates[0], papers(make, event)
    admitting.admit(one, first, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    overseeing.extend(first, 30, "Alarm", actor=ines, at=at)
    broken = refused(online.move_window, event, at + 140 * MINUTE, None, actor=admin, at=at)
    assert broken.message == f"{one.person.name}: Their test would be cut short."
    db.session.rollback()
    online.move_window(event, at + 300 * MINUTE, None, actor=ines, at=at)
    ids = [it.attempt_id for it in event.candidates]
    assert {it.closes_at for it in kept.every_of_attempts(ids)} == {at + 300 * MINUTE}


@pytest.mark.both_databases
def test_what_a_page_tells_is_counted_once_and_looked_at_by_people(
    make, event, ines, sign_in_as, at
):
    one, first = event.candidates[0], papers(make, event)[0]
    make.granted(one.attempt.assessment, details={AdjustmentKind.READER: "A person"})
    assert telling.notice(first, DEVICE, [Told("a" * 16, IntegrityKind.LEFT, at)], at=at) == 0
    admitting.admit(one, first, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    told = [
        Told("a" * 16, IntegrityKind.LEFT, at - MINUTE),
        Told("b" * 16, IntegrityKind.BACK, at + MINUTE, 75),
        Told("c" * 16, IntegrityKind.PASTED, at + MINUTE, 1200),
    ]
    assert telling.notice(first, DEVICE, told, at=at + MINUTE) == 3
    assert telling.notice(first, DEVICE, told, at=at + 2 * MINUTE) == 0
    with pytest.raises(OtherDevice):
        telling.notice(first, "0" * 24, told[:1], at=at)
    again = [Told("d" * 16, IntegrityKind.SECOND, at)]
    assert telling.notice(first, "0" * 24, again, at=at) == 1
    browser = sign_in_as(ines)
    page = browser.get(f"/test-sessions/{event.id}/board")
    words = "Left once, 1 min 15 s in all, pasted once, opened again once; 4 not looked at"
    assert words in page.text
    assert "A reader: A person." in page.text
    here = f"/test-sessions/candidates/{one.id}/noted"
    page = browser.get(here)
    assert "10:31:00 Pasted text, 1,200 letters" in page.text
    page = browser.post(here, {"disposition": "no_action", "words": ""}, status=422)
    assert page.errors["words"] == "Enter why"
    browser.post(here, {"disposition": "no_action", "words": "Read a message."}, status=303)
    page = browser.get(f"/test-sessions/{event.id}/board")
    assert "not looked at" not in page.text
    other = event.candidates[1]
    broken = refused(integrity.find, other, Disposition.LOOK_INTO, "Why?", actor=ines, at=at)
    assert broken.code == "nothing-told"
    assert "Nothing is noted" in browser.get(f"/test-sessions/candidates/{other.id}/noted").text


def test_what_happened_is_noted_from_the_board_for_one_or_for_all(event, ines, sign_in_as):
    browser, here = sign_in_as(ines), f"/test-sessions/{event.id}"
    one = event.candidates[0]
    page = browser.get(f"{here}/incidents?candidate={one.id}&candidate=nobody")
    assert [it["value"] for it in page.html.select("input[checked]")] == [str(one.id)]
    sent = {"kind": "illness", "time": "10:25", "words": "Felt faint."}
    answer = browser.post(f"{here}/incidents", sent | {"candidates": [str(one.id)]}, status=303)
    assert answer.response.location.endswith("/board")
    browser.post(f"{here}/incidents", sent | {"words": "Alarm."}, status=303)
    assert {it.candidate for it in queries.incidents(event)} == {one, None}


def test_the_register_and_the_report_say_what_happened_and_ask_nothing(
    make, event, ines, sign_in_as, at
):
    (one, two), (first, second) = event.candidates, papers(make, event)
    for candidate, paper in ((one, first), (two, second)):
        admitting.admit(candidate, paper, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    overseeing.pause(first, "Fire alarm", is_rest=False, actor=ines, at=at + 5 * MINUTE)
    overseeing.resume(first, actor=ines, at=at + 9 * MINUTE)
    overseeing.extend(first, 10, "Noise", actor=ines, at=at + 10 * MINUTE)
    telling.notice(first, DEVICE, [Told("a" * 16, IntegrityKind.LEFT, at)], at=at + 11 * MINUTE)
    integrity.find(one, Disposition.LOOK_INTO, "Twice before.", actor=ines, at=at)
    finishing.hand_in(first, DEVICE, actor=one.person, at=at + 60 * MINUTE)
    overseeing.void(second, "Telephone", actor=ines, at=at)
    browser = sign_in_as(ines)
    register = pdf_text(browser.get(f"/test-sessions/{event.id}/register.pdf"))
    assert one.person.name in register
    assert f"Passport, 10:30, {ines.name}" in register
    report = pdf_text(browser.get(f"/test-sessions/{event.id}/report.pdf"))
    for words in (
        "Handed in, 10:30 to 11:30, 130 min given",
        f"10:35, Paused: Fire alarm ({ines.name})",
        f"10:39, Went on ({ines.name})",
        f"10:40, More time, +10 min in all: Noise ({ines.name})",
        "Left once, 0 s in all.",
        f"To be looked into: Twice before. ({ines.name})",
        "Void, not started",
        f"10:30, Paper void: Telephone ({ines.name})",
    ):
        assert words in report
    assert "Which is step" not in report


@pytest.mark.both_databases
def test_what_came_late_is_decided_by_somebody_who_did_not_watch(
    make, event, admin, ines, sign_in_as, at
):
    epao = event.epao
    one, first = event.candidates[0], papers(make, event)[0]
    admitting.admit(one, first, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    finishing.hand_in(first, DEVICE, actor=one.person, at=at + 5 * MINUTE)
    edit = EditSent(3, 1, "Ask first.", at + MINUTE)
    batch = arriving.receive(first, DEVICE, [edit], at=at + 6 * MINUTE)
    iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
    for person in (admin, iqa):
        titles = [need.title for need in needs_of(person, at)]
        assert f"Decide on answers that came late: {one.person.name}" in titles
    assert not any("came late" in need.what for need in needs_of(ines, at))
    here = f"/test-sessions/late-answers/{batch.id}"
    browser = sign_in_as(iqa)
    page = browser.get(here)
    assert "Question 3 10:31:00 Answered There was no answer" in page.text
    assert "Ask first" not in page.text
    page = browser.post(here, {"decision": "yes", "reason": ""}, status=422)
    assert page.errors["reason"] == "Enter why"
    watcher = make.person(
        Role.INVIGILATOR, Role.INTERNAL_QUALITY_ASSURER, organisation=epao, given="Both"
    )
    services.put_on_shift(event, watcher, actor=admin, at=at)
    page = sign_in_as(watcher).post(here, {"decision": "yes", "reason": "Cable"}, status=422)
    assert "You watched over this test" in page.errors[""]
    browser.post(here, {"decision": "yes", "reason": "The cable was pulled."}, status=303)
    assert "Let in. The cable was pulled." in browser.get(here).text
    assert [it.value for it in kept.standing_of(first)] == ["Ask first."]
    assert late.shown(batch, admin)["may_decide"] is False
    page = sign_in_as(admin).get(f"/test-sessions/{event.id}")
    assert "1 change at 10:36: Let in" in page.text


def test_on_the_day_each_finds_the_way_in_on_their_page(make, event, admin, ines, sign_in_as, at):
    one = event.candidates[0]
    assert [it.what for it in needs_of(admin, at) if "papers" in it.what] == [
        "Issue the papers of a test session"
    ]
    first, second = papers(make, event)
    assert not [it for it in needs_of(admin, at) if "papers" in it.what]
    page = sign_in_as(ines).get("/")
    assert page.link("Open the board") == f"/test-sessions/{event.id}/board"
    browser = sign_in_as(one.person)
    page = browser.get("/")
    assert "Your knowledge test is today" in page.text
    assert page.link("Go to the waiting room") == f"/sittings/{first.id}"
    assert "when you leave this page" in browser.get(f"/sittings/{first.id}").text
    assert board.rows(event, at)[0].to_look_at == ""
    writing.hear(first, DEVICE, unsaved=0, hand_is_up=False, at=at)
    assert [it.to_look_at for it in board.rows(event, at) if it.id == str(one.id)] == [
        "In the waiting room"
    ]
    admitting.admit(one, first, actor=ines, at=at)
    writing.deliver(first, DEVICE, actor=one.person, at=at)
    assert "Go on with your knowledge test" in browser.get("/").text
    assert not [it for it in needs_of(one.person, at + timedelta(days=1)) if "today" in it.what]
    event.starts_at = at + timedelta(days=1)
    (coming,) = (it for it in needs_of(event.candidates[1].person, at) if "Your kn" in it.what)
    assert (coming.action, coming.place) == ("Practise", "sittings.practise")
    assert second.state is SittingState.ISSUED


def pdf_text(page):
    reader = PdfReader(io.BytesIO(page.response.data))
    return " ".join(" ".join(it.extract_text() for it in reader.pages).split())


def test_a_session_may_ask_for_safe_exam_browser_until_somebody_starts(
    make, event, admin, sign_in_as, at
):
    sat, begun = papers(make, event)
    for one in event.candidates:
        admitting.admit(one, kept.of_attempts([one.attempt_id])[one.attempt_id], actor=admin, at=at)
    writing.deliver(begun, DEVICE, actor=begun.candidate, at=at)
    db.session.commit()
    browser, path = sign_in_as(admin), f"/test-sessions/{event.id}"
    browser.post(f"{path}/safe-browser", {"asks": "yes"}, status=303)
    assert (sat.needs_safe_browser, begun.needs_safe_browser) == (True, False)
    assert "Safe Exam Browser alone" in browser.get(path).text
    file = browser.get("/test-sessions/safe-browser.seb").response
    assert file.content_type == "application/seb"
    assert file.data[:2] == b"\x1f\x8b"
    browser.post(f"{path}/safe-browser", {"asks": "no"}, status=303)
    assert not sat.needs_safe_browser


def test_sealed_answers_are_brought_as_a_file_and_wait_for_a_decision(
    make, event, admin, sign_in_as, frozen, at
):
    ines = event.shifts[0].person
    sitting, _other = papers(make, event)
    one = next(it for it in event.candidates if it.attempt_id == sitting.attempt_id)
    admitting.admit(one, sitting, actor=ines, at=at)
    writing.deliver(sitting, DEVICE, actor=sitting.candidate, at=at)
    sitting.allowed_seconds = 60
    db.session.commit()
    edit = {"number": 3, "sequence": 1, "value": "In the cut", "made_at": at.isoformat()}
    held = json.dumps({"device": DEVICE, "edits": [edit]}).encode()
    batch = json.dumps(sealed(sealing.public_key(), sitting.id, held)).encode()
    browser, path = sign_in_as(ines), f"/test-sessions/candidates/{one.id}/late-answers"

    def brought(content, status):
        return browser.post(
            path, {"file": (io.BytesIO(content), "late-answers.json")}, status=status
        )

    assert "Only of a paper that is handed in" in brought(batch, 422).text
    frozen.shift(3 * MINUTE)
    assert "no file with sealed answers" in brought(b"[]", 422).text
    assert "The seal is broken" in brought(batch.replace(b'"iv": "', b'"iv": "AAAA'), 422).text
    brought(batch, 303)
    assert [len(it.edits) for it in kept.late_batches(sitting)] == [1]
    assert "Answers as a file" in browser.get(f"/test-sessions/{event.id}").text
    assert "Decide on answers that came late" in sign_in_as(admin).get("/").text
