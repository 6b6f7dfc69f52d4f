from datetime import date

import pytest

from epa.changes.rules import CHANGE_TITLES, ChangeKind, date_fault, offered, stage_on_return
from epa.lifecycle.rules import Stage, may_advance

DAY = date(2026, 6, 9)


@pytest.mark.parametrize("stage", Stage)
def test_it_offers_only_steps_that_the_way_allows(stage):
    leads = {ChangeKind.WITHDRAWN: Stage.WITHDRAWN, ChangeKind.PAUSED: Stage.PAUSED}
    for kind in offered(stage):
        assert kind not in leads or may_advance(stage, leads[kind])
    for kind, to in leads.items():
        assert (kind in offered(stage)) is may_advance(stage, to)


@pytest.mark.parametrize("stage", Stage)
def test_a_name_and_a_number_are_put_right_at_any_stage(stage):
    assert {ChangeKind.NAME, ChangeKind.ULN} <= set(offered(stage))


@pytest.mark.parametrize("stage", [Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED])
def test_nobody_whose_way_is_over_changes_the_employer(stage):
    assert not {ChangeKind.EMPLOYER, ChangeKind.PROVIDER} & set(offered(stage))


def test_it_gives_every_change_a_title():
    assert set(CHANGE_TITLES) == set(ChangeKind)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 6, 10), "The date must be 9 June 2026 or earlier"),
        (date(2026, 5, 31), "The date must be 1 June 2026 or later"),
        (date(2026, 6, 1), None),
        (DAY, None),
    ],
)
def test_it_says_which_date_would_do(on, said):
    assert date_fault(on, earliest=date(2026, 6, 1), today=DAY) == said


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ((False, False, False), Stage.ON_PROGRAMME),
        ((False, False, True), Stage.GATEWAY),
        ((True, False, True), Stage.ASSESSMENT),
        ((True, True, True), Stage.RESULTS),
    ],
)
def test_it_returns_to_where_the_facts_lead(facts, stage):
    accepted, graded, begun = facts
    assert stage_on_return(is_accepted=accepted, is_graded=graded, is_begun=begun) is stage
    assert may_advance(Stage.WITHDRAWN, stage)
