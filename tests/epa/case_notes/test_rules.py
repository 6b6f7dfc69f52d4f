from datetime import date

import pytest

from epa.case_notes.rules import CHANNEL_TITLES, Channel, NoteFields, fault_of

TODAY = date(2026, 6, 9)


@pytest.mark.parametrize(
    ("channel", "day", "with_whom", "field"),
    [
        (Channel.NOTE, TODAY, "", None),
        (Channel.PHONE, TODAY, "Nadia Karim", None),
        (Channel.PHONE, TODAY, "", "with_whom"),
        (Channel.NOTE, date(2026, 6, 10), "", "happened_on"),
        (Channel.NOTE, date(1, 1, 1), "", None),
    ],
)
def test_it_says_what_a_note_lacks(channel, day, with_whom, field):
    fault = fault_of(NoteFields(channel, day, "Rang back.", with_whom), TODAY)
    assert (fault[0] if fault else None) == field


def test_every_channel_has_its_words():
    assert set(CHANNEL_TITLES) == set(Channel)
