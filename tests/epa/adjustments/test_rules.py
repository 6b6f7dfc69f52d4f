import pytest

from epa.adjustments.rules import (
    OPEN_STAGES,
    Asked,
    AskedAs,
    Ruling,
    must_be_a_ruling,
    must_be_asked,
    must_be_open,
    must_name_methods,
    part_of,
)
from epa.allowances.rules import AdjustmentKind, Granted
from epa.errors import RuleBroken
from epa.lifecycle.rules import Stage
from epa.people.rules import Role

ASKED = Asked(("observation",), "A break every hour.", "Because.")
SOMETHING = Granted(extra_percent=25)


def ruling(granted=SOMETHING, *, is_granted=True, reason="As in training."):
    return Ruling(("observation",), granted, is_granted, reason)


def broken(check, *args):
    with pytest.raises(RuleBroken) as fault:
        check(*args)
    return fault.value.code, fault.value.field


@pytest.mark.parametrize("stage", Stage)
def test_it_is_open_from_registration_until_everything_is_held(stage):
    if stage in OPEN_STAGES:
        must_be_open(stage)
    else:
        assert broken(must_be_open, stage) == ("adjustments-closed", None)
    assert Stage.ON_PROGRAMME in OPEN_STAGES
    assert Stage.COMPLETE not in OPEN_STAGES


def test_it_knows_in_which_part_somebody_asks():
    assert part_of({Role.EMPLOYER, Role.AUDITOR}) is AskedAs.EMPLOYER
    assert part_of({Role.TRAINING_PROVIDER}) is AskedAs.TRAINING_PROVIDER
    assert part_of({Role.APPRENTICE, Role.EMPLOYER}) is AskedAs.APPRENTICE
    assert part_of({Role.ADMINISTRATOR}) is None


def test_it_asks_for_what_is_missing_of_a_request():
    must_be_asked(ASKED)
    assert broken(must_be_asked, Asked(("observation",), " ", "Because.")) == (
        "help-missing",
        "help_wanted",
    )
    assert broken(must_be_asked, Asked(("observation",), "Time.", "")) == ("need-missing", "need")
    assert broken(must_name_methods, (), ("observation",)) == ("no-method", "methods")
    assert broken(must_name_methods, ("viva",), ("observation",)) == ("unknown-method", "methods")


@pytest.mark.parametrize(
    ("decided", "code", "field"),
    [
        (ruling(reason=" "), "reason-missing", "reason"),
        (ruling(Granted()), "nothing-granted", "extra_percent"),
        (ruling(is_granted=False), "refused-and-granted", "is_granted"),
        (ruling(Granted(101)), "extra-time", "extra_percent"),
        (ruling(Granted(-1)), "extra-time", "extra_percent"),
        (ruling(Granted(0, 241)), "break-minutes", "break_minutes"),
        (ruling(Granted(0, 0, {AdjustmentKind.READER: "x" * 301})), "too-long", "reader"),
    ],
)
def test_it_refuses_half_a_decision(decided, code, field):
    assert broken(must_be_a_ruling, decided) == (code, field)


def test_a_whole_grant_and_a_whole_refusal_will_do():
    must_be_a_ruling(ruling())
    must_be_a_ruling(ruling(Granted(0, 240, {AdjustmentKind.OTHER: "A quiet room"})))
    must_be_a_ruling(ruling(Granted(), is_granted=False))
