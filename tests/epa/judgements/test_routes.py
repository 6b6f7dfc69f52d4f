import pytest
from sqlalchemy import func, select

from bench.asking import statements_of
from epa.audit.models import AuditEntry
from epa.database import db
from epa.judgements import queries, services
from epa.judgements.models import EvidenceNote, Judgement
from epa.judgements.rules import NoteFields
from epa.lifecycle.rules import Duty, Grade
from epa.people.rules import Role

JSON = {"Accept": "application/json"}


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def helen(sheet):
    return sheet.attempt.allocated(Duty.ASSESSOR)


@pytest.fixture
def browser(sign_in_as, helen):
    return sign_in_as(helen)


def at(attempt, tail=""):
    return f"/attempts/{attempt.id}/{attempt.method_code}{tail}"


def reads():
    asked = select(func.count()).select_from(AuditEntry)
    return db.session.scalar(asked.where(AuditEntry.action == "mark sheet read"))


def note_of(sheet, ksb):
    return queries.entry_of(sheet, ksb).notes[0]


def test_an_attempt_without_a_date_has_no_sheet_to_open(make, sign_in_as, session):
    attempt = make.booked()
    browser = sign_in_as(attempt.allocated(Duty.ASSESSOR))
    attempt.scheduled_at = None
    session.commit()
    page = browser.get(at(attempt))
    assert "This has no date yet" in page.text
    assert "Open the mark sheet" not in page.text
    browser.post(at(attempt, "/open"), status=303)
    assert "once there is a date" in browser.get(at(attempt)).text
    assert queries.sheet_of(attempt) is None


def test_the_assessor_opens_the_sheet_after_reading_what_the_plan_asks(make, sign_in_as):
    attempt = make.booked("presentation")
    browser = sign_in_as(attempt.allocated(Duty.ASSESSOR))
    page = browser.get(at(attempt))
    assert "Prepare no questions beforehand" in page.text
    assert page.link("Portfolio") == f"/apprentices/{attempt.assessment_id}/portfolio"
    browser.post(at(attempt, "/open"), status=303)
    assert "0 of 37 judged, so no grade yet" in browser.get(at(attempt)).text


def test_the_page_holds_every_descriptor_in_its_label(sheet, browser):
    page = browser.get(at(sheet.attempt))
    assert len(page.html.select(".ksb")) == 14
    distinction = page.html.select_one("#ksb-S10 label.distinction")
    assert "without escalation" in distinction.get_text()
    assert not page.html.select(".ksb input[name=grade][checked]")


def test_a_page_view_is_one_read_in_the_log_and_a_save_is_none(sheet, browser):
    browser.get(at(sheet.attempt))
    browser.get(at(sheet.attempt, "?ksb=S10"))
    path = at(sheet.attempt, "/ksbs/S10/judgement")
    browser.client.post(path, json={"grade": "pass", "seen": 0}, headers=JSON)
    assert reads() == 2


def test_one_ksb_is_kept_from_a_form(sheet, browser):
    path = at(sheet.attempt, "/ksbs/S10")
    typed = {"grade": "pass", "seen": "0", "source": "seen", "service_user": "2", "text": "Calm."}
    answer = browser.post(path, typed, status=303)
    assert answer.location.endswith("?ksb=S10#ksb-S10")
    entry = queries.entry_of(sheet, "S10")
    assert (entry.grade, entry.notes[0].text) == (Grade.PASS, "Calm.")
    page = browser.get(answer.location)
    assert "SU-2" in page.text
    assert "Undo: back to Not judged" in page.text
    browser.post(path, {"undo": "none", "seen": "1", "source": "seen"}, status=303)
    assert queries.entry_of(sheet, "S10").grade is None


def test_a_note_is_changed_from_a_form(sheet, browser, helen):
    first = services.note(
        sheet, "S10", NoteFields("seen", "Calm."), actor=helen, at=sheet.opened_at
    )
    db.session.commit()
    page = browser.get(at(sheet.attempt, "?ksb=S10"))
    page = browser.get(page.html.select_one("#ksb-S10 .notes a")["href"])
    box = page.html.select_one("#ksb-S10")
    assert box.select_one("textarea").get_text(strip=True) == "Calm."
    typed = {"replaces": str(first.id), "source": "asked", "text": "Calm, and says why."}
    browser.post(at(sheet.attempt, "/ksbs/S10"), typed, status=303)
    assert note_of(sheet, "S10").text == "Calm, and says why."


def test_a_refused_form_keeps_what_was_typed_and_stores_nothing(sheet, browser):
    typed = {"grade": "pass", "seen": "0", "source": "nowhere", "text": "Keep me."}
    page = browser.post(at(sheet.attempt, "/ksbs/S10"), typed, status=422)
    assert "Keep me." in page.html.select_one("#ksb-S10 textarea").get_text()
    assert page.html.select_one("#S10-grade-2").has_attr("checked")
    assert "Not saved yet" in page.text
    assert queries.ratings_on(sheet) == {}


def test_a_form_that_is_behind_is_told_and_may_insist(sheet, browser, helen):
    services.judge(sheet, "S10", Grade.PASS, actor=helen, at=sheet.opened_at)
    db.session.commit()
    path = at(sheet.attempt, "/ksbs/S10")
    typed = {"grade": "fail", "seen": "0", "source": "seen", "text": "Mine."}
    page = browser.post(path, typed, status=409)
    assert "You, in another window, set S10 to Pass at 10:30:00." in page.text
    assert "Mine." in page.html.select_one("#ksb-S10 textarea").get_text()
    assert queries.entry_of(sheet, "S10").notes == []
    seen = page.html.select_one("#ksb-S10 input[name=seen]")["value"]
    browser.post(path, typed | {"seen": seen}, status=303)
    assert queries.entry_of(sheet, "S10").grade is Grade.FAIL


def test_a_save_by_script_answers_with_the_servers_time(sheet, browser):
    path = at(sheet.attempt, "/ksbs/S10/judgement")
    answer = browser.client.post(path, json={"grade": "distinction", "seen": 0}, headers=JSON)
    assert answer.json["saved_at"] == "10:30:00"
    assert answer.json["sequence"] == 1
    assert "Undo: back to Not judged" in answer.json["parts"]["chosen"]


def test_a_script_that_is_behind_gets_what_stands_there(sheet, browser, helen):
    services.judge(sheet, "S10", Grade.PASS, actor=helen, at=sheet.opened_at)
    db.session.commit()
    path = at(sheet.attempt, "/ksbs/S10/judgement")
    answer = browser.client.post(path, json={"grade": "fail", "seen": 0}, headers=JSON)
    assert answer.status_code == 409
    assert answer.json["current"] == {"sequence": 1, "grade": "pass", "title": "Pass"}


def test_a_note_by_script_is_kept_once_however_often_it_is_sent(sheet, browser):
    path = at(sheet.attempt, "/ksbs/S10/note")
    sent = {"source": "seen", "service_user": 1, "text": "Calm & kind", "token": "a1b2c3d4e5"}
    answers = [browser.client.post(path, json=sent, headers=JSON).json for _ in range(2)]
    assert answers[0]["note"] == answers[1]["note"]
    assert "Calm &amp; kind" in answers[0]["parts"]["notes"]["S10"]
    assert db.session.scalar(select(func.count()).select_from(EvidenceNote)) == 1


def test_a_note_by_script_answers_with_its_own_row_in_each_list(sheet, browser):
    about = {"source": "seen", "text": "Calm.", "token": "a1b2c3d4e5"}
    answers = []
    for tail, sent in (
        ("/ksbs/S10/note", about),
        ("/ksbs/S10/note", about | {"text": "Kind.", "token": "b1b2c3d4e5"}),
        ("/notes", about | {"text": "Moved.", "token": "c1b2c3d4e5", "ksbs": ["K6"]}),
    ):
        replaces = {"replaces": answers[1]["note"]} if tail == "/notes" else {}
        address = at(sheet.attempt, tail)
        answers.append(browser.post(address, status=200, json=sent | replaces).response.json)
    lists = [one["parts"]["notes"] for one in answers]
    assert [list(one) for one in lists] == [["S10"], ["S10"], ["K6", "S10"]]
    assert ("Calm." in lists[1]["S10"], "Kind." in lists[1]["S10"]) == (False, True)
    assert ("Moved." in lists[2]["K6"], lists[2]["S10"]) == (True, "")
    assert answers[2]["parts"]["replaced"] == answers[1]["note"]
    change = f"{at(sheet.attempt)}?ksb=S10&amp;note={answers[0]['note']}#ksb-S10"
    assert change in lists[0]["S10"]


def test_a_save_by_script_asks_no_more_than_it_must(sheet, browser):
    """Who asks and the sheet are one question, what stands on the KSB another; then it is kept."""
    note = {"source": "seen", "text": "Calm.", "token": "a1b2c3d4e5"}
    for tail, sent, most in (
        ("/ksbs/S10/judgement", {"grade": "pass", "seen": 0}, 3),
        ("/ksbs/S10/note", note, 2),
    ):
        address = at(sheet.attempt, tail)
        with statements_of(db.engine) as statements:
            browser.post(address, status=200, json=sent)
        asked = [one for one, _values in statements if one.startswith(("SELECT", "INSERT"))]
        assert len(asked) <= most, asked


def test_a_note_rewritten_elsewhere_is_not_overwritten(sheet, browser):
    path = at(sheet.attempt, "/ksbs/S10/note")
    sent = {"source": "seen", "text": "One", "token": "a1b2c3d4e5"}
    first = browser.client.post(path, json=sent, headers=JSON).json["note"]
    again = {"source": "seen", "text": "Two", "token": "b1b2c3d4e5", "replaces": first}
    browser.client.post(path, json=again, headers=JSON)
    mine = {"source": "seen", "text": "Three", "token": "c1b2c3d4e5", "replaces": first}
    answer = browser.client.post(path, json=mine, headers=JSON)
    assert answer.status_code == 409
    assert answer.json["current"]["text"] == "Two"


@pytest.mark.parametrize(
    ("tail", "sent", "status"),
    [
        ("/ksbs/S10/judgement", None, 400),
        ("/ksbs/S10/judgement", {"grade": "merit", "seen": 0}, 400),
        ("/ksbs/S10/judgement", {"grade": "pass", "seen": 2**63}, 400),
        ("/ksbs/K1/judgement", {"grade": "pass", "seen": 0}, 422),
        ("/ksbs/S10/note", {"source": "seen", "text": "\x00", "token": "a1b2c3d4e5"}, 400),
        ("/ksbs/S10/note", {"source": "seen", "text": "\ud800", "token": "a1b2c3d4e5"}, 400),
        ("/ksbs/S10/note", {"source": "seen", "text": "x" * 4001, "token": "a1b2c3d4e5"}, 400),
        ("/ksbs/S10/note", {"source": "seen", "text": " ", "token": "a1b2c3d4e5"}, 422),
    ],
)
def test_what_cannot_be_saved_says_so(sheet, browser, tail, sent, status):
    answer = browser.client.post(at(sheet.attempt, tail), json=sent, headers=JSON)
    assert answer.status_code == status
    assert answer.json["error"]
    assert db.session.scalar(select(func.count()).select_from(Judgement)) == 0


def test_the_list_is_narrowed_without_scripts(sheet, browser):
    page = browser.get(at(sheet.attempt, "?find=behav"))
    assert [one.get_text() for one in page.html.select(".codes .code")] == ["S10"]
    assert "has this code or title" in browser.get(at(sheet.attempt, "?find=zebra")).text


def test_signing_lists_everything_that_is_missing_with_links(sheet, browser):
    page = browser.get(at(sheet.attempt, "/sign"))
    assert "24 things are missing" in page.text
    assert page.link("S10 is not judged").endswith("?ksb=S10#ksb-S10")
    assert page.link("0 of 2 service users").endswith("/conduct#service_users")
    assert "cannot be signed yet" in browser.post(at(sheet.attempt, "/sign"), status=422).text


def test_a_whole_sheet_is_looked_over_signed_and_then_only_read(make, sign_in_as):
    sheet = make.whole_sheet(distinctions=7)
    browser = sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))
    page = browser.get(at(sheet.attempt, "/sign"))
    assert "There is no way back." in page.text
    assert "the method is" not in page.text
    seen = page.html.select_one("main input[name=seen]")["value"]
    browser.post(at(sheet.attempt, "/sign"), {"seen": seen}, status=303)
    page = browser.get(at(sheet.attempt))
    assert "7 are at Distinction and 7 are needed" in page.text
    assert not page.html.select("main form")
    assert browser.get(at(sheet.attempt, "/sign"), status=303).location.endswith("/observation")
    path = at(sheet.attempt, "/ksbs/S10/judgement")
    answer = browser.client.post(path, json={"grade": "fail", "seen": 1}, headers=JSON)
    assert (answer.status_code, "is signed" in answer.json["error"]) == (422, True)


def test_a_sheet_changed_since_it_was_looked_over_is_not_signed(make, sign_in_as):
    sheet = make.whole_sheet()
    browser = sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))
    page = browser.post(at(sheet.attempt, "/sign"), {"seen": "another"}, status=409)
    assert "Look it over again" in page.text
    assert sheet.attempt.grade is None


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR])
def test_those_who_oversee_read_and_do_not_write(make, sign_in_as, role):
    sheet = make.whole_sheet()
    browser = sign_in_as(make.person(role, organisation=sheet.attempt.assessment.epao))
    page = browser.get(at(sheet.attempt))
    assert "Not signed yet" in page.text
    assert not page.html.select("main form")
    for tail in ("/sign", "/conduct", "/open", "/ksbs/S10", "/ksbs/S10/judgement"):
        browser.post(at(sheet.attempt, tail), status=403)


def test_nobody_else_sees_a_mark_sheet(make, sign_in_as):
    sheet = make.signed_sheet()
    apprenticeship = sheet.attempt.assessment.apprenticeship
    epao = sheet.attempt.assessment.epao
    for person in (
        apprenticeship.person,
        make.person(Role.EMPLOYER, organisation=apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=apprenticeship.provider),
    ):
        sign_in_as(person).get(at(sheet.attempt), status=403)
    for person in (make.assessor(epao), make.person(Role.ADMINISTRATOR)):
        sign_in_as(person).get(at(sheet.attempt), status=404)


def test_an_attempt_answers_only_under_its_own_method(make, sheet, browser):
    browser.get(f"/attempts/{sheet.attempt.id}/presentation", status=404)
    browser.get(at(sheet.attempt, "/ksbs/S10"), status=405)
    browser.post(at(sheet.attempt, "/ksbs/K1"), {"grade": "pass"}, status=404)


def test_a_text_that_looks_like_personal_data_is_remarked_on_and_kept(sheet, browser):
    text = "Mrs Hollis stood up. Her number is QQ 12 34 56 C."
    answer = browser.client.post(at(sheet.attempt, "/remarks"), json={"text": text}, headers=JSON)
    kinds = {one["kind"] for one in answer.json["remarks"]}
    assert "name" in kinds
    assert not any("Hollis" in one["words"] for one in answer.json["remarks"])
    sent = {"source": "seen", "text": text, "token": "a1b2c3d4e5"}
    saved = browser.client.post(at(sheet.attempt, "/ksbs/S10/note"), json=sent, headers=JSON)
    assert (saved.status_code, bool(saved.json["remarks"])) == (200, True)
    harmless = {"text": "SU-2 agreed two steps."}
    answer = browser.client.post(at(sheet.attempt, "/remarks"), json=harmless, headers=JSON)
    assert answer.json["remarks"] == []


def test_without_scripts_the_next_page_says_that_it_looks_like_personal_data(sheet, browser):
    typed = {"source": "seen", "text": "Mrs Hollis stood up."}
    answer = browser.post(at(sheet.attempt, "/ksbs/S10"), typed, status=303)
    page = browser.get(answer.location)
    assert "A name, at the start. Use a reference, such as SU-1." in page.text
    assert note_of(sheet, "S10").text == "Mrs Hollis stood up."
