from datetime import UTC, datetime, timedelta

import pytest

from epa.sign_in import passwords
from epa.sign_in.rules import Limit, new_token, opens_again, owes_second_factor, token_hash

AT = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=15))


def minutes_ago(*numbers):
    return [AT - timedelta(minutes=number) for number in numbers]


def test_it_opens_while_fewer_knocks_count_than_the_limit():
    assert opens_again(LIMIT, minutes_ago(1, 2), AT) is None


def test_it_shuts_at_the_limit_until_the_oldest_that_counts_is_forgotten():
    assert opens_again(LIMIT, minutes_ago(1, 14, 2), AT) == AT + timedelta(minutes=1)


def test_it_does_not_count_what_is_older_than_the_window():
    assert opens_again(LIMIT, minutes_ago(1, 2, 15, 16), AT) is None


def test_it_says_when_the_newest_that_make_up_the_limit_leave_the_window():
    assert opens_again(LIMIT, minutes_ago(1, 2, 3, 4, 5), AT) == AT + timedelta(minutes=12)


def test_it_makes_tokens_that_differ_and_keeps_only_their_hash():
    one, other = new_token(), new_token()
    assert one != other
    assert one not in token_hash(one)
    assert len(token_hash(one)) == 64


@pytest.mark.parametrize(
    ("is_staff", "is_required", "is_enrolled", "owes"),
    [
        (True, True, False, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, True),
    ],
)
def test_it_asks_staff_where_required_and_whoever_has_one(is_staff, is_required, is_enrolled, owes):
    given = owes_second_factor(is_staff=is_staff, is_required=is_required, is_enrolled=is_enrolled)
    assert given is owes


@pytest.mark.parametrize(
    "password",
    [
        "lantern river copper 84",
        "wandering teapot",
        "Pelikan-Garten-Donner",
        "天気がいいから散歩しましょう",
        "ходил медведь по крышам",
        "xK9#vB2!qLm7",
        "🐝🌳🚲🎷🧀🪁🌋🦉🧵🍐🛶🎲",
    ],
)
def test_it_takes_long_passwords_of_any_make(password):
    assert passwords.fault(password) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "12 characters or more; it has 0"),
        ("short phrase", None),
        ("elevenchars", "12 characters or more; it has 11"),
        ("ab c" * 33, "128 or fewer; it has 132"),
        ("nul\0in the middle", "cannot be kept"),
        ("half a pair \ud800", "cannot be kept"),
        ("aaaaaaaaaaaa", "repeats or counts"),
        ("abcabcabcabcabc", "repeats or counts"),
        ("abcdefghijkl", "repeats or counts"),
        ("qwertyuiop12", "repeats or counts"),
        ("987654321098", "repeats or counts"),
        ("Password2026!", "most common"),
        ("P@ssw0rd2026!", "most common"),
        ("passwordletmein", "most common"),
        ("i love you forever", "most common"),
        ("correct horse battery staple", "most common"),
    ],
)
def test_it_refuses_what_is_short_long_unstorable_or_easy(password, words):
    fault = passwords.fault(password)
    assert (fault is None) if words is None else (words in fault)


def test_it_counts_characters_after_bringing_them_into_one_form():
    decomposed = "e\N{COMBINING ACUTE ACCENT}" * 11
    assert "it has 11" in passwords.fault(decomposed)


@pytest.mark.parametrize(
    "password", ["ruth pemberton", "Pemberton-2026", "calder vale 1234", "ruth.pemberton@"]
)
def test_it_refuses_what_is_made_from_the_persons_own_words(password):
    about = ["Ruth Pemberton", "ruth.pemberton@example.org", "Calder Vale"]
    assert "made from your name" in passwords.fault(password, about=about)


def test_it_takes_a_name_among_enough_of_something_else():
    assert passwords.fault("ruth sails copper lanterns", about=["Ruth Pemberton"]) is None


def test_it_is_the_same_password_from_every_keyboard():
    wide, plain = "\uff4c\uff41ntern river cafe\u0301", "lantern river caf\u00e9"
    assert passwords.normalised(wide) == passwords.normalised(plain)


def test_the_list_of_common_passwords_is_clean_and_compact():
    common = passwords._common()
    assert 3000 < len(common) < 10000
    assert all(one == one.casefold().strip() for one in common)
    assert sum(len(one) >= 12 for one in common) > 3000
