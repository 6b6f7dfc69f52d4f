from datetime import date

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.changes.models import ApprenticeshipChange
from epa.changes.rules import ChangeKind
from epa.gateway.rules import RequirementDecision
from epa.imports import services
from epa.imports.comparing import planned
from epa.imports.rules import understood
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import PLACEHOLDER_ULN, Attainment, Stage
from epa.people.models import Organisation, Person
from epa.people.rules import OrganisationKind, Role
from tests.epa.imports.table import HEAD, LEE, SIAN, csv_bytes, read

TODAY = date(2026, 6, 9)
MORE = (*HEAD, "email", "provider_ukprn", "employer_contact_name", "employer_contact_email")
WHOLE = (*SIAN, "sian@example.org", "10012345", "Ruth Pemberton", "ruth@tidewell.example")


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def administrator(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def store(epao, administrator, at, session):
    def stored(*rows, head=HEAD, **options):
        reading = understood(read(csv_bytes(*rows, head=head)), today=TODAY)
        report = services.store(reading, epao=epao, actor=administrator, at=at, **options)
        session.commit()
        return report

    return stored


@pytest.fixture
def look(epao):
    def looked(*rows, head=HEAD):
        reading = understood(read(csv_bytes(*rows, head=head)), today=TODAY)
        return services.report_of(planned(reading, epao))

    return looked


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.rejected)


def only(session):
    return session.scalars(select(EndPointAssessment)).one()


def test_it_registers_whoever_is_new_with_employer_provider_and_contact(store, session, epao):
    report = store(WHOLE, head=MORE)
    assert counts(report) == (1, 0, 0, 0)
    row = only(session)
    apprenticeship, person = row.apprenticeship, row.apprenticeship.person
    assert (row.epao, row.stage, row.number) == (epao, Stage.ON_PROGRAMME, 1)
    assert (person.given_names, person.family_name) == ("Siân", "O’Neill 李")
    assert {held.role for held in person.current_roles} == {Role.APPRENTICE}
    assert apprenticeship.original_start_on == date(2025, 3, 4)
    assert apprenticeship.employer.kinds == {OrganisationKind.EMPLOYER}
    assert apprenticeship.provider.ukprn == "10012345"
    contact = session.scalars(
        select(Person).where(Person.email_key == "ruth@tidewell.example")
    ).one()
    assert [(held.role, held.organisation) for held in contact.current_roles] == [
        (Role.EMPLOYER, apprenticeship.employer)
    ]
    assert report.organisations == ["Tidewell Housing", "Training provider 10012345"]
    assert {one.field for one in report.warnings} == {"employer", "provider_ukprn"}
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"apprentice registered", "apprentices imported"} <= actions


def test_the_same_table_twice_changes_nothing(store, session):
    store(WHOLE, (*LEE, "", "", "", ""), head=MORE)
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    report = store(WHOLE, (*LEE, "", "", "", ""), head=MORE)
    assert counts(report) == (0, 0, 2, 0)
    assert report.warnings == []
    assert session.scalar(select(func.count()).select_from(ApprenticeshipChange)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before + 1


def test_it_stores_nothing_when_a_row_is_rejected(store, session):
    report = store(SIAN, ("1", *LEE[1:]))
    assert counts(report) == (0, 0, 0, 1)
    assert not report.is_stored
    assert session.scalar(select(func.count()).select_from(Apprenticeship)) == 0
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_it_stores_the_others_when_told_to(store, session):
    report = store(SIAN, ("1", *LEE[1:]), skip_rejected=True)
    assert counts(report) == (1, 0, 0, 1)
    assert report.is_stored
    assert only(session).apprenticeship.uln == "1000000019"


def test_a_dry_run_says_the_same_and_stores_nothing(look, session):
    report = look(WHOLE, head=MORE)
    assert counts(report) == (1, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(Apprenticeship)) == 0
    assert not report.is_stored


def test_it_changes_what_a_table_says_otherwise_and_leaves_what_it_does_not_say(store, session):
    store(WHOLE, head=MORE)
    head = (*HEAD, "maths", "planned_end")
    changed = (*SIAN[:1], "Sian", *SIAN[2:4], "Harbour Row Trust", SIAN[5], "level_2", "2027-01-31")
    assert counts(store(changed, head=head)) == (0, 1, 0, 0)
    session.expire_all()
    apprenticeship = only(session).apprenticeship
    assert apprenticeship.person.given_names == "Sian"
    assert apprenticeship.employer.name == "Harbour Row Trust"
    assert (apprenticeship.maths, apprenticeship.english) == (Attainment.LEVEL_2, Attainment.NONE)
    assert apprenticeship.planned_end_on == date(2027, 1, 31)
    assert apprenticeship.person.email == "sian@example.org"
    assert apprenticeship.provider.ukprn == "10012345"
    kinds = set(session.scalars(select(ApprenticeshipChange.kind)))
    assert kinds == {ChangeKind.NAME, ChangeKind.EMPLOYER}
    assert counts(store(changed, head=head)) == (0, 0, 1, 0)


def test_it_finds_somebody_without_a_number_and_gives_them_theirs(store, session):
    nameless = (PLACEHOLDER_ULN, *SIAN[1:])
    store(nameless)
    assert counts(store(nameless)) == (0, 0, 1, 0)
    assert counts(store(SIAN)) == (0, 1, 0, 0)
    session.expire_all()
    assert only(session).apprenticeship.uln == "1000000019"
    # The old table does not take the number away again.
    assert counts(store(nameless)) == (0, 0, 1, 0)
    elsewhere = (*nameless[:4], "Harbour Row Trust", nameless[5])
    assert counts(store(elsewhere)) == (1, 0, 0, 0)


def test_it_uses_an_employer_that_is_known_under_another_case(store, make, session):
    known = make.organisation(OrganisationKind.EMPLOYER, name="TIDEWELL  Housing")
    report = store(SIAN)
    assert (only(session).apprenticeship.employer, report.organisations) == (known, [])


def test_what_is_known_as_something_else_becomes_an_employer_too(store, make, session):
    known = make.organisation(OrganisationKind.TRAINING_PROVIDER, name="Tidewell Housing")
    report = store(SIAN)
    session.expire_all()
    assert OrganisationKind.EMPLOYER in known.kinds
    assert "becomes this too" in report.warnings[0].problem


def test_it_does_not_guess_between_two_employers_of_one_name(store, make):
    for _ in range(2):
        make.organisation(OrganisationKind.EMPLOYER, name="Tidewell Housing")
    report = store(SIAN)
    assert [(one.row, one.field) for one in report.rejected] == [(2, "employer")]


def test_it_rejects_a_learner_of_another_epao_without_saying_whose(store, make):
    theirs = make.assessment()
    theirs.apprenticeship.uln = "1000000019"
    report = store(SIAN)
    assert report.rejected == [(2, "uln", "is registered already for ST0663")]


def test_it_rejects_an_address_that_is_somebody_elses(store, make, epao):
    colleague = make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao)
    elsewhere = make.person(Role.ADMINISTRATOR)
    head = (*HEAD, "email")
    for holder in (colleague, elsewhere):
        report = store((*SIAN, holder.email), head=head)
        assert [one.field for one in report.rejected] == ["email"]
    head = (*HEAD, "employer_contact_name", "employer_contact_email")
    report = store((*SIAN, "Ruth Pemberton", colleague.email), head=head)
    assert [one.field for one in report.rejected] == ["employer_contact_email"]


def test_it_changes_nothing_that_the_gateway_was_decided_on(store, make, epao, session):
    row = make.assessment_in_epa(epao=epao)
    of, person = row.apprenticeship, row.apprenticeship.person
    same = (
        of.uln,
        person.given_names,
        person.family_name,
        of.date_of_birth.isoformat(),
        of.employer.name,
    )
    report = store((*same, "2024-03-11", "2026-12-31"), head=(*HEAD, "planned_end"))
    assert [(one.field, "gateway" in one.problem) for one in report.rejected] == [
        ("learning_start", True)
    ]
    report = store((*same, "2024-03-04", "2026-12-31"), head=(*HEAD, "planned_end"))
    assert counts(report) == (0, 1, 0, 0)


def test_it_leaves_what_an_accepted_requirement_rests_on(store, make, epao):
    row = make.assessment(epao=epao)
    review = make.review(row, row.apprenticeship.person)
    time = next(one for one in review.requirements if one.code == "time_on_programme")
    time.decision, time.decided_by, time.decided_at = (
        RequirementDecision.ACCEPTED,
        row.apprenticeship.person,
        make.at,
    )
    of, person = row.apprenticeship, row.apprenticeship.person
    cells = (of.uln, person.given_names, person.family_name, "2000-02-29", of.employer.name)
    report = store((*cells, "2024-03-11"))
    assert [one.field for one in report.rejected] == ["learning_start"]


def test_a_closed_record_is_not_changed_and_a_later_start_is_a_new_one(store, session):
    store(SIAN)
    only(session).stage = Stage.WITHDRAWN
    session.commit()
    assert counts(store(SIAN)) == (0, 0, 1, 0)
    assert store((*SIAN[:4], "Harbour Row Trust", SIAN[5])).rejected[0].field == "employer"
    assert counts(store((*SIAN[:5], "2026-02-02"))) == (1, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(EndPointAssessment)) == 2


def test_it_rejects_a_standard_that_is_not_assessed_here(store):
    report = store((*SIAN, "ST0001"), head=(*HEAD, "standard_reference"))
    assert [one.field for one in report.rejected] == ["standard_reference"]


def test_it_says_how_far_it_has_come(store):
    told = []
    store(SIAN, LEE, told=lambda done, whole: told.append((done, whole)))
    assert told == [(0, 2), (2, 2)]


def test_a_new_address_ends_the_sessions_of_its_holder(store, session, at):
    from epa.sign_in.queries import live_sessions
    from epa.sign_in.services import open_session

    head = (*HEAD, "email")
    store((*SIAN, "sian@example.org"), head=head)
    person = only(session).apprenticeship.person
    open_session(person, at=at, complete=True)
    session.commit()
    store((*SIAN, "sian@new.example"), head=head)
    assert person.email_key == "sian@new.example"
    assert list(live_sessions(person, at)) == []
