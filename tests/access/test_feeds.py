"""Feeds of one's own dates: open to whoever has the secret address, and telling nobody's name."""

import pytest

from tests.access.readers import READERS

pytestmark = pytest.mark.both_databases

# Those who cannot sign in have no feed either; of the others each has one of their own.
_WITHOUT = {"disabled"}


def follow(asker, path):
    return asker.ask(asker.world.readers["nobody"], "GET", "diary.follow", path)


@pytest.mark.parametrize("name", [one for one in READERS if one != "nobody"])
def test_it_gives_each_their_own_dates_and_no_word_that_stands_for_somebody(asker, name):
    answer = follow(asker, asker.world.feeds[name])
    if name in _WITHOUT:
        assert answer.status == 404
        return
    assert answer.status == 200
    assert answer.response.mimetype == "text/calendar"
    assert answer.response.headers["Cache-Control"] == "no-store"
    assert asker.world.tokens.found_in(answer.raw) == set()


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        *(("assessor", 1), ("two_hats", 1), ("ada", 2), ("invigilator", 1)),
        *(("administrator", 0), ("employer", 2), ("provider", 0), ("ben", 0), ("idle_assessor", 0)),
        *(("former administrator", 0), ("roleless", 0), ("marker", 0)),
    ],
)
def test_it_holds_what_somebody_has_to_be_at(asker, name, entries):
    raw = follow(asker, asker.world.feeds[name]).response.get_data(as_text=True)
    assert raw.count("BEGIN:VEVENT") == entries


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000, "../../etc/passwd", "\u200b"])
def test_it_opens_to_nobody_without_the_address(asker, token):
    assert follow(asker, f"/calendar/feeds/{token}.ics").status == 404


def test_it_opens_no_longer_once_it_is_revoked(asker):
    path = asker.world.feeds["assessor"]
    with asker.world_where("UPDATE calendar_feed SET revoked_at = created_at"):
        assert follow(asker, path).status == 404
    assert follow(asker, path).status == 200
