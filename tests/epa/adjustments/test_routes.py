import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.adjustments.models import AdjustmentRequest
from epa.audit.models import AuditEntry
from epa.lifecycle.rules import Duty, Stage
from epa.people.rules import Role
from epa.resits import ending

PDF = b"%PDF-1.7\n%%EOF\n"
ASKED = {
    "methods": ["observation", "knowledge_test"],
    "help_wanted": "More time to read.",
    "need": "Canary of a need.",
}
RULING = {
    "methods": ["observation"],
    "is_granted": "True",
    "extra_percent": "25",
    "reader": "Reads the questions aloud",
    "reason": "Canary of a reason.",
}


@pytest.fixture
def case(make):
    return make.assessment_in_epa()


@pytest.fixture
def apprentice(sign_in_as, case):
    return sign_in_as(case.apprenticeship.person)


@pytest.fixture
def member(make, case):
    return make.panel_member(case)


@pytest.fixture
def panel(sign_in_as, member):
    return sign_in_as(member)


def test_an_apprentice_asks_the_panel_decides_and_the_apprentice_reads_it(
    apprentice, panel, case, session
):
    record = apprentice.get(f"/apprentices/{case.id}")
    assert "None is in force." in record.text
    page = apprentice.get(record.link("See your adjustments, or ask for one"))
    assert "Nobody has asked for one." in page.text
    form = page.link("Ask for an adjustment")
    apprentice.get(form)
    apprentice.post(form, ASKED | {"file": (io.BytesIO(PDF), "Report.pdf")}, 303)
    asked = session.scalars(select(AdjustmentRequest)).one()
    page = apprentice.get(f"/apprentices/{case.id}/adjustments")
    assert "Your request is sent to the panel." in page.text
    assert "Observation, knowledge test" in page.text
    assert "Canary of a need." in page.text
    assert "1 file as evidence" in page.text

    queue = panel.get("/adjustments")
    page = panel.get(queue.link(f": {case.apprenticeship.person.name}"))
    assert "Canary of a need." in page.text
    file = panel.get(page.link("Save Report.pdf"))
    assert file.response.get_data() == PDF
    here = f"/adjustments/{asked.id}"
    panel.post(here, RULING | {"seen": str(asked.lock_version)}, 303)
    page = panel.get(here)
    assert "A reader: Reads the questions aloud." in page.text
    assert "To decide" in page.text
    refusal = {"methods": ["knowledge_test"], "is_granted": "False", "reason": "No need there."}
    panel.post(here, refusal | {"seen": str(asked.lock_version)}, 303)
    assert "Nothing waits for a decision." in panel.get("/adjustments").text
    assert case.apprenticeship.person.name in panel.get("/adjustments?show=decided").text

    page = apprentice.get(f"/apprentices/{case.id}/adjustments")
    assert "+52 min (25% extra time)." in page.text
    assert "Reason: Canary of a reason." in page.text
    assert "Not granted" in page.text
    assert "In force for: observation." in apprentice.get(f"/apprentices/{case.id}").text
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"adjustment request read", "adjustment evidence read", "adjustments read"} <= actions


def test_an_employer_sees_what_is_granted_and_neither_why_nor_what_somebody_else_wrote(
    make, sign_in_as, case
):
    make.granted(case)
    for role, at in (
        (Role.EMPLOYER, case.apprenticeship.employer),
        (Role.TRAINING_PROVIDER, case.apprenticeship.provider),
        (Role.ADMINISTRATOR, case.epao),
        (Role.AUDITOR, case.epao),
    ):
        page = sign_in_as(make.person(role, organisation=at)).get(
            f"/apprentices/{case.id}/adjustments"
        )
        assert "+52 min (25% extra time)." in page.text
        assert "Canary" not in page.text
        assert ("Ask for an adjustment" in page.text) == (role not in {*_OF_THE_EPAO})


_OF_THE_EPAO = (Role.ADMINISTRATOR, Role.AUDITOR)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"methods": []}, "methods"),
        ({"help_wanted": ""}, "help_wanted"),
        ({"need": " "}, "need"),
        ({"need": "a\0b"}, "need"),
        ({"file": (io.BytesIO(b"MZ"), "run.exe")}, "file"),
        ({"file": (io.BytesIO(b"no picture"), "scan.png")}, "file"),
    ],
)
def test_a_request_with_a_fault_keeps_what_was_typed(apprentice, case, change, field):
    page = apprentice.post(f"/apprentices/{case.id}/adjustments/new", ASKED | change, 422)
    assert any(name.startswith(field) for name in page.errors)
    if field != "help_wanted":
        assert "More time to read." in page.html.select_one("#help_wanted").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"is_granted": ""}, "is_granted"),
        ({"methods": []}, "methods"),
        ({"extra_percent": "101"}, "extra_percent"),
        ({"extra_percent": "", "reader": ""}, "extra_percent"),
        ({"is_granted": "False"}, "is_granted"),
        ({"break_minutes": "many"}, "break_minutes"),
    ],
)
def test_half_a_decision_keeps_what_was_typed(make, panel, case, change, field):
    asked = make.adjustment_request(case)
    page = panel.post(
        f"/adjustments/{asked.id}", RULING | {"seen": str(asked.lock_version)} | change, 422
    )
    assert any(name.startswith(field) for name in page.errors)
    if field != "reason":
        assert "Canary of a reason." in page.html.select_one("#reason").text


def test_a_decision_on_an_old_page_says_who_was_first(make, panel, case):
    asked = make.adjustment_request(case)
    seen = str(asked.lock_version)
    make.granted(case, request=asked)
    page = panel.post(f"/adjustments/{asked.id}", RULING | {"seen": seen}, 409)
    assert "Somebody was here before you" in page.text
    assert "Canary of a reason." in page.html.select_one("#reason").text


def test_a_request_is_withdrawn_in_place(make, apprentice, panel, case):
    asked = make.adjustment_request(case)
    apprentice.post(f"/adjustments/{asked.id}/withdrawal", {}, 303)
    page = apprentice.get(f"/apprentices/{case.id}/adjustments")
    assert "Withdrawn" in page.text
    page = apprentice.post(f"/adjustments/{asked.id}/withdrawal", {}, 422)
    assert "This request was withdrawn." in page.text
    assert "There is nothing to decide any more." in panel.get(f"/adjustments/{asked.id}").text


def test_more_evidence_comes_later(make, apprentice, case, session):
    asked = make.adjustment_request(case)
    page = apprentice.get(f"/apprentices/{case.id}/adjustments")
    here = page.link("Add evidence")
    apprentice.get(here)
    assert "file" in apprentice.post(here, {}, 422).errors
    apprentice.post(here, {"file": (io.BytesIO(PDF), "Letter.pdf")}, 303)
    session.refresh(asked)
    assert [one.file.name for one in asked.evidence] == ["Letter.pdf"]


def test_nothing_is_asked_for_after_the_end(make, apprentice, case):
    make.close_stage(case, Stage.WITHDRAWN)
    assert "Ask for an adjustment" not in apprentice.get(f"/apprentices/{case.id}/adjustments").text
    apprentice.get(f"/apprentices/{case.id}/adjustments/new", 409)


class TestTheDay:
    def test_the_assessors_page_says_what_and_never_why(self, make, sign_in_as, case):
        make.granted(case)
        attempt = make.booked(assessment=case)
        helen = sign_in_as(attempt.allocated(Duty.ASSESSOR))
        page = helen.get(f"/attempts/{attempt.id}/observation")
        assert "Adjustment in force: +52 min (25% extra time)." in page.text
        assert "Canary" not in page.text
        assert "4 h 44 min" in helen.get(f"/attempts/{attempt.id}/date").text

    def test_a_marker_is_told_nothing(self, make, sign_in_as, case):
        make.granted(case)
        attempt = make.scheduled(make.attempt(case, "knowledge_test"))
        marker = sign_in_as(attempt.allocated(Duty.FIRST_MARKER))
        page = marker.get(f"/attempts/{attempt.id}/date")
        assert "It takes up to" not in page.text
        assert "min" not in page.text.split("Place")[-1].replace("administrator", "")

    def test_the_invigilator_sees_it_beside_each_candidate_and_records_the_longer_time(
        self, make, sign_in_as, case, at
    ):
        make.granted(case)
        admin = make.person(Role.ADMINISTRATOR, organisation=case.epao)
        ines = make.person(Role.INVIGILATOR, organisation=case.epao)
        event = make.event(case.epao, on_shift=[ines], actor=admin)
        attempt = make.attempt(case, "knowledge_test")
        make.in_session(event, [attempt], admin)
        browser = sign_in_as(ines)
        page = browser.get(f"/test-sessions/{event.id}")
        assert "+30 min (25% extra time)." in page.text
        page = browser.get(f"/attempts/{attempt.id}/test/sitting")
        assert page.html.select_one("#minutes")["value"] == "150"
        assert "Adjustment in force: +30 min (25% extra time)." in page.text
        day = at + timedelta(days=0)
        sent = {
            "held_on-day": str(day.day),
            "held_on-month": str(day.month),
            "held_on-year": str(day.year),
            "minutes": "150",
            "identity_checked": "yes",
            "venue_checked": "yes",
        }
        browser.post(f"/attempts/{attempt.id}/test/sitting", sent, 302)


def test_in_a_second_assessment_they_are_asked_whether_they_need_it_again(
    make, sign_in_as, session, at
):
    first = make.assessment_in_epa()
    make.granted(first, ("observation",), extra_percent=25)
    make.close_stage(first, Stage.CLOSED)
    again = ending.start_again(first, actor=make.office(first), at=at)
    session.commit()
    own, here = sign_in_as(again.apprenticeship.person), f"/apprentices/{again.id}/adjustments"
    page = own.get(here)
    assert "Observation: +52 min (25% extra time)." in page.text
    own.post(f"{here}/as-before", {"needed": "yes"}, 303)
    assert "Are these needed again?" not in own.get(here).text
    assert "nothing from before" in own.post(f"{here}/as-before", {"needed": "no"}, 422).text
    panel = sign_in_as(make.panel_member(again))
    page = panel.get(panel.get("/adjustments").link(f": {again.apprenticeship.person.name}"))
    assert page.html.find(id="extra_percent")["value"] == "25"
    page = panel.get(page.link("What was asked for and granted in the one before"))
    assert "Reason: Canary of a reason." in page.text
