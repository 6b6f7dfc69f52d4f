from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.audit.services import record
from epa.audit_log import queries
from epa.files.models import StoredFile
from epa.people.rules import Permission, Role

READ = Permission.READ_AUDIT_LOG


def seen(session, person):
    return {entry.action for entry in session.scalars(queries.entries(person, READ))}


def test_it_shows_what_ones_own_people_did_and_what_was_done_to_them(make, session, at):
    epao = make.organisation()
    auditor = make.person(Role.AUDITOR, organisation=epao)
    ours = make.person(Role.MARKER, organisation=epao)
    theirs, contact = make.person(Role.MARKER), make.person(Role.EMPLOYER)
    record(ours, "did something", contact, at=at)
    record(None, "was refused", ours, at=at)
    record(theirs, "did elsewhere", theirs, at=at)
    record(contact, "did at home", contact, at=at)
    session.commit()
    assert seen(session, auditor) == {"did something", "was refused"}


def test_it_shows_what_anybody_did_to_ones_own_assessments(make, session, at):
    epao = make.organisation()
    auditor, employer = make.person(Role.AUDITOR, organisation=epao), make.person(Role.EMPLOYER)
    ours, theirs = make.assessment_in_epa(epao=epao), make.assessment_in_epa()
    for one, word in ((ours, "ours"), (theirs, "theirs")):
        record(employer, f"{word}: assessment", one, at=at)
        record(employer, f"{word}: attempt", one.attempts[0], at=at)
        record(employer, f"{word}: apprenticeship", one.apprenticeship, at=at)
    session.commit()
    found = seen(session, auditor)
    assert {"ours: assessment", "ours: attempt", "ours: apprenticeship"} <= found
    assert not any(action.startswith("theirs") for action in found)


def test_somebody_of_two_epaos_shows_neither_what_they_did_for_the_other(make, session, at):
    epao, other = make.organisation(), make.organisation()
    auditor = make.person(Role.AUDITOR, organisation=epao)
    both = make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao)
    make.role(both, Role.INDEPENDENT_ASSESSOR, other)
    record(both, "did for the other", make.assessment(epao=other), at=at)
    record(both, "did for us", make.assessment(epao=epao), at=at)
    session.commit()
    assert seen(session, auditor) == {"did for us"}


def test_it_shows_nothing_to_whoever_may_not_read_it(make, session, at):
    person = make.person(Role.MARKER)
    record(person, "did something", person, at=at)
    session.commit()
    assert session.scalars(select(AuditEntry)).all()
    assert seen(session, person) == set()


def test_every_record_of_a_case_is_known_to_hang_on_its_assessment():
    hanging = queries._hanging()
    for name in (
        "EndPointAssessment",
        "MethodAttempt",
        "Allocation",
        "GatewayReview",
        "GatewayRequirement",
        "PortfolioVersion",
        "MarkSheet",
        "Judgement",
    ):
        assert name in hanging
    for name in ("Person", "Organisation", "Mail", StoredFile.__name__):
        assert name not in hanging
