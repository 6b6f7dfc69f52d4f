"""A grade before its release: nothing outside the EPAO depends on what it is."""

import re

import pytest

from tests.access.sweep import sweep

OUTSIDE_THE_EPAO = ("ada", "dan", "employer", "employer2", "provider", "provider2")


# What is new on each answer: the word against forged requests, and a seal with what it began with.
NEW_EACH_TIME = re.compile(r'name="csrf_token" value="[^"]+"|"(iv|sealed)":"[^"]+"')


def _as_shown(answer):
    return NEW_EACH_TIME.sub("", answer.shown)


@pytest.mark.parametrize("name", OUTSIDE_THE_EPAO)
def test_it_gives_nothing_away_of_a_grade_before_its_release(asker, name):
    """With every unreleased Distinction a Fail instead, each page is the same to the letter."""
    reader = asker.world.readers[name]
    before = {(one.answer.path, one.answer.method): one.answer for one in sweep(asker, name)}
    with asker.world_where(
        "UPDATE method_attempt SET grade = 'fail', explanation = NULL, scoring_input = NULL"
        " WHERE grade IS NOT NULL AND released_at IS NULL"
    ):
        for (path, method), answer in before.items():
            if method == "GET" and answer.status == 200 and not path.endswith(".pdf"):
                again = asker.ask(reader, method, answer.endpoint, path)
                assert _as_shown(again) == _as_shown(answer), str(answer)
