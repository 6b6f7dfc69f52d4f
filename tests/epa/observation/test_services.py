"""Prompts drawn for the questions after an observation, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.clock import london_date
from epa.conduct.rules import QuestionFields
from epa.conduct.services import write_question
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.judgements import clock_board
from epa.judgements.contents import content_digest
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import AttemptKind, Duty
from epa.observation import queries, services
from epa.people.rules import Role
from question_bank.items import reviewing
from question_bank.prompts.rules import drawn_from
from tests.factories.items import prompt


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def attempt(sheet):
    return sheet.attempt


@pytest.fixture
def helen(attempt):
    return attempt.allocated(Duty.ASSESSOR)


@pytest.fixture
def leah(make, attempt):
    return make.person(Role.ITEM_AUTHOR, organisation=attempt.assessment.epao)


@pytest.fixture
def hamish(make, attempt):
    return make.person(Role.ITEM_REVIEWER, organisation=attempt.assessment.epao)


@pytest.fixture
def bank(make, attempt):
    return make.bank(attempt.assessment.epao)


@pytest.fixture
def prompts(make, bank, leah, hamish):
    """Four prompts that may be drawn."""
    return [
        make.approved_item(bank, leah, hamish, prompt(f"What made you choose way {number}?"))
        for number in range(4)
    ]


@pytest.fixture
def draw(attempt, helen, at):
    def drawn(number=1, seed=1, **more):
        who = {"actor": helen, "at": at, **more}
        return services.draw_prompt(who.pop("attempt", attempt), number, seed=seed, **who)

    return drawn


def actions(action):
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def test_a_draw_can_be_made_again_from_what_is_stored(prompts, draw, attempt, bank):
    drawn = [draw(number, seed=663 + number) for number in (1, 2, 3)]
    for one in drawn:
        name = f"{bank.code}/{one.version.item.reference}/{one.version.number}"
        assert drawn_from(one.pool, int(one.seed)) == name
    assert [len(one.pool) for one in drawn] == [4, 3, 2]
    shown = queries.prompts_of(attempt).standing[2]
    assert shown.text == drawn[1].version.stem
    assert (shown.guide, shown.ksbs) == (("Names the need it met",), ("S10",))


def test_only_prompts_that_are_approved_and_not_overdue_are_drawn(
    make, bank, leah, hamish, prompts, draw
):
    make.item_in_review(bank, leah, prompt("Is this in review?"))
    make.approved_item(bank, leah, hamish)  # a question of the test
    prompts[0].review_due_on = london_date(make.at) - timedelta(days=1)
    reviewing.retire_item(prompts[1], "Old.", actor=hamish, at=make.at)
    elsewhere = make.bank()
    epao = {"organisation": elsewhere.epao}
    others = make.person(Role.ITEM_AUTHOR, **epao), make.person(Role.ITEM_REVIEWER, **epao)
    make.approved_item(elsewhere, *others, prompt("Is this another EPAO’s?"))
    assert {draw(1).version.item, draw(2).version.item} == set(prompts[2:])
    with pytest.raises(RuleBroken, match="no further prompt"):
        draw(3)


def test_prompts_that_are_kept_apart_are_not_asked_on_one_day(make, bank, leah, hamish, draw):
    first = make.approved_item(bank, leah, hamish, prompt("Why this?"))
    content = prompt("Why not that?")
    other = make.item(bank, leah, content, enemies=[first.reference])
    reviewing.submit_item(other, actor=leah, at=make.at)
    reviewing.approve_item(other, actor=hamish, at=make.at)
    draw(1)
    with pytest.raises(RuleBroken, match="no further prompt"):
        draw(2)


def test_a_later_attempt_meets_no_prompt_of_an_earlier_one(make, prompts, draw, attempt, helen, at):
    asked, passed = draw(1).version.item, draw(2).version.item
    services.pass_over(attempt, 2, "It was seen.", actor=helen, at=at)
    again = MethodAttempt(
        assessment=attempt.assessment,
        method_code="observation",
        number=2,
        kind=AttemptKind.RESIT,
        opened_at=at,
    )
    db.session.add(again)
    db.session.commit()
    make.allocate(again, helen)
    met = {draw(number, attempt=again).version.item for number in (1, 2, 3)}
    assert asked not in met
    assert passed in met


def test_a_prompt_is_passed_over_with_a_reason_and_another_is_drawn(
    prompts, draw, attempt, helen, at
):
    first = draw(1)
    assert draw(1, seed=2) is first
    with pytest.raises(RuleBroken, match="Say why"):
        services.pass_over(attempt, 1, " ", actor=helen, at=at)
    with pytest.raises(RuleBroken, match="At most 300"):
        services.pass_over(attempt, 1, "x" * 301, actor=helen, at=at)
    services.pass_over(attempt, 1, "It was seen.", actor=helen, at=at)
    services.pass_over(attempt, 1, "Sent twice.", actor=helen, at=at)
    second = draw(1, token="a1b2c3d4")
    assert second.version.item is not first.version.item
    assert draw(1, token="a1b2c3d4") is second
    found = queries.prompts_of(attempt)
    assert [(one.number, one.reason) for one in found.passed_over] == [(1, "It was seen.")]
    assert found.standing[1].name == queries.name_of(second)


def test_each_question_says_whether_it_came_from_the_bank(prompts, draw, sheet, helen, at):
    attempt = sheet.attempt
    drawn = queries.name_of(draw(1))

    def ask(number, follow_up=0, prompt=None):
        fields = QuestionFields(number, "Why?", "So.", follow_up, ("S10",))
        write_question(attempt, fields, actor=helen, at=at, prompt=prompt)

    ask(2)
    before = content_digest(sheet)
    assert "No question came from the bank" in clock_board.origins_in_words(attempt)
    ask(1, prompt=drawn)
    assert content_digest(sheet) != before
    assert clock_board.origins_in_words(attempt) == ""
    ask(1, 1)
    rows = {one["name"]: one["origin"] for one in clock_board.answers_to_read(attempt)}
    assert rows == {
        "Question 1": f"From the bank: {drawn}",
        "Question 1, follow-up 1": "",
        "Question 2": "Arose from what was seen",
    }
    with pytest.raises(RuleBroken, match="Take it back before"):
        services.pass_over(attempt, 1, "Too late.", actor=helen, at=at)
    with pytest.raises(RuleBroken, match="Question 2 was asked already"):
        draw(2)


def test_no_more_prompts_are_drawn_than_questions_may_be_asked(prompts, draw, make, helen, at):
    assert draw(6).number == 6
    with pytest.raises(RuleBroken, match="At most 6 questions"):
        draw(7)
    presentation = make.sheet(make.booked("presentation")).attempt
    assessor = presentation.allocated(Duty.ASSESSOR)
    with pytest.raises(RuleBroken, match="drawn from a bank"):
        draw(1, attempt=presentation, actor=assessor)
    with pytest.raises(NotAllowed):
        draw(1, attempt=presentation)


def test_what_is_shown_of_a_prompt_is_written_down_as_a_view(prompts, draw, attempt, helen, at):
    item = draw(1).version.item
    services.note_prompts(attempt, actor=helen, at=at)
    db.session.commit()
    seen = [(one.subject_id, one.actor_id, one.details) for one in actions("item viewed")]
    assert seen == [(item.id, helen.id, {"version": 1, "how": "mark sheet"})] * 2
    [drawn] = actions("prompt drawn")
    assert drawn.details == {"number": 1, "item": item.reference, "version": 1, "pool": 4}
