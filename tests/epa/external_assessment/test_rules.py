"""The timetable of a visit and the number of interviews."""

from datetime import time

import pytest

from epa.external_assessment.rules import Slot, gaps, hearings, slot_fault
from frameworks import load_quality_framework

VISIT = load_quality_framework("seqf").cycle.visit
MORNING = Slot(1, time(9), time(10), "Welcome")
LATER = Slot(1, time(11), time(12), "Files")


@pytest.mark.parametrize(
    ("slot", "field"),
    [
        (Slot(1, time(9, 59), time(10, 30), "Staff"), "starts"),
        (Slot(1, time(8), time(17), "All day"), "starts"),
        (Slot(1, time(10), time(10), "Nothing"), "ends"),
        (Slot(3, time(9), time(10), "Third day"), "day"),
        (Slot(1, time(10), time(11), "Staff"), None),
        (Slot(2, time(9), time(10), "Welcome again"), None),
    ],
)
def test_a_block_runs_into_no_other(slot, field):
    fault = slot_fault(slot, [MORNING, LATER], VISIT.days)
    assert (fault[0] if fault else None) == field


def test_the_standard_blocks_have_no_gap_and_no_overlap():
    slots = [
        Slot(one.day, time.fromisoformat(one.starts), time.fromisoformat(one.ends), one.title)
        for one in VISIT.timetable
    ]
    assert gaps(slots) == []
    assert gaps([MORNING, LATER]) == [(MORNING, LATER)]
    for number, slot in enumerate(slots):
        others = slots[:number] + slots[number + 1 :]
        assert slot_fault(slot, others, VISIT.days) is None


def test_interviews_are_held_against_the_frameworks_minimum():
    found = hearings(VISIT.interviews, {"clients": 3, "employers": 2})
    assert [(one.code, one.least, one.is_enough) for one in found] == [
        ("clients", 3, True),
        ("employers", 3, False),
    ]
