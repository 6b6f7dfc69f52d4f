import pytest
from sqlalchemy import select, update

from epa.audit.models import AuditEntry
from epa.audit.services import record
from epa.people.rules import Role


@pytest.fixture
def auditor(make):
    return make.person(Role.AUDITOR, given="Ruth", family="Pemberton")


@pytest.fixture
def log(auditor, session, at):
    record(auditor, "looked", auditor, at=at, piece=4)
    record(auditor, "tidied", auditor, at=at)
    session.commit()


@pytest.fixture
def browser(auditor, log, sign_in_as):
    return sign_in_as(auditor)


def test_it_shows_who_did_what_and_writes_the_reading_down(browser, session):
    text = browser.get("/audit").text
    for words in ("Looked", "piece: 4", "Ruth Pemberton", "9 June 2026 at 10:30"):
        assert words in text
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.row.desc())).first()
    assert (entry.action, entry.details["narrowed_by"]) == ("audit log read", [])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("action=tidied", False),
        ("action=looked", True),
        ("actor=pember", True),
        ("actor=nobody", False),
        ("subject=Person", True),
        ("first-day=9&first-month=6&first-year=2026&last-day=9&last-month=6&last-year=2026", True),
        ("first-day=10&first-month=6&first-year=2026", False),
        ("last-day=8&last-month=6&last-year=2026", False),
        ("subject_id=00000000-0000-0000-0000-000000000000", False),
    ],
)
def test_it_is_narrowed(browser, query, shown):
    assert ("piece: 4" in browser.get(f"/audit?{query}").text) is shown


@pytest.mark.parametrize(
    "query",
    ["first-day=31&first-month=2&first-year=2026", "subject_id=x", "action=never", "actor=%00"],
)
def test_it_says_what_to_put_right(browser, query):
    assert browser.get(f"/audit?{query}", 422).errors


def test_it_verifies_the_chain_and_names_the_first_broken_row(browser, session):
    assert "Every entry follows" in browser.get("/audit/verification").text
    session.execute(
        update(AuditEntry).where(AuditEntry.row == 2).values(action="other"),
        execution_options={"synchronize_session": False},
    )
    session.commit()
    assert "row 2" in browser.get("/audit/verification").text
    assert "state broken at row 2" in browser.get("/audit/head.txt").text


def test_its_head_is_taken_away_as_text(browser):
    response = browser.get("/audit/head.txt").response
    assert response.mimetype == "text/plain"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.get_data(as_text=True).startswith("head ")


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in {Role.ADMINISTRATOR, Role.AUDITOR}]
)
def test_nobody_else_reads_it(sign_in_as, make, role):
    browser = sign_in_as(make.person(role))
    for path in ("/audit", "/audit/verification", "/audit/head.txt"):
        browser.get(path, 403)


def test_it_says_in_words_what_an_entry_is_about_and_leads_there_whoever_may_open_it(
    make, sign_in_as, session, at
):
    case = make.assessment_in_epa()
    apprentice, helen = (
        case.apprenticeship.person,
        make.person(Role.AUDITOR, organisation=case.epao),
    )
    office = make.person(Role.ADMINISTRATOR, organisation=case.epao)
    request = make.asked(make.failed(assessment=case))
    action = make.planned(request, actor=office).actions[0]
    other = make.assessment_in_epa()
    for subject in (case.apprenticeship, action, helen, other, other.apprenticeship.person):
        record(office, "looked", subject, at=at)
    record(office, "looked", helen, at=at, people=[str(office.id)], of=str(case.attempts[0].id))
    session.commit()
    by_office = sign_in_as(office).get("/audit?action=looked")
    assert "Apprenticeship" in by_office.text
    assert "Action of a plan" in by_office.text
    assert f"people: {office.name}" in by_office.text
    assert f"of: {apprentice.name}" in by_office.text
    assert by_office.link(apprentice.name) == f"/apprentices/{case.id}"
    assert by_office.link(helen.name) == f"/people/{helen.id}"
    by_auditor = sign_in_as(helen).get("/audit?action=looked&subject=Person")
    assert helen.name in by_auditor.text
    for page in (by_office, by_auditor):
        assert "End-point assessment" in page.text
        assert other.apprenticeship.person.family_name not in page.text
