from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.conduct import facts
from epa.errors import RuleBroken
from epa.judgements import rules
from epa.lifecycle.rules import Grade
from frameworks import load_plan

PLAN = load_plan("st0663")
PRESENTING = PLAN.judged_method("presentation").part("presenting")
QUESTIONS_AFTER = PLAN.judged_method("observation").part("questions")
NOTE = rules.NoteFields("seen", "Opens with the plan and lets SU-1 speak first.")


@given(minutes=st.integers(0, 600), stretched=st.booleans())
def test_it_lets_time_pass_up_to_the_plan_and_a_tenth_more_by_choice(minutes, stretched):
    problem = facts.over_time(PRESENTING, minutes, stretched=stretched)
    allowed = minutes <= 60 or (stretched and minutes <= 66)
    assert (problem is None) is allowed


def test_it_says_by_how_much_time_was_overrun():
    assert "5 min over the 60" in facts.over_time(PRESENTING, 65, stretched=False)
    assert "4 min over the 66" in facts.over_time(PRESENTING, 70, stretched=True)


def test_it_allows_no_tenth_on_the_questions_of_an_observation():
    assert facts.over_time(QUESTIONS_AFTER, 30, stretched=True) is None
    assert "1 min over the 30" in facts.over_time(QUESTIONS_AFTER, 31, stretched=True)


@given(asked=st.integers(0, 50))
def test_it_counts_questions_against_the_plan(asked):
    problem = facts.over_count(PLAN.judged_method("observation").questions, asked)
    assert (problem is None) is (asked <= 6)


@given(
    judged=st.sets(st.sampled_from(PLAN.ksbs_of("observation"))),
    noted=st.sets(st.sampled_from(PLAN.ksbs_of("observation"))),
)
def test_it_names_every_ksb_that_is_unfinished_and_no_other(judged, noted):
    ksbs = PLAN.ksbs_of("observation")
    found = [one.ksb for one in rules.gaps(ksbs, judged, noted)]
    assert found == [ksb for ksb in ksbs if not (ksb in judged and ksb in noted)]


def test_it_counts_without_saying_what_the_grade_would_be():
    tally = rules.tally(PLAN, "observation", {"K6": "distinction", "S10": "fail"})
    assert tally.words == "2 of 14 judged, so no grade yet. 1 at Distinction, 7 needed."


def test_it_counts_every_ksb_of_a_whole_sheet():
    whole = dict.fromkeys(PLAN.ksbs_of("observation"), "distinction")
    words = rules.tally(PLAN, "observation", whole).words
    assert words == "14 of 14 judged. 14 at Distinction, 7 needed."


@pytest.mark.parametrize(
    ("typed", "found"),
    [("s10", True), ("S 1", True), ("behav", True), ("manage behav", True), ("K6", False)],
)
def test_it_finds_a_ksb_by_code_or_title(typed, found):
    assert rules.matches(typed, "S10", "Behaviour Management") is found


def test_it_gives_no_distinction_where_the_plan_describes_none(monkeypatch):
    described = dict(PLAN.descriptors)
    bare = described["observation"]["S10"].model_copy(update={"distinction": None})
    described["observation"] = {**described["observation"], "S10": bare}
    plan = PLAN.model_copy(update={"descriptors": described})
    rules.must_be_a_grade(plan, "observation", "S10", Grade.PASS)
    with pytest.raises(RuleBroken, match="no Distinction for S10"):
        rules.must_be_a_grade(plan, "observation", "S10", Grade.DISTINCTION)


@pytest.mark.parametrize(
    ("method", "ksb", "change", "field"),
    [
        ("observation", "K1", {}, None),
        ("observation", "S10", {"source": "presented"}, "source"),
        ("observation", "S10", {"service_user": 0}, "service_user"),
        ("presentation", "S10", {"source": "asked", "service_user": 1}, "service_user"),
        ("observation", "S10", {"text": "  "}, "text"),
        ("observation", "S10", {"text": "x" * 4001}, "text"),
        ("presentation", "S10", {"source": "asked", "piece": 2}, "piece"),
        ("presentation", "S10", {"source": "asked", "piece": 1, "text": ""}, "text"),
    ],
)
def test_it_refuses_a_note_that_has_no_place(method, ksb, change, field):
    with pytest.raises(RuleBroken) as broken:
        rules.must_be_a_note(PLAN, method, [ksb], replace(NOTE, **change), pieces=[1])
    assert broken.value.field == field


@pytest.mark.parametrize(
    ("held_on", "code"),
    [
        (None, None),
        (date(2026, 6, 9), None),
        (date(2026, 6, 10), "day-to-come"),
        (date(2026, 4, 30), "before-the-period"),
    ],
)
def test_a_method_is_held_on_a_day_of_the_period_that_has_come(held_on, code):
    found = facts.day_in_order(held_on, starts_on=date(2026, 5, 1), today=date(2026, 6, 9))
    assert [one.code for one in found] == ([code] if code else [])


@given(content=st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_a_digest_depends_on_the_content_alone(content):
    backwards = dict(reversed(content.items()))
    assert rules.digest(content) == rules.digest(backwards)
    assert rules.digest(content) != rules.digest({**content, "one more": 1})
