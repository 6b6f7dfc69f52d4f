from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.database import db
from epa.invigilation import board
from epa.invigilation.rules import Delivery, IdentityDocument
from epa.people.rules import Role
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.papers.models import Paper
from question_bank.papers.rules import PaperPurpose
from question_bank.papers.services import keep_blueprint
from question_bank.sittings import queries, writing
from question_bank.sittings.rules import SittingState
from tests.factories.items import choice
from tests.factories.sittings import DEVICE

WHY = "Fire alarm"


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def event(make, epao, admin, at):
    """A session on screens with two candidates, one invigilator, and a bank to draw from."""
    ines = make.person(Role.INVIGILATOR, organisation=epao)
    event = make.event(epao, on_shift=(ines,), actor=admin)
    event.delivery = Delivery.ONLINE
    attempts = [make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test") for _ in range(2)]
    make.in_session(event, attempts, admin)
    event.starts_at = at
    db.session.commit()
    return event


@pytest.fixture
def bank(make, epao, admin, at):
    bank = make.bank(epao)
    author = make.person(Role.ITEM_AUTHOR, organisation=epao)
    reviewer = make.person(Role.ITEM_REVIEWER, organisation=epao)
    for number in range(2):
        content = choice(f"Which secret is number {number}?")
        make.approved_item(bank, author, reviewer, content)
    cells = (DrawCell("K9", "multiple_choice", 2),)
    keep_blueprint(bank, DrawBlueprint("st0663", cells), actor=admin, at=at)
    db.session.commit()
    return bank


def test_a_session_on_screens_from_the_issue_to_the_end_of_a_pause(
    event, bank, admin, sign_in_as, at, frozen
):
    (one, two), ines = event.candidates, event.shifts[0].person
    here, browser = f"/test-sessions/{event.id}", sign_in_as(admin)
    page = browser.get(f"{here}/board")
    assert "2 no paper yet" in page.text
    browser.post(f"{here}/papers", status=303)
    browser.post(f"{here}/papers", status=303)
    papers = db.session.scalars(select(Paper)).all()
    assert {paper.purpose for paper in papers} == {PaperPurpose.LIVE}
    assert {paper.candidate_id for paper in papers} == {one.person.id, two.person.id}

    browser = sign_in_as(ines)
    browser.post(f"{here}/papers", status=403)
    chosen = {"candidates": [str(one.id), str(two.id)]}
    page = browser.post(f"{here}/board/unlock", chosen, status=422)
    assert f"{one.person.name}: Check the identity first." in page.text
    for it in (one, two):
        it.identity_document, it.identity_checked_by = IdentityDocument.PASSPORT, ines
        it.identity_checked_at = at
    db.session.commit()
    page = browser.post(f"{here}/board/unlock", chosen, status=422)
    assert "Say first that the room is suitable" in page.text
    seen = str(event.lock_version)
    browser.post(f"{here}/room", {"is_suitable": "yes", "seen": seen}, status=303)
    browser.post(f"{here}/board/unlock", chosen, status=303)

    found = queries.of_attempts([it.attempt_id for it in event.candidates])
    sitting = found[one.attempt_id]
    writing.deliver(sitting, DEVICE, actor=one.person, at=at)
    writing.hear(sitting, DEVICE, unsaved=0, hand_is_up=True, at=at)
    db.session.commit()
    page = browser.get(f"{here}/board")
    assert "secret" not in page.text
    identity = f"Passport : check the identity of {one.person.name}"
    now = f"{one.person.name} In progress Hand up, 10:30 {identity} 0 of 2 0 0 s"
    assert now in page.text
    answers_a_hand(browser, here, one, sitting)

    page = browser.get(f"{here}/board/pause?candidate={one.id}")
    assert [it["value"] for it in page.html.select("input[checked]")] == [str(one.id)]
    assert browser.post(
        f"{here}/board/pause", {"candidates": [str(one.id)]}, status=422
    ).errors == {"reason": "Enter why"}
    page = browser.post(f"{here}/board/pause", chosen | {"reason": WHY}, status=422)
    assert f"{two.person.name}: This cannot be done while" in page.text
    browser.post(f"{here}/board/pause", {"candidates": [str(one.id)], "reason": WHY}, status=303)
    added = {"candidates": [str(one.id)], "reason": WHY, "minutes": "10"}
    browser.post(f"{here}/board/extend", added, status=303)
    frozen.shift(timedelta(minutes=2))
    rows = browser.get(f"{here}/board/rows").response.get_json()["rows"]
    assert [(it["state"], it["look"]) for it in rows] == [("Offline", "offline"), ("May start", "")]
    assert (rows[0]["extra"], rows[0]["heard"]) == ("+10 min", "2 min 0 s")
    browser.post(f"{here}/board/resume", {"candidates": [str(one.id)]}, status=303)
    assert sitting.state is SittingState.IN_PROGRESS
    browser.post(f"{here}/board/void", {"candidates": [str(two.id)], "reason": "Left"}, status=303)
    assert found[two.attempt_id].state is SittingState.VOIDED
    browser.get(f"{here}/board/everything", status=404)


def answers_a_hand(browser, here, one, sitting):
    """It stays down until the candidate's page has heard so, and may then go up again."""
    chosen = {"candidates": [str(one.id)]}
    browser.post(f"{here}/board/hand", chosen, status=303)
    page = browser.post(f"{here}/board/hand", chosen, status=422)
    assert "No hand is up." in page.text
    signs, at = {"unsaved": 0}, sitting.heard_at
    writing.hear(sitting, DEVICE, hand_is_up=True, at=at, **signs)
    assert sitting.hand_raised_at is None
    writing.hear(sitting, DEVICE, hand_is_up=False, at=at, **signs)
    writing.hear(sitting, DEVICE, hand_is_up=True, at=at, **signs)
    assert sitting.hand_raised_at == at
    db.session.commit()


def test_a_session_on_paper_gets_no_papers_for_screens(event, bank, admin, sign_in_as):
    event.delivery = Delivery.PAPER
    db.session.commit()
    page = sign_in_as(admin).post(f"/test-sessions/{event.id}/papers", status=422)
    assert "taken on paper" in page.text


def test_without_a_bank_there_is_nothing_to_draw_from(event, admin, sign_in_as, at):
    page = sign_in_as(admin).post(f"/test-sessions/{event.id}/papers", status=422)
    assert "no question bank" in page.text
    assert [row.state for row in board.rows(event, at)] == ["No paper yet", "No paper yet"]
