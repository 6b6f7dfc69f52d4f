"""What may go wrong in a test on a screen, done to a running server: nothing acknowledged is lost.

Each drill runs on SQLite and on PostgreSQL. What must hold after every one stands in `conftest.py`.
"""

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from epa.clock import utc_now
from epa.database import db
from question_bank.sittings import queries, services
from question_bank.sittings.clock import GRACE
from question_bank.sittings.models import AnswerEdit, Heartbeat, SittingEvent
from question_bank.sittings.rules import SittingState, SittingStep
from tests.drills.conftest import KINDS
from tests.drills.network import line_to

PEOPLE, EDITS = 3, 5
QUOTA = 48 * 1024
# SQLite has no server to start again, and PostgreSQL's files are not the server's.
ON_SQLITE, ON_POSTGRESQL = (
    pytest.mark.parametrize("_place", [kind], indirect=True) for kind in KINDS
)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def all_save(hall, meanwhile):
    """Several people save one answer after the other while something happens to the server."""
    people = [hall.candidate() for _ in range(PEOPLE)]

    def save(browser):
        return [browser.keep(browser.edit()) for _ in range(EDITS)]

    with ThreadPoolExecutor(PEOPLE) as threads:
        saving = [threads.submit(save, browser) for browser in people]
        while sum(len(browser.acknowledged) for browser in people) < PEOPLE:
            time.sleep(0.02)
        meanwhile()
        outcomes = [one for it in saving for one in it.result()]
    assert len(outcomes) == PEOPLE * EDITS
    assert set(outcomes) <= {"saved", "repeated"}


def test_a_worker_is_killed_in_the_middle_of_saves(hall):
    before = hall.server.workers
    all_save(hall, hall.server.kill_worker)
    assert before[0] not in hall.server.workers


def test_everything_is_killed_and_started_again(hall):
    def power_cut():
        hall.server.kill()
        hall.server.start()

    all_save(hall, power_cut)


@ON_POSTGRESQL
def test_the_database_is_started_again(hall):
    all_save(hall, hall.crash_database)


@ON_SQLITE
def test_the_disk_is_full(hall):
    """No worker may write a file beyond what there is; then there is room again."""
    browser = hall.candidate()
    browser.keep(browser.edit())
    workers, free = hall.server.workers, resource.getrlimit(resource.RLIMIT_FSIZE)
    hall.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for pid in workers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (QUOTA, free[1]))
    edits = [browser.edit() for _ in range(8)]
    assert {browser.send(edit)[0] for edit in edits} == {200, 500}
    for pid in workers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, free)
    assert {browser.keep(edit) for edit in edits} == {"repeated", "saved"}
    assert hall.sql("PRAGMA integrity_check") == [("ok",)]


def test_the_same_save_comes_many_times_at_once(hall):
    browser = hall.candidate()
    edit = browser.edit()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(browser.send, [edit] * 8))
    outcomes = [said["outcome"] for _status, said in answers]
    assert sorted(outcomes) == [*["repeated"] * 7, "saved"]
    forged = {**edit, "value": None}
    status, said = browser.post("answers", edit=forged)
    assert (status, said["code"]) == (422, "place-taken")
    assert len(hall.asked(browser, queries.log_of)) == 1


def test_saves_come_in_any_order(hall):
    browser = hall.candidate()
    edits = [browser.edit(number=browser.texts[0], value=f"Step {count}") for count in range(8)]
    mixed = hall.chance.sample(edits, len(edits))
    with ThreadPoolExecutor(3) as threads:
        assert {status for status, _said in threads.map(browser.send, mixed)} == {200}
    (standing,) = hall.asked(browser, queries.standing_of)
    assert standing.value == "Step 7"


def test_many_windows_start_at_once(hall):
    (first,) = hall.candidates(1)
    windows = [first, *(hall.browser(first.seat) for _ in range(3))]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda it: it.post("paper"), windows * 2))
    assert sorted(status for status, _said in answers) == [200] * 2 + [409] * 6

    def starts(sitting):
        started = SittingEvent.step == SittingStep.START
        query = select(SittingEvent.id).where(SittingEvent.sitting_id == sitting.id, started)
        return len(db.session.scalars(query).all())

    assert hall.asked(first, starts) == 1


def test_a_second_device_takes_over_while_the_first_saves(hall):
    first = hall.candidate()
    second = hall.browser(first.seat)
    second.number = 2

    def save_until_refused():
        while (answer := first.send(first.edit()))[0] == 200:
            pass
        return answer

    with ThreadPoolExecutor(1) as threads:
        saving = threads.submit(save_until_refused)
        while not first.acknowledged:
            time.sleep(0.02)
        assert second.post("paper")[0] == 409
        hall.overseen(first, services.allow_device, "Battery")
        given = second.open()
        status, said = saving.result()
    assert (status, said["code"]) == (409, "other-device")
    newest = {}
    for (_sitting, number, _device, _sequence), value in first.acknowledged.items():
        newest[number] = value
    assert {it["number"]: it["value"] for it in given["answers"]} == newest
    second.keep(second.edit())


def test_the_time_runs_out_in_steps_of_a_tenth_of_a_second(hall):
    browser = hall.candidate()
    deadline = hall.asked(browser, lambda sitting: sitting.clock.deadline(utc_now()))
    hall.set_clock(deadline - SECOND)
    tried = []
    while utc_now() <= deadline + SECOND / 5:
        tried.append(browser.send(browser.edit()))
        time.sleep(0.1)
    late = browser.edit()
    assert browser.send(late)[1]["code"] == "too-late"
    in_time = browser.edit(deadline - SECOND)
    assert browser.send(in_time)[0] == 200
    hall.set_clock(deadline + GRACE + 2 * SECOND)
    assert browser.send(browser.edit(deadline - SECOND))[0] == 409
    assert browser.sign()["state"] == SittingState.SUBMITTED
    assert all(status == 200 or said["code"] == "too-late" for status, said in tried)

    def kept(sitting):
        query = select(AnswerEdit).where(AnswerEdit.sitting_id == sitting.id)
        return [(one.saved_at > deadline) == one.in_grace for one in db.session.scalars(query)]

    found = hall.asked(browser, kept)
    assert all(found)
    assert len(found) == len(browser.acknowledged)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_the_clocks_change_in_the_middle(hall, month, day):
    hall.set_clock(datetime(2026, month, day, 0, 40, tzinfo=UTC))
    browser = hall.candidate()
    whole = browser.left()
    browser.keep(browser.edit())
    hall.set_clock(datetime(2026, month, day, 1, 10, tzinfo=UTC))
    browser.keep(browser.edit())
    assert abs(whole - browser.left() - 30 * 60) < 20
    deadline = hall.asked(browser, lambda sitting: sitting.clock.deadline(utc_now()))
    hall.set_clock(deadline + GRACE + 2 * SECOND)
    assert browser.sign()["state"] == SittingState.SUBMITTED


def test_the_servers_clock_jumps_forth_and_back(hall):
    """A page that is ahead of the server asks for its time and tells of its change anew."""
    hall.set_clock(utc_now() - 30 * MINUTE)
    browser = hall.candidate()
    begun, whole = utc_now(), browser.left()
    hall.set_clock(begun + 20 * MINUTE)
    browser.keep(browser.edit())
    page = browser.edit(utc_now())
    hall.set_clock(begun + 5 * MINUTE)
    status, said = browser.send(page)
    assert (status, said["code"]) == (422, "clock")
    assert browser.keep(page | {"made_at": browser.now().isoformat()}) == "saved"
    assert abs(whole - browser.left() - 5 * 60) < 20
    assert browser.post("hand-in")[0] == 200


def test_an_answer_is_lost_after_the_commit(hall):
    (browser,) = hall.candidates(1)
    with line_to(hall.server.port) as line:
        browser.port, line.mode = line.port, "loses answers"
        edit = browser.edit()
        assert browser.post("paper")[0] == 0
        started = hall.asked(browser, lambda sitting: sitting.started_at)
        assert browser.send(edit)[0] == 0
        line.mode = "open"
        browser.open()
        assert browser.keep(edit) == "repeated"
        line.mode = "loses answers"
        assert browser.post("hand-in")[0] == 0
        line.mode = "open"
        status, receipt = browser.post("hand-in")
    assert (status, receipt["answered"], receipt["version"]) == (200, 1, 1)
    assert hall.asked(browser, lambda sitting: sitting.started_at) == started


def test_the_line_is_gone_for_five_minutes(hall):
    browser = hall.candidate()
    whole = browser.left()
    with line_to(hall.server.port) as line:
        browser.port, line.mode = line.port, "cut"
        journal = [browser.edit() for _ in range(4)]
        assert [browser.send(edit)[0] for edit in journal] == [0] * 4
        hall.set_clock(utc_now() + 5 * MINUTE)
        line.mode = "open"
        assert abs(whole - browser.left() - 5 * 60) < 20
        assert {browser.keep(edit) for edit in journal} == {"saved"}

    def silences(sitting):
        query = select(Heartbeat.silent_seconds).where(Heartbeat.sitting_id == sitting.id)
        return db.session.scalars(query).all()

    assert max(hall.asked(browser, silences)) >= 5 * 60 - 5


def test_a_hotel_answers_in_the_servers_place(hall):
    browser = hall.candidate()
    with line_to(hall.server.port) as line:
        browser.port, line.mode = line.port, "portal"
        edit = browser.edit()
        assert browser.send(edit)[0] == 0
        assert hall.asked(browser, queries.log_of) == []
        line.mode = "open"
        assert browser.keep(edit) == "saved"
