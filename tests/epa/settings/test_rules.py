"""The schema: every setting has a default that will do, a title and help; bad values are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config import LABELS
from epa.outbox.letters import wordings
from epa.settings.queries import all_groups, schema
from epa.settings.rules import Setting, SettingKind, switchable_mails


def test_every_setting_has_one_name_a_title_and_help():
    names = [one.name for group in all_groups() for one in group.setting]
    assert len(names) == len(set(names))
    assert [one.name for one in schema().values() if not one.title] == []
    unexplained = [one.name for one in schema().values() if not one.help]
    assert unexplained == [f"label_{key}" for key in LABELS]


def test_every_mail_that_can_be_switched_has_its_words():
    assert set(switchable_mails(schema())) - set(wordings()) == set()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("urgent_days", 0, "from 1 to 60 days"),
        ("urgent_days", 61, "from 1 to 60 days"),
        ("urgent_days", True, "not a number"),
        ("urgent_days", "14", "not a number"),
        ("daily_mail", 1, "not a switch"),
        ("mail_from_name", "Calder\nBcc: x@example.org", "on one line"),
        ("label_gateway", "", "must not be empty"),
        ("label_gateway", "g" * 61, "60 characters or fewer"),
    ],
)
def test_it_says_what_is_wrong_with_a_value(name, value, fault):
    assert fault in schema()[name].fault_of(value)


@given(st.integers())
def test_a_number_will_do_exactly_within_its_range(number):
    one = schema()["notice_days"]
    assert (one.fault_of(number) is None) == (one.least <= number <= one.most)


def test_a_default_that_will_not_do_is_refused():
    with pytest.raises(ValidationError, match="from 1 to 3"):
        Setting(name="n", kind=SettingKind.NUMBER, default=9, least=1, most=3, title="N", help="x")
