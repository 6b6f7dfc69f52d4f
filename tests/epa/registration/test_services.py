from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken
from epa.lifecycle.models import Apprenticeship
from epa.lifecycle.rules import PLACEHOLDER_ULN, Stage
from epa.people.models import Person
from epa.people.rules import OrganisationKind, Role
from epa.registration import services
from epa.registration.rules import Registration


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def administrator(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def fields(make):
    return Registration(
        uln="1000000019",
        given_names="Siân",
        family_name="O’Neill 李",
        date_of_birth=date(2003, 5, 28),
        employer_id=make.organisation(OrganisationKind.EMPLOYER).id,
        provider_id=make.organisation(OrganisationKind.TRAINING_PROVIDER).id,
        email="sian@example.org",
        learning_start_on=date(2025, 3, 4),
    )


@pytest.fixture
def register(epao, administrator, at):
    def registered(fields):
        return services.register(fields, epao=epao, actor=administrator, at=at)

    return registered


def test_it_makes_a_person_an_apprenticeship_and_an_assessment(register, fields, epao, session):
    assessment = register(fields)
    session.commit()
    session.expire_all()
    apprenticeship = assessment.apprenticeship
    person = apprenticeship.person
    assert person.name == "Siân O’Neill 李"
    assert [(held.role, held.organisation) for held in person.current_roles] == [
        (Role.APPRENTICE, epao)
    ]
    assert (assessment.stage, assessment.framework_version) == (Stage.ON_PROGRAMME, "2022.1")
    assert apprenticeship.original_start_on == date(2025, 3, 4)
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"person added", "role granted", "apprentice registered"} <= actions


def test_it_reuses_a_person_of_the_epao_with_the_same_address(register, fields, session):
    first = register(fields)
    first.stage = Stage.COMPLETE
    second = register(replace(fields, email="SIAN@example.org"))
    session.commit()
    assert second.apprenticeship.person is first.apprenticeship.person
    assert len(second.apprenticeship.person.current_roles) == 1


@pytest.mark.parametrize("stage", [Stage.ON_PROGRAMME, Stage.ASSESSMENT, Stage.PAUSED])
def test_it_refuses_a_learner_who_is_registered_already(register, fields, stage):
    register(fields).stage = stage
    with pytest.raises(RuleBroken) as broken:
        register(replace(fields, email=None))
    assert (broken.value.code, broken.value.field) == ("registered-already", "uln")


@pytest.mark.parametrize("stage", [Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED])
def test_it_registers_again_once_the_first_is_over(register, fields, stage):
    register(fields).stage = stage
    assert register(fields).stage is Stage.ON_PROGRAMME


def test_it_knows_learners_without_a_number_by_name_birth_date_and_employer(
    register, fields, session
):
    nameless = replace(fields, uln=PLACEHOLDER_ULN, email=None)
    register(nameless)
    register(replace(nameless, given_names="Sion"))
    register(replace(nameless, date_of_birth=date(2003, 5, 29)))
    with pytest.raises(RuleBroken) as broken:
        register(replace(nameless, given_names="SIÂN"))
    assert broken.value.code == "registered-already"
    assert session.scalar(select(func.count()).select_from(Apprenticeship)) == 3


def test_it_refuses_an_address_that_is_somebody_elses(register, make, fields, epao):
    elsewhere = make.person(Role.EMPLOYER, given="Canary")
    colleague = make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao)
    other = make.person(Role.APPRENTICE, organisation=epao, given="Other")
    for person, code in (
        (elsewhere, "email-taken"),
        (colleague, "email-staff"),
        (other, "email-other-name"),
    ):
        with pytest.raises(RuleBroken) as broken:
            register(replace(fields, email=person.email))
        assert (broken.value.code, broken.value.field) == (code, "email")
        assert "Canary" not in broken.value.message


def test_it_refuses_organisations_of_another_kind(register, make, fields):
    for change, field in (
        ({"employer_id": fields.provider_id}, "employer_id"),
        ({"employer_id": uuid4()}, "employer_id"),
        ({"provider_id": fields.employer_id}, "provider_id"),
    ):
        with pytest.raises(RuleBroken) as broken:
            register(replace(fields, **change))
        assert broken.value.field == field


def test_it_stores_nothing_of_a_refused_one(register, fields, session):
    with pytest.raises(RuleBroken):
        register(replace(fields, uln="0000000000"))
    assert not session.scalar(select(Person).where(Person.email_key == fields.email))


def test_it_registers_somebody_without_address_or_provider(register, fields):
    assessment = register(replace(fields, email=None, provider_id=None))
    assert assessment.apprenticeship.person.email is None
    assert assessment.apprenticeship.provider is None
