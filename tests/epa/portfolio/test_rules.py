import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.portfolio.rules import PieceSummary, link_fault, standing
from frameworks import load_plan

PLAN = load_plan("st0663")
LIMITS = PLAN.portfolio
KSBS = PLAN.ksbs_of(LIMITS.underpins)
ACTIVITIES = tuple(activity.code for activity in LIMITS.activities)


def piece(number, user=1, activities=ACTIVITIES, ksbs=KSBS, own=True):
    return PieceSummary(number, user, frozenset(activities), frozenset(ksbs), own)


def whole(count=28, users=5):
    return [piece(number, number % users + 1) for number in range(1, count + 1)]


def messages(pieces):
    return {one.code: one.message for one in standing(LIMITS, KSBS, pieces).findings}


def test_it_finds_nothing_wrong_with_a_whole_portfolio():
    found = standing(LIMITS, KSBS, whole())
    assert found.findings == ()
    assert found.may_be_submitted
    assert found.service_users == (1, 2, 3, 4, 5)


def test_it_says_by_how_much_pieces_are_missing():
    assert messages(whole(22))["pieces"] == "22 of 24 pieces; 2 more needed."
    assert messages(whole(37))["pieces"] == "37 pieces, at most 36; take 1 piece out."


def test_it_says_by_how_much_service_users_are_missing_or_too_many():
    assert messages(whole(users=3))["service-users"] == "3 of 4 service users; 1 more needed."
    assert messages(whole(users=8))["service-users"] == (
        "8 service users, at most 6; take 2 service users out."
    )


@pytest.mark.parametrize("count", [24, 36])
@pytest.mark.parametrize("users", [4, 6])
def test_it_takes_the_limits_themselves(count, users):
    assert standing(LIMITS, KSBS, whole(count, users)).may_be_submitted


def test_it_names_the_activities_that_no_piece_shows():
    rest = [piece(n, n % 5 + 1, ACTIVITIES[:4]) for n in range(1, 29)]
    assert messages(rest)["activities"] == (
        "4 of 6 activities shown; no piece yet for: Support into work and In-work support."
    )
    assert not standing(LIMITS, KSBS, rest).may_be_submitted


def test_it_warns_of_a_service_user_not_followed_all_the_way_and_blocks_nothing():
    pieces = [*whole(28), piece(29, 6, ACTIVITIES[:5])]
    found = standing(LIMITS, KSBS, pieces)
    assert [one.message for one in found.warnings] == [
        "SU-6 is not followed all the way yet; no piece for: In-work support."
    ]
    assert found.may_be_submitted
    assert found.journeys[6]["in_work_support"] == ()
    assert found.journeys[6]["review"] == (29,)


def test_it_warns_of_ksbs_without_a_piece():
    pieces = [piece(n, n % 5 + 1, ksbs=KSBS[1:]) for n in range(1, 29)]
    assert messages(pieces)["ksbs"] == (
        f"{len(KSBS) - 1} of {len(KSBS)} KSBs have a piece; none yet for: {KSBS[0]}."
    )
    assert standing(LIMITS, KSBS, pieces).may_be_submitted


def test_it_blocks_a_piece_that_is_not_said_to_be_own_work():
    pieces = [*whole(28), piece(29, own=False), piece(30, own=False)]
    assert messages(pieces)["own-work"] == "Pieces 29 and 30: say that it is your own work."
    assert messages([*whole(28), piece(29, own=False)])["own-work"].startswith("Piece 29:")


def test_it_takes_an_empty_portfolio():
    found = standing(LIMITS, KSBS, [])
    assert found.pieces == 0
    assert {one.code for one in found.blocking} == {"pieces", "service-users", "activities"}


PIECES = st.lists(
    st.builds(
        PieceSummary,
        number=st.integers(1, 60),
        service_user=st.none() | st.integers(1, 9),
        activities=st.frozensets(st.sampled_from(ACTIVITIES)),
        ksbs=st.frozensets(st.sampled_from(KSBS)),
        is_own_work=st.booleans(),
    ),
    max_size=45,
    unique_by=lambda one: one.number,
)


@given(PIECES, st.randoms())
def test_it_does_not_depend_on_the_order_of_pieces(pieces, random):
    shuffled = list(pieces)
    random.shuffle(shuffled)
    assert standing(LIMITS, KSBS, shuffled) == standing(LIMITS, KSBS, pieces)


@given(PIECES)
def test_it_counts_every_piece_once_and_lets_only_what_keeps_the_limits_pass(pieces):
    found = standing(LIMITS, KSBS, pieces)
    assert found.pieces == len(pieces)
    users = {one.service_user for one in pieces} - {None}
    assert set(found.service_users) == users == set(found.journeys)
    for code, numbers in found.ksbs.items():
        assert list(numbers) == sorted(one.number for one in pieces if code in one.ksbs)
    keeps = (
        LIMITS.pieces_min <= len(pieces) <= LIMITS.pieces_max
        and LIMITS.service_users_min <= len(users) <= LIMITS.service_users_max
        and frozenset().union(*(one.activities for one in pieces)) == set(ACTIVITIES)
        and all(one.is_own_work for one in pieces)
    )
    assert found.may_be_submitted is keeps


@given(PIECES, st.sampled_from(ACTIVITIES))
def test_it_never_gets_worse_by_showing_one_more_activity(pieces, activity):
    more = [
        PieceSummary(
            one.number, one.service_user, one.activities | {activity}, one.ksbs, one.is_own_work
        )
        for one in pieces
    ]
    before = standing(LIMITS, KSBS, pieces)
    after = standing(LIMITS, KSBS, more)
    assert len(after.findings) <= len(before.findings)


@pytest.mark.parametrize(
    "link",
    ["https://example.org", "http://example.org:8080/a?b=c#d", "https://пример.рф/путь"],
)
def test_it_takes_a_whole_web_address(link):
    assert link_fault(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://example.org/x",
        "//example.org/x",
        "example.org",
        "https://",
        "https:///path",
        "http://[::1",
        "https://example.org:99999999/",
        "https://example.org/a b",
        "https://example.org/\nx",
        "https://example.org/\x00",
        "https://example.org/\u202e",
        "https://name:secret@example.org/",
        "https://example.org/" + "a" * 1000,
        "",
    ],
)
def test_it_refuses_what_is_not_one(link):
    assert link_fault(link)


@given(st.text(max_size=60))
def test_it_has_an_answer_for_any_text(text):
    fault = link_fault(text)
    assert fault is None or fault.startswith("The link must")
