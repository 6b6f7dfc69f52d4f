from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.observation.rules import ObservationConduct, ServiceUserSeen
from frameworks import load_plan

METHOD = load_plan("st0663").judged_method("observation")


def seen(count, activities=("review",), agreed=True):
    return tuple(
        ServiceUserSeen(number=number, activities=activities, agreed=agreed)
        for number in range(1, count + 1)
    )


IN_ORDER = ObservationConduct(
    held_on=date(2026, 6, 9),
    started=time(9, 0),
    ended=time(12, 40),
    minutes_observed=178,
    service_users=seen(2),
    present="The apprentice and the assessor",
    questions_asked=6,
    question_minutes=30,
    identity_checked=True,
    format_told=True,
)


def fields_missing(**changes):
    return [one.field for one in IN_ORDER.model_copy(update=changes).missing(METHOD)]


def test_a_day_in_order_lacks_nothing():
    assert IN_ORDER.missing(METHOD) == []


def test_it_asks_for_every_fact_of_an_empty_day():
    assert {one.field for one in ObservationConduct().missing(METHOD)} == {
        *("held_on", "started", "ended", "minutes_observed", "service_users", "identity_checked"),
        *("questions_asked", "question_minutes", "format_told", "present"),
    }


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"minutes_observed": 190}, ["time_reason"]),
        ({"minutes_observed": 190, "finished_a_task": True}, []),
        ({"minutes_observed": 199, "finished_a_task": True}, ["time_reason"]),
        ({"minutes_observed": 199, "time_reason": "A fire drill."}, []),
        ({"minutes_observed": 221, "time_reason": "x"}, ["minutes_observed"]),
        ({"service_users": seen(1)}, ["service_users"]),
        ({"service_users": seen(2, activities=())}, ["service_users"] * 2),
        ({"service_users": seen(3, agreed=False)}, ["service_users"] * 3),
        ({"recording": "audio", "consent_of": ("apprentice",)}, ["not_attached_reason"]),
        ({"recording": "none"}, []),
        ({"questions_asked": 7}, ["questions_reason"]),
        ({"questions_asked": 7, "questions_reason": "One was not heard."}, []),
        ({"question_minutes": 31}, ["question_time_reason"]),
        ({"ended": time(9, 0)}, ["ended"]),
        ({"ended": time(16, 30)}, []),
        ({"ended": time(16, 31)}, ["day_reason"]),
        ({"ended": time(16, 31), "day_reason": "The bus."}, []),
        ({"identity_checked": False}, ["identity_checked"]),
    ],
)
def test_it_holds_the_day_to_the_plan(changes, missing):
    assert fields_missing(**changes) == missing


def test_no_reason_makes_up_for_too_few_service_users():
    reasons = dict.fromkeys(["time_reason", "day_reason", "questions_reason"], "Because.")
    short = IN_ORDER.model_copy(update={"service_users": seen(1), **reasons}).missing(METHOD)
    assert [one.message for one in short] == [
        "1 of 2 service users were seen. The plan asks for at least 2, so this cannot be signed."
    ]


@given(asked=st.integers(0, 20), minutes=st.integers(0, 90), users=st.integers(0, 9))
def test_fewer_questions_or_more_service_users_never_make_it_worse(asked, minutes, users):
    now = fields_missing(questions_asked=asked, question_minutes=minutes, service_users=seen(users))
    better = fields_missing(
        questions_asked=max(0, asked - 1),
        question_minutes=max(0, minutes - 1),
        service_users=seen(users + 1),
    )
    assert set(better) <= set(now)


def test_facts_survive_being_stored():
    assert ObservationConduct.model_validate(IN_ORDER.model_dump(mode="json")) == IN_ORDER


def test_a_sheet_from_when_service_users_were_counted_can_still_be_read():
    conduct = ObservationConduct.model_validate({"service_users": 3})
    assert [one.number for one in conduct.service_users] == [1, 2, 3]
    assert ObservationConduct.model_validate({"service_users": None}).service_users == ()
