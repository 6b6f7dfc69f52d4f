from datetime import date

import pytest

from epa.conduct.facts import Recording
from epa.conduct.rules import Measured
from epa.presentation.rules import PresentationConduct
from frameworks import load_plan

METHOD = load_plan("st0663").judged_method("presentation")
IN_ORDER = PresentationConduct(
    held_on=date(2026, 6, 9),
    minutes_presented=60,
    questions_asked=6,
    question_minutes=30,
    recording=Recording.VIDEO,
    consent_of=("apprentice",),
    not_attached_reason="It is on the recorder.",
    present="Priya Raman and Helen Marchetti",
    identity_checked=True,
)


def test_a_day_in_order_lacks_nothing():
    assert IN_ORDER.missing(METHOD) == []


def test_it_asks_for_every_fact_of_an_empty_day():
    assert {one.field for one in PresentationConduct().missing(METHOD)} == {
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
        ({"consent_of": ("employer_representative",)}, ["consent_of"]),
        ({"not_attached_reason": ""}, ["not_attached_reason"]),
    ],
)
def test_it_holds_the_day_to_the_plan(changes, missing):
    conduct = IN_ORDER.model_copy(update=changes)
    assert [one.field for one in conduct.missing(METHOD)] == missing


def test_facts_survive_being_stored():
    assert PresentationConduct.model_validate(IN_ORDER.model_dump(mode="json")) == IN_ORDER


def test_an_attached_recording_needs_no_reason():
    conduct = IN_ORDER.model_copy(update={"not_attached_reason": ""})
    assert conduct.missing(METHOD, Measured(recordings=1)) == []


def test_what_was_measured_need_not_be_entered():
    blank = IN_ORDER.model_copy(
        update={"held_on": None, "minutes_presented": None, "question_minutes": None}
    )
    day = Measured(held_on=date(2026, 6, 9), main_minutes=63, main_added=True, question_minutes=28)
    assert blank.missing(METHOD, day) == []
    whole = blank.completed(day)
    assert (whole.minutes_presented, whole.finished_a_point) == (63, True)


def test_figures_other_than_those_measured_need_a_reason():
    day = Measured(main_minutes=58, questions_asked=6)
    [found] = IN_ORDER.missing(METHOD, day)
    assert found.field == "clock_reason"
    assert "60 min were entered, the clock measured 58" in found.message
    told = IN_ORDER.model_copy(update={"clock_reason": "Ended two minutes late by mistake."})
    assert told.missing(METHOD, day) == []
