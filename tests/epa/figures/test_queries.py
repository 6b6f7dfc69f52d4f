from datetime import date

import pytest

from epa.figures.queries import finished
from epa.lifecycle.models import BreakInLearning
from epa.people.rules import Role


@pytest.mark.both_databases
def test_the_clock_stands_still_in_a_break_for_the_figures_too(make, session):
    row = make.finished()
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    row.attempts[0].held_on = date(2026, 9, 25)
    session.commit()
    [before] = finished(ruth)
    assert (before.last_held_on, before.is_in_time) == (date(2026, 9, 25), False)
    away = BreakInLearning(started_on=date(2026, 7, 1), ended_on=date(2026, 7, 31), reason="Ill")
    row.apprenticeship.breaks.append(away)
    session.commit()
    [after] = finished(ruth)
    assert after.is_in_time
    assert (after.ends_on - before.ends_on).days == 31
