from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.database import db
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.gateway import queries, services
from epa.gateway.rules import Readiness, RequirementDecision
from epa.lifecycle.rules import PLACEHOLDER_ULN, Attainment, Stage
from epa.people.rules import Permission, Role
from epa.portfolio.rules import PortfolioStatus

READY = Readiness(is_ready=True, decided_on=date(2026, 6, 1))


@pytest.fixture
def review(make):
    return make.supplied_review()


@pytest.fixture
def people(make, review):
    return make.people_of(review.assessment)


def accept_all(review, people, at, but=()):
    for row in review.requirements:
        if row.code not in but:
            services.accept(row, actor=people["administrator"], at=at)


def test_it_opens_once_and_leaves_the_stage_until_something_is_supplied(make, at):
    assessment = make.assessment()
    review = make.review(assessment)
    again = services.open_review(assessment, actor=assessment.apprenticeship.person, at=at)
    assert again is review
    assert [row.position for row in review.requirements] == [1, 2, 3, 4, 5, 6]
    assert assessment.stage is Stage.ON_PROGRAMME
    row = make.requirement(review, "certificate_permission")
    services.supply(row, {"given": True}, actor=assessment.apprenticeship.person, at=at)
    assert assessment.stage is Stage.GATEWAY


def test_it_starts_the_epa_period_in_london_with_the_last_acceptance(review, people, at):
    accept_all(review, people, at, but=["portfolio"])
    assert review.assessment.epa_starts_on is None
    late_evening = at.replace(hour=23, minute=30)
    last = next(row for row in review.requirements if row.code == "portfolio")
    services.accept(last, actor=people["administrator"], at=late_evening)
    assert review.assessment.stage is Stage.ASSESSMENT
    assert review.assessment.epa_starts_on == date(2026, 6, 10)
    version = queries.submitted_portfolio(review.assessment)
    assert version.status is PortfolioStatus.ACCEPTED


def test_it_lets_only_those_supply_whom_the_requirement_names(make, at):
    review = make.review()
    people = make.people_of(review.assessment)
    for row in review.requirements:
        named = set(queries.definition_of(row).supplied_by)
        for part, person in people.items():
            if part not in named:
                with pytest.raises(NotAllowed, match=r"Only .* can give this"):
                    services.supply(row, {}, actor=person, at=at)


def test_it_lets_nobody_from_elsewhere_supply_or_decide(make, review, at):
    row = make.requirement(review, "time_on_programme")
    strangers = [make.person(role) for role in (Role.ADMINISTRATOR, Role.TRAINING_PROVIDER)]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            services.supply(row, {}, actor=stranger, at=at)
        with pytest.raises(NotAllowed):
            services.accept(row, actor=stranger, at=at)


@pytest.mark.parametrize("part", ["administrator", "training_provider", "apprentice"])
def test_it_takes_the_confirmation_from_nobody_but_the_employer(review, people, at, part):
    employer = review.assessment.apprenticeship.employer
    with pytest.raises(NotAllowed, match=employer.name):
        services.confirm_readiness(review, READY, actor=people[part], at=at, organisation=employer)
    with pytest.raises(NotAllowed):
        services.withdraw_confirmation(review, actor=people[part], at=at)


def test_it_takes_no_confirmation_on_behalf_of_another_organisation(make, review, people, at):
    with pytest.raises(NotAllowed):
        services.confirm_readiness(
            review, READY, actor=people["employer"], at=at, organisation=make.organisation()
        )


def test_nobody_accepts_the_confirmation_that_they_gave(make, session, review, people, at):
    employer = review.assessment.apprenticeship.employer
    both = people["administrator"]
    make.role(both, Role.EMPLOYER, employer)
    services.confirm_readiness(review, READY, actor=both, at=at, organisation=employer)
    row = make.requirement(review, "employer_confirmation")
    with pytest.raises(RuleBroken, match="Somebody else must accept it") as broken:
        services.accept(row, actor=both, at=at)
    assert broken.value.code == "second-person"


def test_it_cannot_accept_what_is_missing_and_says_by_how_much(make, at):
    assessment = make.assessment()
    assessment.apprenticeship.learning_start_on = date(2025, 7, 1)
    review = make.supplied_review(assessment)
    administrator = make.people_of(assessment)["administrator"]
    with pytest.raises(RuleBroken, match="11 full months; 12 needed, 1 month short") as broken:
        services.accept(make.requirement(review, "time_on_programme"), actor=administrator, at=at)
    assert broken.value.code == "requirement-not-met"
    assert assessment.stage is Stage.GATEWAY


def test_it_accepts_nothing_that_was_not_supplied(make, at):
    review = make.review()
    administrator = make.people_of(review.assessment)["administrator"]
    for row in review.requirements:
        if row.code == "english_and_mathematics":
            continue
        with pytest.raises(RuleBroken) as broken:
            services.accept(row, actor=administrator, at=at)
        assert broken.value.code == "nothing-supplied"


def test_it_accepts_without_a_supply_what_the_policy_does_not_ask_for(make, at):
    review = make.review()
    row = make.requirement(review, "english_and_mathematics")
    services.accept(row, actor=make.people_of(review.assessment)["administrator"], at=at)
    assert row.decision is RequirementDecision.ACCEPTED
    assert row.shown.startswith("English not required: 24 at original start, not opted in")


def test_it_asks_for_evidence_where_a_level_is_claimed(make, at):
    review = make.review()
    row = make.requirement(review, "english_and_mathematics")
    apprentice = review.assessment.apprenticeship.person
    with pytest.raises(RuleBroken) as broken:
        services.supply(row, {"english": Attainment.LEVEL_2}, actor=apprentice, at=at)
    assert (broken.value.code, broken.value.field) == ("no-evidence", "evidence")


def test_it_locks_what_was_accepted(make, review, people, at):
    row = make.requirement(review, "off_the_job")
    services.accept(row, actor=people["administrator"], at=at)
    for act in (
        lambda: services.accept(row, actor=people["administrator"], at=at),
        lambda: services.reject(row, "No", actor=people["administrator"], at=at),
        lambda: services.supply(
            row, {"percent": Decimal(30)}, actor=people["training_provider"], at=at
        ),
    ):
        with pytest.raises(RuleBroken) as broken:
            act()
        assert broken.value.code == "requirement-locked"


def test_it_reopens_a_rejected_row_when_it_is_supplied_again(make, review, people, at, session):
    row = make.requirement(review, "off_the_job")
    with pytest.raises(RuleBroken, match="Say why"):
        services.reject(row, " ", actor=people["administrator"], at=at)
    services.reject(row, "The log ends in May.", actor=people["administrator"], at=at)
    assert (row.decision, row.reason) == (RequirementDecision.REJECTED, "The log ends in May.")
    with pytest.raises(RuleBroken) as broken:
        services.accept(row, actor=people["administrator"], at=at)
    assert broken.value.code == "nothing-supplied"
    services.supply(row, {"percent": Decimal(22)}, actor=people["training_provider"], at=at)
    assert (row.decision, row.reason, row.number) == (RequirementDecision.PENDING, None, 2)
    services.accept(row, actor=people["administrator"], at=at + timedelta(hours=1))
    session.commit()
    history = [(one.number, one.decision.value, one.reason) for one in row.decisions]
    assert history == [(1, "rejected", "The log ends in May."), (2, "accepted", None)]


def test_it_returns_a_portfolio_and_takes_the_next_version(make, review, people, at):
    row = make.requirement(review, "portfolio")
    first = queries.submitted_portfolio(review.assessment)
    services.reject(row, "Piece 3 names a person.", actor=people["administrator"], at=at)
    assert first.status is PortfolioStatus.RETURNED
    assert queries.decision_of(row) is RequirementDecision.REJECTED
    newest = queries.current_version(review.assessment)
    if newest is first:
        make.frozen_portfolio(review.assessment, number=2)
    else:
        newest.status, newest.submitted_at = PortfolioStatus.SUBMITTED, at
    assert queries.decision_of(row) is RequirementDecision.PENDING


def test_it_blocks_a_portfolio_outside_the_limits(make, at):
    assessment = make.assessment()
    make.frozen_portfolio(assessment, pieces=22, service_users=3)
    review = make.review(assessment)
    row = make.requirement(review, "portfolio")
    with pytest.raises(RuleBroken, match="2 pieces short, 1 service user short"):
        services.accept(row, actor=make.people_of(assessment)["administrator"], at=at)


def test_it_refuses_the_placeholder_uln_only_at_the_last_requirement(make, at):
    assessment = make.assessment()
    assessment.apprenticeship.uln = PLACEHOLDER_ULN
    review = make.supplied_review(assessment)
    people = make.people_of(assessment)
    accept_all(review, people, at, but=["portfolio"])
    with pytest.raises(RuleBroken) as broken:
        services.accept(make.requirement(review, "portfolio"), actor=people["administrator"], at=at)
    assert broken.value.code == "uln-placeholder"
    assert assessment.stage is Stage.GATEWAY


def test_it_takes_the_confirmation_back_until_the_gateway_is_decided(make, review, people, at):
    row = make.requirement(review, "employer_confirmation")
    services.accept(row, actor=people["administrator"], at=at)
    services.withdraw_confirmation(review, actor=people["employer"], at=at)
    assert (row.decision, row.supplied) == (RequirementDecision.PENDING, None)
    services.confirm_readiness(
        review,
        READY,
        actor=people["employer"],
        at=at,
        organisation=review.assessment.apprenticeship.employer,
    )
    accept_all(review, people, at)
    with pytest.raises(RuleBroken) as broken:
        services.withdraw_confirmation(review, actor=people["employer"], at=at)
    assert broken.value.code == "gateway-closed"


def test_it_does_not_accept_a_confirmation_that_says_not_yet(make, review, people, at):
    employer = review.assessment.apprenticeship.employer
    act = {"actor": people["employer"], "at": at, "organisation": employer}
    with pytest.raises(RuleBroken, match="Say what is still missing"):
        services.confirm_readiness(review, Readiness(False, date(2026, 6, 1)), **act)
    services.confirm_readiness(
        review, Readiness(False, date(2026, 6, 1), "Action plans need more care."), **act
    )
    row = make.requirement(review, "employer_confirmation")
    with pytest.raises(RuleBroken, match="Action plans need more care"):
        services.accept(row, actor=people["administrator"], at=at)


def test_it_lets_a_confirmation_lapse_with_the_employer(make, review, people, at):
    review.assessment.apprenticeship.employer = make.organisation()
    row = make.requirement(review, "employer_confirmation")
    with pytest.raises(RuleBroken, match="no longer the employer"):
        services.accept(row, actor=people["administrator"], at=at)


@pytest.mark.parametrize("decided_on", [date(2026, 6, 10), date(2024, 3, 3), date(1, 1, 1)])
def test_it_refuses_a_date_of_decision_that_cannot_be(review, people, at, decided_on):
    with pytest.raises(RuleBroken) as broken:
        services.confirm_readiness(
            review,
            Readiness(True, decided_on),
            actor=people["employer"],
            at=at,
            organisation=review.assessment.apprenticeship.employer,
        )
    assert broken.value.field == "decided_on"


def test_it_lets_the_provider_advise_and_decide_nothing(review, people, at):
    services.advise(
        review, "Ready in our view.", actor=people["training_provider"], at=at, in_favour=True
    )
    services.advise(
        review, "Still so.", actor=people["training_provider"], at=at + timedelta(days=1)
    )
    assert [one.text for one in review.advice] == ["Ready in our view.", "Still so."]
    with pytest.raises(NotAllowed):
        services.advise(review, "Mine too.", actor=people["employer"], at=at)
    with pytest.raises(NotAllowed):
        services.accept(review.requirements[0], actor=people["training_provider"], at=at)


def test_it_tells_the_second_of_two_what_the_first_changed(make, review, people, at):
    seen = review.lock_version
    first, second = make.requirement(review, "off_the_job"), make.requirement(review, "portfolio")
    services.accept(first, actor=people["administrator"], at=at, seen=seen)
    db.session.flush()
    assert review.lock_version == seen + 1
    with pytest.raises(Conflict, match=r"accepted “Off-the-job training” on 9 June 2026 at 10:30"):
        services.accept(second, actor=people["administrator"], at=at, seen=seen)
    services.accept(second, actor=people["administrator"], at=at, seen=review.lock_version)


def test_it_keeps_breaks_that_the_provider_adds(make, at):
    review = make.review()
    provider = make.people_of(review.assessment)["training_provider"]
    row = make.requirement(review, "time_on_programme")
    for values, field in (
        ({"break_to": date(2025, 3, 16)}, "break_from"),
        ({"break_from": date(2025, 3, 16), "break_to": date(2025, 2, 3)}, "break_to"),
        ({"break_from": date(2024, 3, 3)}, "break_from"),
    ):
        with pytest.raises(RuleBroken) as broken:
            services.supply(row, values, actor=provider, at=at)
        assert broken.value.field == field
    pause = {"break_from": date(2025, 2, 3), "break_to": date(2025, 3, 16)}
    services.supply(row, pause, actor=provider, at=at)
    assert "after a break of 42 days" in queries.finding_of(row, date(2026, 4, 14)).shown


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "hours"),
        ({"percent": None, "hours": None}, "percent"),
        ({"weekly_hours": Decimal(30)}, "hours"),
        ({"hours": 400, "hours_needed": None}, "hours_needed"),
        ({"hours": 400, "weekly_hours": None, "paid_hours": None}, "weekly_hours"),
        ({"hours": 400, "weekly_hours": Decimal(30), "paid_hours": 2000}, "paid_hours"),
        ({"percent": Decimal(20), "hours": 400}, "percent"),
    ],
)
def test_it_asks_for_a_whole_off_the_job_declaration(make, at, values, field):
    review = make.review()
    provider = make.people_of(review.assessment)["training_provider"]
    with pytest.raises(RuleBroken) as broken:
        services.supply(make.requirement(review, "off_the_job"), values, actor=provider, at=at)
    assert broken.value.field == field


def test_it_records_every_change_with_codes_and_no_words(review, people, at, session):
    services.reject(
        review.requirements[0], "Canary of a reason", actor=people["administrator"], at=at
    )
    session.commit()
    entries = session.scalars(select(AuditEntry)).all()
    actions = [entry.action for entry in entries]
    assert "gateway opened" in actions
    assert "gateway requirement supplied" in actions
    assert "gateway requirement rejected" in actions
    assert not [entry for entry in entries if "Canary" in str(entry.details)]


def test_it_supplies_nothing_after_the_gateway_is_decided(review, people, at):
    accept_all(review, people, at)
    with pytest.raises(RuleBroken) as broken:
        services.supply(review.requirements[0], {}, actor=people["administrator"], at=at)
    assert broken.value.code == "gateway-closed"


def test_it_reaches_requirements_only_within_scope(make, review, people):
    row, other = review.requirements[0], make.review().requirements[0]
    view = Permission.VIEW_GATEWAY
    for person in people.values():
        assert queries.requirement_for(person, view, row.id) is row
        assert queries.requirement_for(person, view, other.id) is None
    assessor = make.person(Role.INDEPENDENT_ASSESSOR, organisation=review.assessment.epao)
    assert queries.requirement_for(assessor, view, row.id) is None


def test_what_is_stated_at_the_gateway_counts_in_place_of_the_registration(make, at):
    assessment = make.assessment()
    assessment.apprenticeship.date_of_birth = date(2007, 2, 1)  # 17 at the start
    review, people = make.review(assessment), make.people_of(assessment)
    row = make.requirement(review, "english_and_mathematics")
    levels = {"english": "entry_3", "mathematics": "entry_3", "evidence": "Certificates seen"}
    for stated, is_met in (
        ({}, False),
        ({"legacy_statement": True}, True),
        ({"ehc_plan": True, "legacy_statement": False}, True),
        ({"ehc_plan": False, "legacy_statement": False}, False),
    ):
        services.supply(row, levels | stated, actor=people["training_provider"], at=at)
        finding = queries.finding_of(row, date(2026, 6, 9))
        assert finding.is_met == is_met
        assert "plan" not in finding.shown
    assessment.apprenticeship.has_ehc_plan = True
    services.supply(row, levels, actor=people["training_provider"], at=at)
    assert queries.finding_of(row, date(2026, 6, 9)).is_met


def test_an_adult_who_opts_in_at_the_gateway_is_asked(make, at):
    assessment = make.assessment()
    review, people = make.review(assessment), make.people_of(assessment)
    row = make.requirement(review, "english_and_mathematics")
    assert queries.finding_of(row, date(2026, 6, 9)).waived
    said = {"english": "none", "mathematics": "level_2", "evidence": "Seen", "opted_in": True}
    services.supply(row, said, actor=people["apprentice"], at=at)
    finding = queries.finding_of(row, date(2026, 6, 9))
    assert not finding.waived
    assert not finding.is_met
