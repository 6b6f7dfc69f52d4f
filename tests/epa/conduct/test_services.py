from datetime import timedelta

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.conduct import queries, services
from epa.conduct.clock import ClockEntry, PauseReason, TimerAction
from epa.conduct.models import AskedQuestion, TimerEntry
from epa.conduct.rules import QuestionFields
from epa.database import db
from epa.errors import ChangedMeanwhile, NotAllowed, RuleBroken
from epa.lifecycle.rules import Duty


@pytest.fixture
def attempt(make):
    return make.sheet().attempt


@pytest.fixture
def helen(attempt):
    return attempt.allocated(Duty.ASSESSOR)


def do(attempt, actor, action, at, *, said=None, part="observing", token=None):
    reason = PauseReason.BREAK if action == "pause" else None
    entry = ClockEntry(part, TimerAction(action), said or at, reason)
    return services.enter(attempt, entry, actor=actor, at=at, token=token)


def test_the_clock_is_measured_by_the_servers_time(attempt, helen, at):
    do(attempt, helen, "start", at)
    do(attempt, helen, "pause", at + timedelta(minutes=70))
    do(attempt, helen, "resume", at + timedelta(minutes=80))
    do(attempt, helen, "extend", at + timedelta(minutes=180))
    do(attempt, helen, "end", at + timedelta(minutes=195))
    do(attempt, helen, "start", at + timedelta(minutes=200), part="questions")
    day = queries.measured(attempt, at + timedelta(minutes=225))
    assert (day.main_minutes, day.main_added, day.question_minutes) == (185, True, 25)
    assert (day.held_on.isoformat(), day.started.hour, day.ended.hour) == ("2026-06-09", 10, 13)


def test_what_was_done_offline_keeps_its_hour(attempt, helen, at):
    do(attempt, helen, "start", at)
    late = at + timedelta(minutes=15)
    kept = do(attempt, helen, "pause", late, said=at + timedelta(minutes=10))
    assert kept.happened_at == at + timedelta(minutes=10)
    assert kept.received_at == late
    early = do(attempt, helen, "resume", late, said=at - timedelta(minutes=30))
    assert early.happened_at == kept.happened_at
    assert queries.measured(attempt, late).main_minutes == 15


def test_an_entry_sent_twice_is_kept_once(attempt, helen, at):
    first = do(attempt, helen, "start", at, token="a1b2c3d4")
    assert do(attempt, helen, "start", at, token="a1b2c3d4") is first
    assert db.session.scalar(select(func.count()).select_from(TimerEntry)) == 1


def test_nobody_else_touches_the_day(make, attempt, at):
    other = make.assessor(attempt.assessment.epao)
    with pytest.raises(NotAllowed):
        do(attempt, other, "start", at)
    with pytest.raises(NotAllowed):
        services.write_question(attempt, QuestionFields(1, "Why?", ""), actor=other, at=at)


def test_the_day_is_over_when_the_sheet_is_signed(make, at):
    attempt = make.signed_sheet().attempt
    with pytest.raises(RuleBroken, match="not under way"):
        do(attempt, attempt.allocated(Duty.ASSESSOR), "start", at)


def ask(attempt, actor, at, question="Why?", answer="So.", **more):
    seen = more.pop("seen", None)
    fields = QuestionFields(more.pop("number", 1), question, answer, **more)
    return services.write_question(attempt, fields, actor=actor, at=at, seen=seen)


def test_a_question_has_versions_and_the_newest_counts(attempt, helen, at):
    ask(attempt, helen, at, ksbs=("S10", "K6"), seen=0)
    ask(attempt, helen, at, answer="So, and so.", ksbs=("S10",), seen=1)
    ask(attempt, helen, at, question="And then?", follow_up=1, seen=0)
    asked = queries.questions_of(attempt)
    assert [(one.number, one.follow_up, one.version) for one in asked] == [(1, 0, 2), (1, 1, 1)]
    assert (asked[0].answer, asked[0].ksbs) == ("So, and so.", ["S10"])
    assert queries.measured(attempt, at).questions_asked == 1  # a follow-up does not count here


def test_a_question_nobody_saw_is_not_overwritten_in_silence(attempt, helen, at):
    ask(attempt, helen, at, seen=0)
    with pytest.raises(ChangedMeanwhile, match="You, in another window, wrote this question"):
        ask(attempt, helen, at, answer="Other.", seen=0)
    assert ask(attempt, helen, at, seen=0).version == 1  # it says the same


def test_a_question_sent_twice_is_kept_once(attempt, helen, at):
    ask(attempt, helen, at, token="a1b2c3d4")
    ask(attempt, helen, at, answer="Newer.", token="b1b2c3d4")
    assert ask(attempt, helen, at, token="a1b2c3d4").answer == "Newer."
    assert db.session.scalar(select(func.count()).select_from(AskedQuestion)) == 2


def test_a_question_emptied_is_taken_back(attempt, helen, at):
    assert ask(attempt, helen, at, question="", answer="") is None
    ask(attempt, helen, at)
    ask(attempt, helen, at, question="", answer="")
    assert queries.questions_of(attempt) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"answer": "x" * 4001}, "answer"),
        ({"ksbs": ("K1",)}, "ksbs"),
        ({"number": 100}, None),
    ],
)
def test_a_question_without_a_place_is_refused(attempt, helen, at, change, field):
    with pytest.raises(RuleBroken) as broken:
        ask(attempt, helen, at, **change)
    assert broken.value.field == field


def test_a_recording_is_attached_and_who_fetches_it_is_written_down(make, attempt, helen, at):
    file = make.stored_file(helen, name="Voices.mp3", content=b"ID3 sound")
    recording = services.attach_recording(attempt, file, actor=helen, at=at)
    assert queries.recording_of(attempt, None) is recording
    assert queries.recording_of(attempt, 2) is None
    assert services.fetch_recording(recording, actor=helen, at=at) is file
    db.session.commit()
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all()
    assert actions[-2:] == ["recording attached", "recording fetched"]
    assert queries.measured(attempt, at).recordings == 1


def test_nothing_is_attached_after_the_release(make, at):
    attempt = make.signed_sheet().attempt
    helen = attempt.allocated(Duty.ASSESSOR)
    file = make.stored_file(helen, name="Voices.mp3", content=b"ID3 sound")
    attempt.released_at, attempt.released_by_id = at, make.person().id
    with pytest.raises(RuleBroken, match="released"):
        services.attach_recording(attempt, file, actor=helen, at=at)
