import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from epa.audit.models import AuditEntry
from epa.database import AppendOnlyViolation, db, unit_of_work
from epa.errors import NotAllowed, RuleBroken
from epa.lifecycle.models import MethodAttempt
from epa.people.rules import Permission, Role
from question_bank.sittings import finishing, late, queries, seats, services, tasks, writing
from question_bank.sittings.clock import GRACE
from question_bank.sittings.edits import ANSWER_LETTERS, EditOutcome
from question_bank.sittings.models import AnswerEdit, Heartbeat, SittingEvent
from question_bank.sittings.rules import SittingState
from question_bank.sittings.services import OtherDevice, SittingTerms
from question_bank.sittings.writing import EditSent
from tests.factories.sittings import DEVICE, options_of
from tests.factories.sittings import save as save_on

OTHER = "cd" * 12
CHOICE, WRITTEN = 1, 3
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sitting(make):
    return make.running_sitting()


@pytest.fixture
def invigilator(make):
    return make.person(Role.INVIGILATOR)


@pytest.fixture
def save(sitting, at):
    def saved(value, number=WRITTEN, sequence=1, device=DEVICE, after=MINUTE, made=None):
        sent = EditSent(number, sequence, value, at + (after if made is None else made))
        return save_on(sitting, sent, at=at + after, device=device)

    return saved


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        act(*args, **kwargs)
    return broken.value.code


def test_the_paper_that_is_sent_holds_no_key_and_no_guide(make):
    sitting = make.unlocked_sitting()
    sent = queries.content_of(sitting)
    for question in json.loads(sent):
        assert set(question) == {"number", "kind", "title", "marks", "stem", "options"}
        assert all(set(one) == {"id", "text"} for one in question["options"])
    assert "Because of" not in sent
    assert "Asks the person" not in sent
    names = [one["id"] for question in json.loads(sent) for one in question["options"]]
    assert len(set(names)) == len(names) == 8


def test_an_attempt_has_one_paper_until_it_is_void(make, invigilator, at):
    sitting = make.sitting()
    attempt = db.session.get_one(MethodAttempt, sitting.attempt_id)
    candidate, paper = sitting.candidate, make.paper_of_three(attempt)
    terms = SittingTerms(attempt.id, 60 * MINUTE)
    issued = {"actor": invigilator, "at": at}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        services.open_sitting(candidate, paper, terms, **issued)
    services.void(sitting, "Wrong person at the desk", **issued)
    second = services.open_sitting(candidate, paper, terms, **issued)
    assert queries.of_attempts([attempt.id]) == {attempt.id: second}
    third = make.paper_of_three(attempt)
    other = make.person(Role.APPRENTICE)
    assert refused(services.open_sitting, other, third, terms, **issued) == "other-candidate"


def test_the_start_is_written_with_the_paper_and_the_clock_is_the_servers(make, at):
    sitting = make.unlocked_sitting()
    later = at + 3 * MINUTE
    given = writing.deliver(sitting, DEVICE, actor=sitting.candidate, at=later)
    assert len(json.loads(given.content)) == 3
    assert (sitting.state, sitting.started_at) == (SittingState.IN_PROGRESS, later)
    again = writing.deliver(sitting, DEVICE, actor=sitting.candidate, at=later + MINUTE)
    assert again.content == given.content
    assert sitting.started_at == later
    assert sitting.clock.deadline(later) == later + 60 * MINUTE


def test_nobody_starts_before_they_are_let_in_or_when_it_is_too_late_for_the_full_time(make, at):
    sitting = make.sitting()
    start = {"actor": sitting.candidate, "at": at}
    assert refused(writing.deliver, sitting, DEVICE, **start) == "not-unlocked"
    short = make.unlocked_sitting(minutes=60, rest=5, closes_at=at + 64 * MINUTE)
    with pytest.raises(RuleBroken, match="1 min too soon"):
        writing.deliver(short, DEVICE, actor=short.candidate, at=at)
    assert short.started_at is None


def test_a_saved_answer_is_there_and_the_same_twice_is_one(sitting, save):
    assert save("First, ask.").outcome is EditOutcome.SAVED
    assert save("First, ask.", after=2 * MINUTE, made=MINUTE).outcome is EditOutcome.REPEATED
    assert save("Ask and listen.", sequence=3).outcome is EditOutcome.SAVED
    assert save("Ask and", sequence=2).outcome is EditOutcome.STALE
    assert [one.value for one in queries.standing_of(sitting)] == ["Ask and listen."]
    assert len(queries.log_of(sitting)) == 3
    assert queries.answered_counts([sitting.id]) == {sitting.id: 1}
    assert queries.question_counts([sitting.id]) == {sitting.id: 3}
    save("", sequence=4)
    assert queries.answered_counts([sitting.id]) == {}


BAD = (
    ({"value": "x", "number": 4}, "unknown-question"),
    ({"value": "nothing", "number": CHOICE}, "unknown-option"),
    ({"value": "x" * (ANSWER_LETTERS + 1)}, "too-long"),
    ({"value": "a\x00b"}, "unstorable"),
    ({"value": "x", "sequence": 1}, "place-taken"),
    ({"value": "x", "sequence": 5000}, "sequence"),
    ({"value": "x", "made": 2 * MINUTE}, "clock"),
    ({"value": "x", "made": -MINUTE}, "clock"),
    ({"value": "x", "after": 60 * MINUTE + GRACE + MINUTE, "made": MINUTE}, "too-late"),
)


def test_what_cannot_be_is_refused_and_changes_nothing(make, sitting, save):
    save("Kept.")
    for sent, code in BAD:
        assert refused(save, **{"sequence": 2, **sent}) == code
    other = options_of(make.running_sitting(), CHOICE)[0]
    assert refused(save, other, number=CHOICE, sequence=2) == "unknown-option"
    assert [one.value for one in queries.standing_of(sitting)] == ["Kept."]
    assert (len(queries.log_of(sitting)), queries.sequence_of(sitting)) == (1, 1)


def test_copies_of_a_save_that_cross_have_one_effect(sitting, save, at):
    seat = seats.own_seat(sitting.candidate, Permission.SIT_TEST, sitting.id)
    save("Kept.")
    # The second copy looked before the first was kept, and waited for it.
    sent = EditSent(WRITTEN, 1, "Kept.", at + MINUTE)
    assert writing.save(seat, DEVICE, sent, at=at + MINUTE).outcome is EditOutcome.REPEATED
    other = EditSent(WRITTEN, 1, "Another.", at + MINUTE)
    assert refused(writing.save, seat, DEVICE, other, at=at + MINUTE) == "place-taken"
    assert [one.value for one in queries.log_of(sitting)] == ["Kept."]


def test_what_left_in_time_is_taken_for_half_a_minute_and_said_to_be_so(sitting, save):
    end = 60 * MINUTE
    save("In time", after=end)
    save("Just", sequence=2, after=end + GRACE, made=end)
    assert refused(save, "Too late", sequence=3, after=end + GRACE, made=end + MINUTE / 60)
    kept = {one.value: one.in_grace for one in db.session.scalars(select(AnswerEdit))}
    assert kept == {"In time": False, "Just": True}


def test_a_pause_takes_what_was_changed_before_and_gives_its_time_back(
    sitting, save, invigilator, at
):
    reason = {"actor": invigilator, "at": at + 10 * MINUTE}
    for minutes in (0, -5, 61):
        assert refused(services.extend, sitting, minutes, "x", **reason) == "minutes"
    assert refused(services.pause, sitting, " ", is_rest=False, **reason) == "reason-missing"
    services.pause(sitting, "Fire alarm", is_rest=False, **reason)
    save("Before", after=11 * MINUTE, made=9 * MINUTE)
    assert refused(save, "In it", sequence=2, after=12 * MINUTE) == "paused"
    services.resume(sitting, actor=invigilator, at=at + 30 * MINUTE)
    assert sitting.clock.deadline(at) == at + 80 * MINUTE
    assert save("In it", sequence=2, after=31 * MINUTE, made=12 * MINUTE).outcome == "saved"
    services.extend(sitting, 5, "Computer restarted", actor=invigilator, at=at + 31 * MINUTE)
    assert sitting.clock.deadline(at) == at + 85 * MINUTE
    told = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert told[-3:] == ["sitting: pause", "sitting: resume", "sitting: extend"]
    assert "alarm" not in str([entry.details for entry in db.session.scalars(select(AuditEntry))])
    said = db.session.scalars(select(SittingEvent.reason).order_by(SittingEvent.at)).all()
    assert said[-3:] == ["Fire alarm", "", "Computer restarted"]


def test_a_second_device_needs_the_invigilator_and_the_first_turns_read_only(
    sitting, save, invigilator, at
):
    save("From the first", sequence=7)
    candidate = {"actor": sitting.candidate, "at": at + 2 * MINUTE}
    with pytest.raises(OtherDevice):
        writing.deliver(sitting, OTHER, **candidate)
    services.allow_device(sitting, "Its battery", actor=invigilator, at=at + 2 * MINUTE)
    given = writing.deliver(sitting, OTHER, **candidate)
    assert [value for value, _ in given.answers.values()] == ["From the first"]
    assert given.sequence == 0
    with pytest.raises(OtherDevice):
        save("Still here", sequence=8)
    with pytest.raises(OtherDevice):
        writing.deliver(sitting, DEVICE, **candidate)
    with pytest.raises(OtherDevice):
        finishing.hand_in(sitting, DEVICE, **candidate)
    assert save("From the second", sequence=1, device=OTHER).outcome is EditOutcome.SAVED
    assert [one.value for one in queries.standing_of(sitting)] == ["From the second"]


def test_that_somebody_still_waits_is_written_down_now_and_then(make, at):
    sitting, told = make.sitting(), {"unsaved": 0, "hand_is_up": False}
    for seconds, written in ((0, 0), (5, 0), (9, 0), (10, 10), (19, 10)):
        writing.hear(sitting, DEVICE, at=at + timedelta(seconds=seconds), **told)
        assert sitting.heard_at == at + timedelta(seconds=written)
    writing.hear(sitting, DEVICE, at=at + timedelta(seconds=19), whence="elsewhere", **told)
    assert (sitting.heard_at, sitting.heard_from) == (at + timedelta(seconds=19), "elsewhere")


def test_a_sign_of_life_after_a_silence_is_written_down(sitting, at):
    told = {"unsaved": 0, "hand_is_up": False}
    writing.hear(sitting, DEVICE, at=at + timedelta(seconds=15), **told)
    assert not db.session.scalars(select(Heartbeat)).all()
    assert not writing.is_silent(sitting, at + timedelta(seconds=30))
    assert writing.is_silent(sitting, at + 2 * MINUTE)
    writing.hear(sitting, DEVICE, at=at + 2 * MINUTE, unsaved=3, hand_is_up=True)
    (beat,) = db.session.scalars(select(Heartbeat))
    assert (beat.unsaved, beat.silent_seconds) == (3, 105)
    assert sitting.hand_raised_at == at + 2 * MINUTE
    with pytest.raises(OtherDevice):
        writing.hear(sitting, OTHER, at=at + 2 * MINUTE, **told)


def test_handing_in_gives_a_receipt_marks_the_choices_and_takes_nothing_more(sitting, save, at):
    right, wrong = options_of(sitting, 1)[0], options_of(sitting, 2)[1]
    save(right, number=1, sequence=1)
    save(wrong, number=2, sequence=2)
    save("Ask the person.", sequence=3)
    receipt = finishing.hand_in(sitting, DEVICE, actor=sitting.candidate, at=at + 5 * MINUTE)
    assert (receipt.answered, receipt.version) == (3, 1)
    assert finishing.is_unchanged(sitting)
    assert finishing.hand_in(sitting, DEVICE, actor=sitting.candidate, at=at) is receipt
    assert refused(save, "More", sequence=4) == "handed-in"
    assert finishing.mark_choices(sitting, at=at) == 1
    assert finishing.mark_choices(sitting, at=at) is None
    assert queries.choice_marks(receipt) == {1: 1, 2: 0}
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "sitting receipt given")
    ).one()
    assert entry.details["digest"] == receipt.digest
    assert entry.details["log_digest"] == receipt.log_digest
    receipt.answered = 2
    with pytest.raises(AppendOnlyViolation):
        db.session.flush()


@pytest.fixture
def begins_anew(monkeypatch):
    """Each unit of work of the minute's tasks: one that had read before could not always write."""

    @contextmanager
    def begin():
        assert not db.session().in_transaction()
        with unit_of_work() as session:
            yield session

    monkeypatch.setattr(tasks, "unit_of_work", begin)


@pytest.mark.usefixtures("begins_anew")
def test_what_runs_out_is_closed_as_of_its_deadline(make, sitting, save, frozen, at):
    save("Kept.")
    db.session.commit()
    end = at + 60 * MINUTE
    assert not finishing.run_out(sitting, at=end + GRACE)
    assert finishing.run_out_ids(end + GRACE) == []
    frozen.move_to(end + GRACE + MINUTE)
    tasks.close_what_ran_out()
    assert (sitting.state, sitting.finished_at) == (SittingState.SUBMITTED, end)
    assert queries.receipt_of(sitting).answered == 1
    assert queries.choice_marks(queries.receipt_of(sitting)) == {1: 0, 2: 0}
    assert db.session.scalars(queries.unmarked()).all() == []
    assert writing_closed(sitting, end) == "handed-in"


def writing_closed(sitting, at):
    return refused(writing.deliver, sitting, DEVICE, actor=sitting.candidate, at=at)


def test_a_page_that_asks_after_the_end_closes_its_paper(sitting, at):
    later = at + 62 * MINUTE
    assert writing.deliver(sitting, DEVICE, actor=sitting.candidate, at=later) is None
    assert sitting.state is SittingState.SUBMITTED


def test_late_answers_come_in_by_a_persons_decision_and_only_what_was_in_time(
    sitting, save, invigilator, at
):
    save("Before the cut")
    finishing.run_out(sitting, at=at + 62 * MINUTE)
    before = queries.receipt_of(sitting)
    sent = [
        EditSent(WRITTEN, 1, "Before the cut", at + MINUTE),
        EditSent(WRITTEN, 2, "In the cut", at + 59 * MINUTE),
        EditSent(WRITTEN, 3, "After the end", at + 61 * MINUTE),
    ]
    now = at + 70 * MINUTE
    batch = late.receive(sitting, DEVICE, sent, at=now)
    assert late.receive(sitting, DEVICE, sent, at=now) is batch
    assert [one[2] for one in batch.edits] == ["In the cut"]
    assert queries.receipt_of(sitting) is before
    with pytest.raises(NotAllowed):
        late.decide(batch, "Mine", is_accepted=True, actor=sitting.candidate, at=now)
    late.decide(batch, "Line was cut", is_accepted=True, actor=invigilator, at=now)
    assert [one.value for one in queries.standing_of(sitting)] == ["In the cut"]
    assert queries.receipt_of(sitting).version == 2
    assert finishing.is_unchanged(sitting)
    db.session.execute(update(AnswerEdit).values(value="Forged"))
    assert not finishing.is_unchanged(sitting)
    again = {"is_accepted": False, "actor": invigilator, "at": now}
    assert refused(late.decide, batch, "No", **again) == "decided"
    assert refused(late.receive, sitting, DEVICE, sent[2:], at=now) == "nothing-late"
    assert refused(late.receive, sitting, OTHER, sent, at=now) == "unknown-device"


def test_nothing_comes_late_while_the_paper_is_open(sitting, at):
    sent = [EditSent(WRITTEN, 1, "x", at)]
    assert refused(late.receive, sitting, DEVICE, sent, at=at) == "not-handed-in"


def test_a_void_paper_takes_nothing_and_gives_no_receipt(sitting, save, invigilator, at):
    services.pause(sitting, "Alarm", is_rest=False, actor=invigilator, at=at + MINUTE)
    services.void(sitting, "Telephone in use", actor=invigilator, at=at + MINUTE)
    assert refused(save, "x", after=2 * MINUTE) == "void"
    assert queries.receipt_of(sitting) is None
    hand_in = {"actor": sitting.candidate, "at": at + MINUTE}
    assert refused(finishing.hand_in, sitting, DEVICE, **hand_in) == "wrong-state"
