"""The forty rows, the days they count in, and the files they hold, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from epa.commands.application import CommandRefused
from epa.commands.demonstration import load_into_empty
from epa.demonstration.apprentices import APPRENTICES
from epa.demonstration.days import Days, Walk
from epa.demonstration.notes import PRESENTED, SEEN
from epa.demonstration.papers import ladder_picture, slides, text_file
from epa.demonstration.stories import Reach
from epa.lifecycle.definitions import latest
from epa.uploads import check_upload
from tests.conftest import NOW


def days(now=NOW):
    return Days(now, Random(1))


def test_everybody_has_a_name_and_an_address_of_their_own():
    assert len({(one.given, one.family) for one in APPRENTICES}) == 40
    addresses = [one.address for one in APPRENTICES if one.address]
    assert len(set(addresses)) == len(addresses) == 39


def test_names_come_in_several_scripts():
    heads = {one.family[0] for one in APPRENTICES}
    assert {"李", "Ш", "Π", "ح"} < heads


@pytest.mark.parametrize("one", APPRENTICES, ids=lambda one: one.address or one.family)
def test_methods_lie_far_enough_apart_for_any_weekday(one):
    dated = sorted(it.on for it in one.story.methods.values() if it.reach >= Reach.DATED)
    assert all(after - before >= 3 for before, after in pairwise(dated))


@pytest.mark.parametrize("ahead", range(7))
def test_a_day_is_a_weekday_and_moves_away_from_today(ahead):
    calendar = days(NOW + timedelta(days=ahead))
    for offset in range(-20, 20):
        day = calendar.day(offset)
        moved = (day - calendar.today).days
        assert day.isoweekday() <= 5
        assert moved >= offset if offset > 0 else moved <= offset


def test_moments_follow_each_other_and_are_never_to_come():
    walk = Walk(days())
    moments = [walk.at(offset, 15) for offset in (-3, -3, -9, 0, 0)]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_a_moment_is_within_office_hours_of_london():
    calendar = days(datetime(2026, 7, 31, 12, tzinfo=UTC))
    hours = {calendar.instant(-offset).hour for offset in range(1, 40)}
    assert min(hours) >= 8
    assert max(hours) <= 15


def test_there_is_a_note_for_every_ksb():
    plan = latest("st0663")
    assert set(SEEN) == set(plan.ksbs_of("observation"))
    assert set(PRESENTED) == set(plan.ksbs_of("presentation"))


@pytest.mark.parametrize(
    "upload",
    [
        text_file("notes", ["One line", "in SU-1’s words"]),
        ladder_picture("ladder", [("Confidence", 4)]),
        slides("slides", [["A title (draft)", "", "one \\ two"], ["The end"]]),
    ],
    ids=lambda upload: upload.extension,
)
def test_its_files_are_what_an_upload_may_be(upload):
    checked = check_upload(
        upload.display_name,
        upload.content,
        allowed=frozenset({"txt", "png", "pdf"}),
        max_bytes=100_000,
    )
    with checked:
        assert checked.content_type == upload.content_type


def test_it_is_not_for_production(app):
    app.config["ENVIRONMENT"], before = "production", app.config["ENVIRONMENT"]
    try:
        with pytest.raises(CommandRefused, match="not for production"):
            load_into_empty(app)
    finally:
        app.config["ENVIRONMENT"] = before
