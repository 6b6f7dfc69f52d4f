import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.database import db
from epa.errors import RuleBroken
from epa.grading.services import release_method
from epa.judgements import correcting, queries, services
from epa.judgements.contents import content_digest
from epa.judgements.rules import NoteFields
from epa.lifecycle.rules import Duty, Grade
from epa.observation.services import sign
from epa.people.rules import Role

pytestmark = pytest.mark.both_databases


@pytest.fixture
def signed(make):
    return make.signed_sheet(distinctions=6)


@pytest.fixture
def helen(signed):
    return signed.attempt.allocated(Duty.ASSESSOR)


@pytest.fixture
def owen(make, signed):
    epao = signed.attempt.assessment.epao
    return make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)


def corrected(signed, helen, at):
    """A signed correction that gives the seventh Distinction."""
    sheet = correcting.open_correction(signed.attempt, "Wrong line.", actor=helen, at=at)
    services.judge(sheet, "B8", Grade.DISTINCTION, actor=helen, at=at)
    sign(sheet, actor=helen, at=at)
    return sheet


def decide(sheet, actor, at, *, is_approved=True, reason=""):
    return correcting.decide(sheet, is_approved=is_approved, reason=reason, actor=actor, at=at)


def test_a_correction_counts_only_when_a_second_person_approves_it(signed, helen, owen, at):
    attempt, digest = signed.attempt, signed.digest
    sheet = corrected(signed, helen, at)
    assert (attempt.grade, queries.standing_sheet(attempt)) == (Grade.PASS, signed)
    decide(sheet, owen, at)
    assert (attempt.grade, queries.standing_sheet(attempt)) == (Grade.DISTINCTION, sheet)
    assert attempt.graded_by_id == helen.id
    assert signed.digest == digest == content_digest(signed)
    db.session.commit()
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all()
    assert {"correction opened", "correction approved", "grade corrected"} <= set(actions)


def test_a_refused_correction_leaves_the_sheet_and_another_may_follow(signed, helen, owen, at):
    sheet = corrected(signed, helen, at)
    with pytest.raises(RuleBroken, match="Say why"):
        decide(sheet, owen, at, is_approved=False)
    decide(sheet, owen, at, is_approved=False, reason="The note says otherwise.")
    assert signed.attempt.grade is Grade.PASS
    assert queries.sheet_of(signed.attempt) is signed
    again = correcting.open_correction(signed.attempt, "Once more.", actor=helen, at=at)
    assert (again.version, again.corrects) == (3, signed)
    assert [one.version for one in queries.sheets_of(signed.attempt)] == [3, 2, 1]


def test_nobody_with_a_part_in_the_sheet_decides(signed, helen, owen, at):
    sheet = corrected(signed, helen, at)
    with pytest.raises(RuleBroken, match="had a part"):
        decide(sheet, helen, at)
    decide(sheet, owen, at)
    with pytest.raises(RuleBroken, match="no signed correction"):
        decide(sheet, owen, at)


def test_it_begins_with_everything_that_stands_on_the_signed_version(signed, helen, at):
    sheet = correcting.open_correction(signed.attempt, "Wrong line.", actor=helen, at=at)
    assert queries.ratings_on(sheet) == queries.ratings_on(signed)
    assert sheet.conduct == signed.conduct
    texts = [note.text for note in queries.current_notes(sheet)]
    assert texts == [note.text for note in queries.current_notes(signed)]
    services.note(sheet, "K6", NoteFields("seen", "Added."), actor=helen, at=at)
    assert len(queries.entry_of(signed, "K6").notes) == 1


def test_what_cannot_be_corrected_says_why(make, signed, helen, owen, at):
    open_sheet = make.sheet()
    with pytest.raises(RuleBroken, match="not signed"):
        correcting.open_correction(
            open_sheet.attempt,
            "x",
            actor=open_sheet.attempt.allocated(Duty.ASSESSOR),
            at=at,
        )
    with pytest.raises(RuleBroken, match="Say what was wrong"):
        correcting.open_correction(signed.attempt, " ", actor=helen, at=at)
    sheet = correcting.open_correction(signed.attempt, "Wrong line.", actor=helen, at=at)
    with pytest.raises(RuleBroken, match="under way already"):
        correcting.open_correction(signed.attempt, "Again.", actor=helen, at=at)
    with pytest.raises(RuleBroken, match="no signed correction"):
        decide(sheet, owen, at)
    with pytest.raises(RuleBroken, match="decided on before the release"):
        release_method(signed.attempt, actor=owen, at=at)


def test_a_released_grade_is_not_corrected_here(signed, helen, owen, at):
    release_method(signed.attempt, actor=owen, at=at)
    with pytest.raises(RuleBroken, match="appeal"):
        correcting.open_correction(signed.attempt, "Too late.", actor=helen, at=at)
