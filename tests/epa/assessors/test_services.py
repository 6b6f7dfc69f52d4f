from datetime import date, time, timedelta

import pytest

from epa.assessors import queries, services
from epa.assessors.rules import StandardisationKind
from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken
from epa.people.rules import Permission, Role

TODAY = date(2026, 6, 9)


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def helen(make, epao):
    return make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, given="Helen")


@pytest.fixture
def iqa(make, epao):
    return make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)


def attended(on):
    return services.Attendance("st0663", StandardisationKind.ANNUAL, on)


def standing(person, epao, on=TODAY):
    [found] = queries.standings([person], epao.id, on=on)
    return found


def test_it_says_until_when_somebody_may_assess(session, epao, helen, iqa, at):
    assert not standing(helen, epao).is_competent
    fields = services.CompetenceFields("st0663", date(2025, 1, 1), date(2026, 6, 30), "Experience")
    competence = services.record_competence(helen, epao.id, fields, actor=iqa, at=at)
    services.record_standardisation(helen, epao.id, attended(TODAY), actor=iqa, at=at)
    found = standing(helen, epao)
    assert (found.is_competent, found.competent_until) == (True, date(2026, 6, 30))
    assert found.standardised_until == date(2027, 6, 8)
    services.end_competence(competence, date(2026, 6, 8), actor=iqa, at=at)
    assert not standing(helen, epao).is_competent
    assert session.query(AuditEntry).filter_by(action="competence ended").count() == 1


def test_nobody_records_their_own(epao, helen, at):
    fields = services.CompetenceFields("st0663", TODAY, None, "Experience")
    with pytest.raises(NotAllowed):
        services.record_competence(helen, epao.id, fields, actor=helen, at=at)
    with pytest.raises(NotAllowed):
        services.record_standardisation(helen, epao.id, attended(TODAY), actor=helen, at=at)


def test_it_records_nothing_that_is_still_to_come(epao, helen, iqa, at):
    with pytest.raises(RuleBroken) as broken:
        services.record_standardisation(
            helen, epao.id, attended(TODAY + timedelta(days=1)), actor=iqa, at=at
        )
    assert broken.value.field == "attended_on"


def test_hours_and_days_away_are_given_and_taken_back(session, helen, at):
    rows = services.give_hours(
        helen, (0, 3), (time(9), time(12)), (TODAY, None), actor=helen, at=at
    )
    away = services.give_days_away(helen, TODAY, TODAY, actor=helen, at=at)
    assert queries.availability([helen.id])[helen.id] == [*rows, away]
    services.take_back(rows[0], actor=helen, at=at)
    assert queries.availability([helen.id])[helen.id] == [rows[1], away]
    assert queries.own_slot_for(helen, Permission.KEEP_AVAILABILITY, rows[0].id) is None


@pytest.mark.parametrize(
    ("weekdays", "hours", "days", "field"),
    [
        ((), (time(9), time(12)), (TODAY, None), "weekdays"),
        ((0,), (time(12), time(9)), (TODAY, None), "ends"),
        ((0,), (time(9), time(12)), (TODAY, TODAY - timedelta(days=1)), "last_on"),
    ],
)
def test_it_refuses_hours_that_are_none(helen, at, weekdays, hours, days, field):
    with pytest.raises(RuleBroken) as broken:
        services.give_hours(helen, weekdays, hours, days, actor=helen, at=at)
    assert broken.value.field == field


def test_it_lists_those_who_assess_mark_or_invigilate_here(make, epao, helen, iqa):
    tom = make.person(Role.INVIGILATOR, organisation=epao)
    make.person(Role.INDEPENDENT_ASSESSOR)
    found = queries.assessors(iqa, Permission.MANAGE_ASSESSORS)
    assert set(queries.db.session.scalars(found)) == {helen, tom}
