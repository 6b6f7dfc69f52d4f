from datetime import date

import pytest

from epa.presentation.rules import PresentationConduct, Recording
from frameworks import load_plan

PLAN = load_plan("st0663")
IN_ORDER = PresentationConduct(
    held_on=date(2026, 6, 9),
    minutes_presented=60,
    questions_asked=6,
    question_minutes=30,
    recording=Recording.VIDEO,
    present="Priya Raman and Helen Marchetti",
    identity_checked=True,
)


def test_a_day_in_order_lacks_nothing():
    assert IN_ORDER.missing(PLAN) == []


def test_it_asks_for_every_fact_of_an_empty_day():
    assert {one.field for one in PresentationConduct().missing(PLAN)} == {
        *("held_on", "minutes_presented", "questions_asked", "question_minutes"),
        *("recording", "present", "identity_checked"),
    }


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"minutes_presented": 66}, ["time_reason"]),
        ({"minutes_presented": 66, "finished_a_point": True}, []),
        ({"minutes_presented": 67, "finished_a_point": True}, ["time_reason"]),
        ({"minutes_presented": 67, "time_reason": "The projector failed."}, []),
        ({"question_minutes": 33}, ["question_time_reason"]),
        ({"question_minutes": 33, "finished_an_answer": True}, []),
        ({"question_minutes": 34, "finished_an_answer": True}, ["question_time_reason"]),
        ({"questions_asked": 7}, ["questions_reason"]),
        ({"recording": Recording.AUDIO}, []),
        ({"recording": Recording.NONE}, ["no_recording_reason"]),
        ({"recording": Recording.NONE, "no_recording_reason": "Consent was refused."}, []),
        ({"present": ""}, ["present"]),
    ],
)
def test_it_holds_the_day_to_the_plan(changes, missing):
    conduct = IN_ORDER.model_copy(update=changes)
    assert [one.field for one in conduct.missing(PLAN)] == missing


def test_facts_survive_being_stored():
    assert PresentationConduct.model_validate(IN_ORDER.model_dump(mode="json")) == IN_ORDER
