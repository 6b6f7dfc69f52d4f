from datetime import UTC, date, datetime

import pytest

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken
from epa.lifecycle.rules import Stage
from epa.material import queries, services
from epa.material.models import SupportingMaterial
from epa.material.rules import Supplier
from epa.material.services import Matter
from epa.needs.queries import needs_of
from epa.people.rules import Permission, Role

LAST_SECOND = datetime(2026, 7, 7, 22, 59, 59, 999999, tzinfo=UTC)
FIRST_LATE = datetime(2026, 7, 7, 23, 0, tzinfo=UTC)
PAPER = Matter(note="Handed over on paper.")


@pytest.fixture
def case(make):
    return make.assessment_in_epa()


@pytest.fixture
def sam(case):
    return case.apprenticeship.person


@pytest.fixture
def admin(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


@pytest.fixture
def plan(case, admin, at):
    return services.ask(case, " Plan of the day ", Supplier.APPRENTICE, actor=admin, at=at)


def test_it_is_due_four_weeks_after_the_period_starts(case):
    assert queries.due_on(case) == date(2026, 7, 7)


def test_it_makes_a_new_version_with_every_supply(session, make, plan, sam, at):
    file = make.stored_file(sam)
    first = services.supply(plan, Matter(file), actor=sam, at=at)
    second = services.supply(plan, PAPER, actor=sam, at=LAST_SECOND)
    session.commit()
    assert (plan.title, first.version, second.version) == ("Plan of the day", 1, 2)
    assert plan.newest is second
    assert queries.delivery_of(plan, 1) is first
    assert queries.delivery_of(plan, 3) is None
    entries = session.query(AuditEntry).filter_by(action="material supplied")
    assert "Plan" not in str([entry.details for entry in entries])


def test_it_is_taken_to_the_last_second_in_london_and_then_only_with_a_reason(plan, sam, admin):
    services.supply(plan, PAPER, actor=sam, at=LAST_SECOND)
    with pytest.raises(RuleBroken, match="due on 7 July 2026") as late:
        services.supply(plan, PAPER, actor=sam, at=FIRST_LATE)
    assert late.value.code == "material-late"
    with pytest.raises(RuleBroken, match="Say why"):
        services.accept_late(plan, PAPER, " ", actor=admin, at=FIRST_LATE)
    let_in = services.accept_late(plan, PAPER, " Flood. ", actor=admin, at=FIRST_LATE)
    assert (let_in.late_reason, let_in.allowed_late_by_id) == ("Flood.", admin.id)


def test_it_lets_nothing_in_as_late_that_is_in_time(make, plan, admin, at):
    with pytest.raises(RuleBroken, match="due on 7 July 2026"):
        services.accept_late(plan, PAPER, "Flood.", actor=admin, at=LAST_SECOND)
    early = make.assessment()
    wanted = services.ask(early, "Consent", Supplier.EMPLOYER, actor=admin, at=at)
    services.supply(wanted, PAPER, actor=admin, at=at)
    with pytest.raises(RuleBroken, match="not due before"):
        services.accept_late(wanted, PAPER, "Flood.", actor=admin, at=at)


def test_it_takes_nothing_that_is_empty_dropped_or_after_the_end(plan, sam, admin, at):
    with pytest.raises(RuleBroken, match="Give a file"):
        services.supply(plan, Matter(note=" \n"), actor=sam, at=at)
    services.drop(plan, actor=admin, at=at)
    with pytest.raises(RuleBroken, match="no longer needed"):
        services.supply(plan, PAPER, actor=sam, at=at)
    services.take_up_again(plan, actor=admin, at=at)
    services.supply(plan, PAPER, actor=sam, at=at)
    plan.assessment.stage = Stage.WITHDRAWN
    for refused in (
        lambda: services.supply(plan, PAPER, actor=sam, at=at),
        lambda: services.drop(plan, actor=admin, at=at),
        lambda: services.ask(plan.assessment, "More", Supplier.EMPLOYER, actor=admin, at=at),
    ):
        with pytest.raises(RuleBroken, match="Withdrawn"):
            refused()
    plan.assessment.stage = Stage.ASSESSMENT
    with pytest.raises(RuleBroken, match="what is needed"):
        services.ask(plan.assessment, " ", Supplier.EMPLOYER, actor=admin, at=at)


def test_it_asks_who_is_to_supply_and_then_who_may_let_it_in(session, make, case, plan, admin, at):
    employer = make.person(Role.EMPLOYER, organisation=case.apprenticeship.employer)
    consent = services.ask(case, "Consent", Supplier.EMPLOYER, actor=admin, at=at)

    def asked(person, when):
        found = needs_of(person, when)
        return [(one.what, one.text) for one in found if one.place == "material.index"]

    assert asked(employer, at) == [("Supply supporting material", "Consent.")]
    assert [what for what, _ in asked(plan.assessment.apprenticeship.person, at)] == [
        "Supply supporting material"
    ]
    assert asked(admin, at) == []
    assert [what for what, _ in asked(admin, FIRST_LATE)] == ["Supporting material is late"] * 2
    services.accept_late(consent, PAPER, "Post.", actor=admin, at=FIRST_LATE)
    services.drop(plan, actor=admin, at=FIRST_LATE)
    assert asked(admin, FIRST_LATE) == asked(employer, FIRST_LATE) == []


def test_it_is_there_for_those_on_the_case_and_for_nobody_else(session, make, case, plan, at):
    ship = case.apprenticeship
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=case.epao)
    assert queries.material_for(helen, Permission.VIEW_MATERIAL, plan.id) is None
    make.allocate(make.attempt(case, "observation"), helen)
    for person in (
        helen,
        ship.person,
        make.person(Role.EMPLOYER, organisation=ship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=ship.provider),
    ):
        assert queries.material_for(person, Permission.VIEW_MATERIAL, plan.id) is plan
    for person in (make.person(Role.ADMINISTRATOR), make.person(Role.EMPLOYER)):
        assert queries.material_for(person, Permission.VIEW_MATERIAL, plan.id) is None
    assert session.query(SupportingMaterial).count() == 1
