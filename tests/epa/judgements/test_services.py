from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.database import AppendOnlyViolation, db
from epa.errors import ChangedMeanwhile, Conflict, NotAllowed, RuleBroken
from epa.judgements import queries, services
from epa.judgements.contents import content_digest
from epa.judgements.models import Judgement, MarkSheet
from epa.judgements.rules import NoteFields
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.observation.rules import ObservationConduct
from epa.observation.services import sign

NOTE = NoteFields("seen", "Lowers her voice and names the worry.", service_user=2)


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def helen(sheet):
    return sheet.attempt.allocated(Duty.ASSESSOR)


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)))


def test_a_sheet_opens_once_there_is_a_date(make, at):
    attempt = make.booked()
    helen = attempt.allocated(Duty.ASSESSOR)
    attempt.scheduled_at = None
    with pytest.raises(RuleBroken, match="once there is a date"):
        services.open_sheet(attempt, actor=helen, at=at)
    attempt.scheduled_at = at
    sheet = services.open_sheet(attempt, actor=helen, at=at)
    assert services.open_sheet(attempt, actor=helen, at=at) is sheet
    db.session.commit()
    assert actions().count("mark sheet opened") == 1


def test_nobody_but_the_allocated_assessor_keeps_the_sheet(make, sheet, at):
    other = make.assessor(sheet.attempt.assessment.epao)
    with pytest.raises(NotAllowed):
        services.open_sheet(sheet.attempt, actor=other, at=at)
    with pytest.raises(NotAllowed):
        services.judge(sheet, "S10", Grade.PASS, actor=other, at=at)
    with pytest.raises(NotAllowed):
        services.note(sheet, "S10", NOTE, actor=other, at=at)


def test_every_judgement_is_a_new_version_and_the_newest_counts(sheet, helen, at):
    services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at, seen=0)
    services.judge(sheet, "S10", Grade.DISTINCTION, actor=helen, at=at, seen=1)
    entry = queries.entry_of(sheet, "S10")
    assert (entry.grade, entry.sequence, entry.before) == (Grade.DISTINCTION, 2, Grade.PASS)
    services.judge(sheet, "S10", None, actor=helen, at=at, seen=2)
    assert queries.entry_of(sheet, "S10").grade is None
    assert queries.ratings_on(sheet) == {}


def test_saving_the_same_again_adds_nothing(sheet, helen, at):
    first = services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at, seen=0)
    assert services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at, seen=0) == first
    assert services.judge(sheet, "K6", None, actor=helen, at=at, seen=0).sequence == 0
    assert len(db.session.scalars(select(Judgement)).all()) == 1


def test_a_judgement_nobody_saw_is_not_overwritten_in_silence(sheet, helen, at):
    services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at, seen=0)
    with pytest.raises(ChangedMeanwhile) as changed:
        services.judge(sheet, "S10", Grade.FAIL, actor=helen, at=at, seen=0)
    assert changed.value.message == "You, in another window, set S10 to Pass at 10:30:00."
    assert changed.value.newest.sequence == 1


def test_judgements_of_other_ksbs_do_not_get_in_the_way(sheet, helen, at):
    services.judge(sheet, "K6", Grade.PASS, actor=helen, at=at, seen=0)
    services.judge(sheet, "S10", Grade.FAIL, actor=helen, at=at, seen=0)
    assert queries.ratings_on(sheet) == {"K6": "pass", "S10": "fail"}


def test_a_changed_note_is_a_new_one_that_replaces_it(sheet, helen, at):
    first = services.note(sheet, "S10", NOTE, actor=helen, at=at)
    later = at + timedelta(minutes=3)
    second = NoteFields("asked", "Explains why.", replaces=first.id)
    services.note(sheet, "S10", second, actor=helen, at=later)
    entry = queries.entry_of(sheet, "S10")
    assert [note.text for note in entry.notes] == ["Explains why."]
    assert entry.notes[0].version == 2
    with pytest.raises(ChangedMeanwhile, match="rewrote this note at 10:33:00"):
        services.note(sheet, "S10", second, actor=helen, at=later)


def test_a_note_sent_twice_is_kept_once(sheet, helen, at):
    named = NoteFields("seen", "Once.", token="a1")
    first = services.note(sheet, "S10", named, actor=helen, at=at)
    assert services.note(sheet, "S10", named, actor=helen, at=at) == first
    again = NoteFields("seen", "Once, and better.", replaces=first.id, token="a2")
    second = services.note(sheet, "S10", again, actor=helen, at=at)
    assert services.note(sheet, "S10", again, actor=helen, at=at) == second


def test_an_empty_text_takes_a_note_back(sheet, helen, at):
    first = services.note(sheet, "S10", NOTE, actor=helen, at=at)
    services.note(sheet, "S10", NoteFields("seen", "", replaces=first.id), actor=helen, at=at)
    assert queries.entry_of(sheet, "S10").notes == []


def test_a_note_replaces_only_a_note_of_the_same_sheet(make, sheet, helen, at):
    other = make.sheet(make.booked("presentation"))
    theirs = services.note(
        other,
        "K1",
        NoteFields("asked", "x"),
        actor=other.attempt.allocated(Duty.ASSESSOR),
        at=at,
    )
    with pytest.raises(RuleBroken, match="no such note"):
        services.note(sheet, "K6", NoteFields("seen", "x", replaces=theirs.id), actor=helen, at=at)


def test_a_note_of_the_stream_is_assigned_later_to_several_ksbs(sheet, helen, at):
    first = services.note_in_stream(sheet, [], NOTE, actor=helen, at=at)
    assert first.ksbs == []
    tied = services.note_in_stream(
        sheet,
        ["S10", "K6"],
        NoteFields("seen", NOTE.text, service_user=2, replaces=first.id),
        actor=helen,
        at=at,
    )
    assert (tied.version, tied.ksbs) == (2, ["K6", "S10"])
    for code in ("K6", "S10"):
        assert [note.id for note in queries.entry_of(sheet, code).notes] == [tied.id]
    assert queries.entry_of(sheet, "S1").notes == []
    again = NoteFields("seen", "Better said.", replaces=tied.id)
    changed = services.note(sheet, "S10", again, actor=helen, at=at)
    assert changed.ksbs == ["K6", "S10"]
    gone = services.note_in_stream(
        sheet, ["K6"], NoteFields("seen", "Now one.", replaces=changed.id), actor=helen, at=at
    )
    assert queries.entry_of(sheet, "S10").notes == []
    assert [note.id for note in queries.entries_of(sheet)["K6"].notes] == [gone.id]


def test_judgements_and_notes_are_never_changed(sheet, helen, at, session):
    services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at)
    judgement = db.session.scalars(select(Judgement)).one()
    judgement.grade = Grade.FAIL
    with pytest.raises(AppendOnlyViolation):
        session.flush()


def test_saves_stay_out_of_the_audit_chain_and_the_signature_enters_it(make, at):
    sheet = make.signed_sheet(distinctions=7)
    assert sorted(actions()[-4:]) == [
        "facts of the day changed",
        "mark sheet opened",
        "mark sheet signed",
        "method graded",
    ]
    signed = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "mark sheet signed"))
    assert signed.details["digest"] == sheet.digest == content_digest(sheet)


@pytest.mark.parametrize(
    ("method", "distinctions", "fails", "grade"),
    [
        ("observation", 7, 0, "distinction"),
        ("observation", 6, 0, "pass"),
        ("observation", 7, 1, "fail"),
        ("presentation", 19, 0, "distinction"),
        ("presentation", 18, 0, "pass"),
    ],
)
def test_signing_gives_the_method_its_grade(make, at, method, distinctions, fails, grade):
    sheet = make.signed_sheet(make.booked(method), distinctions=distinctions, fails=fails)
    attempt = sheet.attempt
    assert attempt.grade.value == grade
    assert attempt.held_on.isoformat() == "2026-06-09"
    assert attempt.released_at is None
    assert len(attempt.scoring_input["ratings"]) == (14 if method == "observation" else 37)
    assert attempt.explanation


def test_a_sheet_with_gaps_is_not_signed_and_says_what_is_missing(make, at):
    sheet = make.sheet()
    helen = sheet.attempt.allocated(Duty.ASSESSOR)
    with pytest.raises(RuleBroken, match="24 things are missing"):
        sign(sheet, actor=helen, at=at)
    conduct = ObservationConduct.model_validate(sheet.conduct)
    missing = queries.missing_from(sheet, conduct, queries.entries_of(sheet), at=at)
    assert len([one for one in missing if one.ksb]) == 14


def test_a_broken_limit_without_a_reason_is_not_signed(make, at):
    sheet = make.whole_sheet()
    helen = sheet.attempt.allocated(Duty.ASSESSOR)
    long = make.conduct_of("observation", minutes_observed=199)
    services.set_conduct(sheet, long, actor=helen, at=at)
    with pytest.raises(RuleBroken, match="1 thing is missing"):
        sign(sheet, actor=helen, at=at)


def test_what_changed_since_it_was_looked_over_is_not_signed(make, at):
    sheet = make.whole_sheet()
    helen = sheet.attempt.allocated(Duty.ASSESSOR)
    seen = content_digest(sheet)
    services.judge(sheet, "S10", Grade.FAIL, actor=helen, at=at)
    with pytest.raises(Conflict):
        sign(sheet, actor=helen, at=at, seen=seen)
    sign(sheet, actor=helen, at=at, seen=content_digest(sheet))


def test_a_signed_sheet_stays_as_it_is(make, at, session):
    sheet = make.signed_sheet()
    helen = sheet.attempt.allocated(Duty.ASSESSOR)
    for change in (
        lambda: services.judge(sheet, "S10", Grade.FAIL, actor=helen, at=at),
        lambda: services.note(sheet, "S10", NOTE, actor=helen, at=at),
        lambda: services.set_conduct(sheet, ObservationConduct(), actor=helen, at=at),
        lambda: sign(sheet, actor=helen, at=at),
    ):
        with pytest.raises(RuleBroken, match="is signed"):
            change()
    sheet.conduct = {}
    with pytest.raises(AppendOnlyViolation):
        session.flush()


def test_facts_changed_in_another_window_are_not_overwritten(make, sheet, helen, at):
    seen = sheet.lock_version
    services.set_conduct(sheet, make.conduct_of("observation"), actor=helen, at=at, seen=seen)
    with pytest.raises(Conflict, match="minutes_observed"):
        services.set_conduct(
            sheet,
            make.conduct_of("observation", minutes_observed=150),
            actor=helen,
            at=at,
            seen=seen,
        )


def test_a_withdrawn_apprentice_is_not_judged(sheet, helen, at):
    sheet.attempt.assessment.stage = Stage.WITHDRAWN
    with pytest.raises(RuleBroken, match="not under way"):
        services.judge(sheet, "S10", Grade.PASS, actor=helen, at=at)


def test_a_begun_sheet_is_not_filled_at_once(make, at):
    sheet = make.whole_sheet()
    with pytest.raises(RuleBroken, match="already"):
        services.fill(sheet, [], actor=sheet.attempt.allocated(Duty.ASSESSOR), at=at)


def test_reading_a_sheet_is_written_down(sheet, helen, at):
    services.read(sheet, actor=helen, at=at)
    db.session.commit()
    assert actions()[-1] == "mark sheet read"
    assert db.session.scalar(select(MarkSheet)) is sheet
    assert db.session.scalars(select(Judgement)).all() == []
