from epa.lifecycle import queries
from epa.lifecycle.rules import Duty, Stage
from epa.people.rules import OrganisationKind, Permission, Role

VIEW = Permission.VIEW_ASSESSMENT


def test_it_opens_one_attempt_at_every_method_when_the_gateway_is_accepted(make):
    row = make.assessment_in_epa()
    assert row.stage is Stage.ASSESSMENT
    assert list(queries.current_attempts(row)) == ["presentation", "observation", "knowledge_test"]
    assert queries.period_of(row).ends_on.isoformat() == "2026-09-09"


def test_each_role_reaches_only_its_own(make):
    mine, other = make.assessment_in_epa(), make.assessment_in_epa()
    epao = mine.epao
    apprenticeship = mine.apprenticeship
    provider = make.person(Role.TRAINING_PROVIDER, organisation=apprenticeship.provider)
    reach = {
        "administrator": make.person(Role.ADMINISTRATOR, organisation=epao),
        "employer": make.person(Role.EMPLOYER, organisation=apprenticeship.employer),
        "provider": provider,
        "apprentice": apprenticeship.person,
    }
    for person in reach.values():
        assert queries.assessment_for(person, VIEW, mine.id) is mine
        assert queries.assessment_for(person, VIEW, other.id) is None


def test_an_assessor_reaches_only_the_attempts_they_are_allocated_to(make):
    row = make.assessment_in_epa()
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
    observation, presentation = make.attempt(row, "observation"), make.attempt(row, "presentation")
    assert queries.assessment_for(helen, VIEW, row.id) is None
    make.allocate(observation, helen)
    assert queries.assessment_for(helen, VIEW, row.id) is row
    assert queries.attempt_for(helen, Permission.JUDGE, observation.id) is observation
    assert queries.attempt_for(helen, Permission.JUDGE, presentation.id) is None


def test_a_role_reaches_only_what_the_role_that_grants_it_reaches(make):
    """Somebody who marks for one EPAO and works for an employer judges nothing there."""
    row = make.assessment_in_epa()
    both = make.person(Role.INDEPENDENT_ASSESSOR, organisation=make.organisation())
    held = make.person(Role.EMPLOYER, organisation=row.apprenticeship.employer).roles_held[0]
    held.person = both
    attempt = make.attempt(row, "observation")
    assert queries.attempt_for(both, VIEW, attempt.id) is attempt
    assert queries.attempt_for(both, Permission.JUDGE, attempt.id) is None
    assert OrganisationKind.EMPLOYER in row.apprenticeship.employer.kinds
    assert attempt.allocated(Duty.ASSESSOR) is None
