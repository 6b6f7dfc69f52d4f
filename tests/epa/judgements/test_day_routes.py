import io

import pytest

from epa.conduct import queries as days
from epa.conduct.clock import ClockState
from epa.database import db
from epa.judgements import queries
from epa.lifecycle.rules import Duty, Grade
from epa.people.rules import Role
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.rules import PieceKind, PortfolioStatus

JSON = {"Accept": "application/json"}


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def browser(sign_in_as, sheet):
    return sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))


def at(attempt, tail=""):
    return f"/attempts/{attempt.id}/{attempt.method_code}{tail}"


def state(attempt, part="observing"):
    return days.clocks_from(attempt, days.timer_entries(attempt))[part].state


def test_the_clock_is_kept_from_a_form(sheet, browser):
    path = at(sheet.attempt, "/clock")
    browser.post(path, {"do": "observing start"}, status=303)
    browser.post(path, {"do": "observing pause other", "words": "A fire drill"}, status=303)
    assert state(sheet.attempt) is ClockState.PAUSED
    page = browser.get(at(sheet.attempt))
    assert "Pause: A fire drill" in page.text
    page = browser.post(path, {"do": "observing pause break"}, status=422)
    assert "is not running, so it cannot be paused" in page.text


@pytest.mark.parametrize("do", ["", "observing", "observing fly", "observing pause never", "x y z"])
def test_a_clock_does_only_what_its_buttons_say(sheet, browser, do):
    page = browser.post(at(sheet.attempt, "/clock"), {"do": do}, status=422)
    assert "Choose what to do with the clock." in page.text
    assert days.timer_entries(sheet.attempt) == []


def test_the_clock_answers_a_script_with_how_it_stands(sheet, browser):
    path = at(sheet.attempt, "/clock")
    sent = {"part": "observing", "action": "start", "token": "a1b2c3d4"}
    answer = browser.client.post(path, json=sent, headers=JSON)
    assert answer.json["clock"]["parts"][0]["state"] == "running"
    again = browser.client.post(path, json={**sent, "token": "b1b2c3d4"}, headers=JSON)
    assert again.status_code == 422
    assert again.json["standing"]["clock"]["parts"][0]["state"] == "running"
    assert browser.client.get(path, headers=JSON).json["clock"]["current"] == "observing"


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {"part": "observing", "action": "fly", "token": "a1b2c3d4"},
        {"part": "observing", "action": "start", "token": "a1b2c3d4", "at": "yesterday"},
        {"part": "observing", "action": "start", "token": "a1b2c3d4", "at": "2026-06-09T09:00"},
        {"part": "observing", "action": "start"},
    ],
)
def test_a_clock_entry_that_cannot_be_read_says_so(sheet, browser, sent):
    answer = browser.client.post(at(sheet.attempt, "/clock"), json=sent, headers=JSON)
    assert (answer.status_code, bool(answer.json["error"])) == (400, True)


def test_a_question_is_kept_from_a_form_and_one_that_is_behind_is_told(sheet, browser):
    path = at(sheet.attempt, "/questions")
    typed = {"number": "1", "follow_up": "0", "question": "Why?", "answer": "So.", "seen": "0"}
    browser.post(path, {**typed, "ksbs": ["S10"]}, status=303)
    [asked] = days.questions_of(sheet.attempt)
    assert (asked.answer, asked.ksbs) == ("So.", ["S10"])
    assert "Why? So." in browser.get(at(sheet.attempt, "?ksb=S10")).text
    page = browser.post(path, {**typed, "answer": "Other."}, status=409)
    assert "You, in another window, wrote this question" in page.text
    assert "Other." in page.html.select_one("#answered-1-0").get_text()
    page = browser.post(path, {**typed, "question": "", "seen": "1"}, status=422)
    assert "Write what was asked." in page.text


def test_the_answer_to_a_question_is_evidence(make, sign_in_as):
    sheet = make.sheet()
    browser = sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))
    sent = {
        "number": 1,
        "question": "Why?",
        "answer": "So.",
        "ksbs": ["S10"],
        "seen": 0,
        "token": "a1b2c3d4",
    }
    answer = browser.client.post(at(sheet.attempt, "/questions"), json=sent, headers=JSON)
    assert (answer.json["asked"], "So." in answer.json["answers"]["S10"]) == (1, True)
    assert queries.entry_of(sheet, "S10").has_evidence
    page = browser.get(at(sheet.attempt, "/sign"))
    assert "S10 is not judged." in page.text


def test_a_note_of_the_stream_is_kept_from_a_form(sheet, browser):
    path = at(sheet.attempt, "/notes")
    browser.post(path, {"source": "seen", "text": "First."}, status=303)
    [note] = queries.current_notes(sheet)
    page = browser.get(at(sheet.attempt, f"?at=notes&note={note.id}"))
    assert page.html.select_one("#stream-text").get_text(strip=True) == "First."
    assert "1 to assign" in page.text
    assert "1 note is evidence for no KSB yet." in browser.get(at(sheet.attempt, "/sign")).text
    typed = {"source": "seen", "text": "First.", "replaces": str(note.id), "ksbs": ["S10", "B2"]}
    browser.post(path, typed, status=303)
    assert [one.ksbs for one in queries.current_notes(sheet)] == [["S10", "B2"]]
    page = browser.post(path, typed, status=409)
    assert "rewrote this note" in page.text
    page = browser.post(path, {"source": "nowhere", "text": "Keep me."}, status=422)
    assert "Keep me." in page.html.select_one("#stream-text").get_text()


def with_portfolio(attempt, assessor, at):
    version = PortfolioVersion(
        assessment=attempt.assessment,
        number=1,
        status=PortfolioStatus.ACCEPTED,
        created_at=at,
        submitted_at=at,
        decided_at=at,
        decided_by_id=assessor.id,
    )
    piece = EvidencePiece(
        number=7,
        title="Ladder with SU-1",
        kind=PieceKind.WORK_PRODUCT,
        service_user=1,
        activities=["review"],
        ksbs=["K1"],
        text="x",
        is_own_work=True,
        added_at=at,
    )
    version.every_piece.append(piece)
    db.session.add_all([version, PortfolioShare(version=version, person=assessor, shared_at=at)])
    db.session.commit()


def test_a_piece_of_the_portfolio_is_a_reference_and_never_evidence_alone(make, sign_in_as):
    sheet = make.sheet(make.booked("presentation"))
    helen = sheet.attempt.allocated(Duty.ASSESSOR)
    with_portfolio(sheet.attempt, helen, make.at)
    browser = sign_in_as(helen)
    assert "7 Ladder with SU-1" in browser.get(at(sheet.attempt, "?ksb=K1")).text
    path = at(sheet.attempt, "/ksbs/K1")
    page = browser.post(path, {"source": "presented", "piece": "7", "text": ""}, status=422)
    assert "A piece of the portfolio is no evidence by itself." in page.text
    browser.post(path, {"source": "presented", "piece": "7", "text": "Shows it."}, status=303)
    assert queries.entry_of(sheet, "K1").notes[0].piece == 7
    sent = {"source": "presented", "piece": 8, "text": "x", "token": "a1b2c3d4"}
    answer = browser.client.post(f"{path}/note", json=sent, headers=JSON)
    assert answer.status_code == 422


def test_a_recording_is_attached_and_fetched_after_the_notice(make, sign_in_as):
    attempt = make.sheet(make.booked("presentation")).attempt
    browser = sign_in_as(attempt.allocated(Duty.ASSESSOR))
    assert "No recording is attached." in browser.get(at(attempt, "/recordings")).text
    path = at(attempt, "/recordings/attach")
    page = browser.post(path, {"file": (io.BytesIO(b"words"), "voices.mp3")}, status=422)
    assert page.errors
    sound = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 200
    browser.post(path, {"file": (io.BytesIO(sound), "voices.mp3")}, status=303)
    page = browser.get(at(attempt, "/recordings"))
    assert "Who fetches it and when is written to the log." in page.text
    fetch = at(attempt, "/recordings/fetch")
    answer = browser.client.post(fetch, data={"number": "1"})
    assert (answer.status_code, answer.data) == (200, sound)
    assert "attachment" in answer.headers["Content-Disposition"]
    browser.post(fetch, {"number": "2"}, status=404)
    epao = attempt.assessment.epao
    assert sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)).get(
        at(attempt, "/recordings")
    )
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        other = sign_in_as(make.person(role, organisation=epao))
        other.get(at(attempt, "/recordings"), status=403)


def test_a_correction_goes_through_its_pages(make, sign_in_as):
    sheet = make.signed_sheet(distinctions=6)
    attempt = sheet.attempt
    helen = sign_in_as(attempt.allocated(Duty.ASSESSOR))
    owen = sign_in_as(
        make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=attempt.assessment.epao)
    )
    correct, decide = at(attempt, "/correction"), at(attempt, "/correction/decision")
    assert helen.get(at(attempt)).link("Correct this sheet") == correct
    assert owen.get(decide, status=303).location.endswith("/observation")
    helen.post(correct, {"reason": ""}, status=422)
    helen.post(correct, {"reason": "Wrong line."}, status=303)
    page = helen.get(at(attempt))
    assert "Version 2 of a signed sheet: Wrong line." in page.text
    helen.post(at(attempt, "/ksbs/B8"), {"grade": "distinction", "seen": "1"}, status=303)
    page = helen.get(at(attempt, "/sign"))
    assert "once a second person has approved it" in page.text
    seen = page.html.select_one("main input[name=seen]")["value"]
    helen.post(at(attempt, "/sign"), {"seen": seen}, status=303)
    assert attempt.grade is Grade.PASS
    assert owen.get(at(attempt)).link("Decide on the correction") == decide
    page = owen.get(decide)
    assert "Pass" in page.text
    assert "B8" in page.text
    owen.post(decide, {"is_approved": "False"}, status=422)
    owen.post(decide, {"is_approved": "True"}, status=303)
    assert attempt.grade is Grade.DISTINCTION
    page = owen.get(at(attempt))
    assert "7 are at Distinction" in page.text
    before = owen.get(at(attempt, "?version=1"))
    assert "This version was corrected." in before.text
    owen.get(at(attempt, "?version=9"), status=404)


@pytest.mark.parametrize("method", ["observation", "presentation"])
def test_a_blank_sheet_prints(make, sign_in_as, method):
    attempt = make.booked(method)
    browser = sign_in_as(attempt.allocated(Duty.ASSESSOR))
    path = browser.get(at(attempt)).link("Print a blank sheet")
    answer = browser.client.get(path)
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
