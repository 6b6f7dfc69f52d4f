"""What must not be seen: words that stand for it turn up in no answer to anybody who may not."""

import pytest
from bs4 import BeautifulSoup

from tests.access import rules_table as table
from tests.access.reach import may_see
from tests.access.readers import ONE_OF_EACH, READERS
from tests.access.sweep import sweep

pytestmark = pytest.mark.both_databases

# How a Pass that is released is explained.
_WHY_A_PASS = "0 are at Distinction and 19 are needed for Distinction, so the method is Pass."


@pytest.mark.parametrize("name", READERS)
def test_it_shows_nothing_that_a_reader_may_not_see(asker, name):
    world, faults = asker.world, []
    reader = world.readers[name]
    for one in sweep(asker, name):
        raw = one.answer.raw
        faults += [
            f"{one.answer}: shows {token}"
            for token in world.tokens.found_in(raw)
            if not may_see(world, reader, token)
        ]
        faults += [f"{one.answer}: shows a secret" for secret in world.secrets if secret in raw]
    assert not faults, f"{len(faults)} wrong:\n" + "\n".join(faults[:60])


def test_it_shows_every_kind_of_word_to_somebody(asker):
    """Else a word that is in no page at all would prove nothing."""
    world = asker.world
    shown = {
        token.kind
        for name in (ONE_OF_EACH if asker.is_postgresql else READERS)
        for one in sweep(asker, name)
        for token in world.tokens.found_in(one.answer.raw)
    }
    assert set(table.WORDS) - shown == {"never"}


@pytest.mark.parametrize("name", ["ada", "ben", "dan", "employer2", "provider2"])
def test_it_does_not_say_distinction_where_none_is_released(asker, name):
    for one in sweep(asker, name):
        if one.answer.response.mimetype == "text/html":
            text = one.answer.text.replace(_WHY_A_PASS, "")
            assert "distinction" not in text.lower(), str(one.answer)


def test_it_shows_each_marker_their_own_marks(asker):
    for name, duty in (("marker", "first_marker"), ("second_marker", "second_marker")):
        page = next(
            one.answer
            for one in sweep(asker, name)
            if one.answer.endpoint == "knowledge_test.enter_marks"
            and (one.answer.status, one.answer.method) == (200, "GET")
        )
        boxes = BeautifulSoup(page.response.get_data(), "html.parser").select(".mark-grid input")
        assert [int(box["value"]) for box in boxes] == asker.world.marks[f"{duty}@one"]
