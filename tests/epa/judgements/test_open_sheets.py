"""What is found together with who asks is what the ordinary way would give, and nothing more."""

from datetime import timedelta

import pytest

from epa.database import db
from epa.errors import NotAllowed
from epa.judgements import queries, services
from epa.judgements.correcting import decide, open_correction
from epa.judgements.open_sheets import open_sheet_at
from epa.judgements.rules import NoteFields
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.observation.services import sign
from epa.people.rules import Permission, Role
from epa.sign_in.services import open_session

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def helen(sheet):
    return sheet.attempt.allocated(Duty.ASSESSOR)


@pytest.fixture
def found(at):
    """What somebody finds of an attempt in a browser of their own."""

    def find(person, attempt, method="observation"):
        token = open_session(person, at=at, complete=True)
        db.session.flush()
        return open_sheet_at(method)(token, at, attempt.id)

    return find


def reached(person, attempt, method="observation"):
    return queries.attempt_at(method)(person, Permission.JUDGE, attempt.id)


def test_it_gives_an_assessor_their_open_sheet_and_who_they_are(sheet, helen, found):
    bearer, seen = found(helen, sheet.attempt)
    assert (bearer.id, seen.id, seen.noted) == (helen.id, sheet.id, 0)
    assert bearer.may(Permission.JUDGE)
    assert seen.plan is queries.plan_of(sheet)


def test_it_gives_nobody_else_a_sheet(make, sheet, helen, found):
    epao = sheet.attempt.assessment.epao
    others = [make.assessor(epao), make.person(Role.ADMINISTRATOR, organisation=epao)]
    for person in (*others, sheet.attempt.assessment.apprenticeship.person):
        assert found(person, sheet.attempt) is None
    assert found(helen, sheet.attempt, "presentation") is None
    assert reached(helen, sheet.attempt, "presentation") is None


def test_a_role_counts_where_it_is_held_and_while_it_is_held(make, sheet, helen, found, at):
    [role] = helen.current_roles
    role.organisation = make.person(Role.ADMINISTRATOR).current_roles[0].organisation
    db.session.flush()
    assert (found(helen, sheet.attempt), reached(helen, sheet.attempt)) == (None, None)
    role.organisation = sheet.attempt.assessment.epao
    db.session.flush()
    assert found(helen, sheet.attempt) is not None
    role.ended_at = at
    db.session.flush()
    assert (found(helen, sheet.attempt), reached(helen, sheet.attempt)) == (None, None)


def test_a_session_that_is_over_finds_nothing(sheet, helen, at):
    token = open_session(helen, at=at, complete=True)
    db.session.flush()
    assert open_sheet_at("observation")(token, at + timedelta(days=2), sheet.attempt_id) is None


def test_only_what_is_under_way_is_found(sheet, helen, found):
    assessment = sheet.attempt.assessment
    assessment.stage = Stage.WITHDRAWN
    db.session.flush()
    assert found(helen, sheet.attempt) is None


def test_a_signed_sheet_is_not_found_and_its_correction_is_until_it_is_signed(make, found, at):
    signed = make.signed_sheet()
    attempt, helen = signed.attempt, signed.attempt.allocated(Duty.ASSESSOR)
    assert found(helen, attempt) is None
    correction = open_correction(attempt, "A grade was mistyped.", actor=helen, at=at)
    assert found(helen, attempt)[1].id == correction.id
    sign(correction, actor=helen, at=at)
    assert found(helen, attempt) is None
    second = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=attempt.assessment.epao)
    decide(correction, is_approved=False, reason="It was right.", actor=second, at=at)
    assert found(helen, attempt) is None


def test_it_is_written_on_by_its_assessor_alone(make, sheet, helen, found, at):
    _bearer, seen = found(helen, sheet.attempt)
    other = make.assessor(sheet.attempt.assessment.epao)
    with pytest.raises(NotAllowed):
        services.judge(seen, "S10", Grade.PASS, actor=other, at=at)


def test_notes_that_cross_get_numbers_of_their_own_and_one_sent_twice_is_kept_once(
    sheet, helen, found, at
):
    """Each was found before the other was kept, as where PostgreSQL lets the second one wait."""
    _bearer, seen = found(helen, sheet.attempt)
    first = NoteFields("seen", "Calm.", token="a1b2c3d4e5")
    second = NoteFields("seen", "Kind.", token="b1b2c3d4e5")
    kept = [services.note(seen, "S10", one, actor=helen, at=at) for one in (first, second, first)]
    assert [one.sequence for one in kept] == [1, 2, 1]
    assert kept[2] == kept[0]
    changed = NoteFields("seen", "Calmer.", replaces=kept[0].id, token="c1b2c3d4e5")
    twice = [services.note(seen, "S10", changed, actor=helen, at=at) for _ in range(2)]
    assert twice[0] == twice[1]
    assert [one.text for one in queries.entry_of(sheet, "S10").notes] == ["Calmer.", "Kind."]


def test_a_judgement_repeated_says_what_stood_before_it(sheet, helen, found, at):
    _bearer, seen = found(helen, sheet.attempt)
    for grade in (Grade.FAIL, Grade.PASS, Grade.PASS):
        judged = services.judge(seen, "S10", grade, actor=helen, at=at)
    assert (judged.sequence, judged.before) == (2, Grade.FAIL)
    assert judged == queries.entry_of(sheet, "S10").judged
