from datetime import timedelta

import pytest

from epa.lifecycle.rules import Duty
from epa.needs.queries import needs_of


@pytest.fixture
def attempt(make, at):
    attempt = make.attempt(make.assessment_in_epa(), "knowledge_test")
    return make.scheduled(attempt, starts_at=at - timedelta(hours=2))


def asked_of(person, at):
    return [need.what for need in needs_of(person, at)]


def test_it_asks_the_invigilator_to_record_a_sitting_that_is_over(attempt, at):
    invigilator = attempt.allocated(Duty.INVIGILATOR)
    assert asked_of(invigilator, at) == ["Record the sitting"]
    before = asked_of(invigilator, at - timedelta(days=1))
    assert before == ["Knowledge test"]


def test_it_asks_for_a_sitting_once(make, attempt, at):
    make.sat_test(attempt)
    assert asked_of(attempt.allocated(Duty.INVIGILATOR), at) == []


def test_it_asks_nobody_else_to_record_it(attempt, at):
    marker = attempt.allocated(Duty.FIRST_MARKER)
    assert "Record the sitting" not in asked_of(marker, at)
