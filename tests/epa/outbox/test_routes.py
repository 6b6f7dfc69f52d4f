import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.outbox import queries
from epa.outbox.models import Mail
from epa.people.rules import Role
from epa.settings import services as settings
from epa.sign_in import services


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def office(make, sign_in_as, epao):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


@pytest.fixture
def mail(make, session, at, epao):
    person = make.person(Role.MARKER, organisation=epao, email="marker@example.org")
    services.invite(person, organisation=epao, actor=person, at=at)
    session.commit()
    return session.scalar(select(Mail))


def test_it_lists_the_mails_of_ones_own_epao(office, mail, make, sign_in_as):
    page = office.get("/mail")
    assert "Your invitation to Plumbline" in page.text
    assert "Not sent yet" in page.text
    elsewhere = sign_in_as(make.person(Role.ADMINISTRATOR))
    assert "No mail was written yet" in elsewhere.get("/mail").text
    elsewhere.get(f"/mail/{mail.id}", 404)


def test_it_shows_the_link_outside_production_alone(office, mail, app, monkeypatch):
    assert mail.one_time_link in office.get(f"/mail/{mail.id}").text
    monkeypatch.setitem(app.config, "ENVIRONMENT", "production")
    page = office.get(f"/mail/{mail.id}")
    token = mail.one_time_link.rsplit("/", 1)[1]
    assert token not in page.response.get_data(as_text=True)
    assert token not in office.get("/mail").response.get_data(as_text=True)
    assert "the link is shown to its reader alone" in page.text


def test_reading_a_mail_is_in_the_log(office, mail, session):
    office.get(f"/mail/{mail.id}")
    assert "mail read" in session.scalars(select(AuditEntry.action)).all()


def test_it_says_what_became_of_it(office, mail, session, at):
    mail.attempts, mail.last_fault = 3, "The server did not answer"
    session.commit()
    assert "3 tries: The server did not answer" in office.get("/mail").text
    mail.sent_at = at
    session.commit()
    assert "Sent" in office.get("/mail").text


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_nobody_else_reads_mail(sign_in_as, make, mail, role):
    browser = sign_in_as(make.person(role))
    browser.get("/mail", 403)
    browser.get(f"/mail/{mail.id}", 403)


def test_everybody_chooses_their_own_mails(make, sign_in_as, session):
    person = make.person(Role.MARKER)
    browser = sign_in_as(person)
    assert browser.get("/account").link("Which mails you get") == "/account/mails"
    page = browser.get("/account/mails")
    assert page.html.find(id="mail_marks_differ").has_attr("checked")
    assert not page.html.find(id="mail_daily_mail").has_attr("checked")
    browser.post("/account/mails", {"mail_daily_mail": "yes"}, 303)
    choices = queries.choices_of(person)
    assert [event for event, chosen in choices.items() if chosen] == ["daily mail"]
    assert {"booking changed", "duty allocated", "marks differ"} < set(choices)
    page = browser.get("/account/mails")
    assert page.html.find(id="mail_daily_mail").has_attr("checked")


def test_it_offers_no_mail_that_is_switched_off_for_all(make, sign_in_as, at):
    ruth = make.person(Role.ADMINISTRATOR)
    settings.change({"mail_marks_differ": False, "daily_mail": False}, seen=0, actor=ruth, at=at)
    page = sign_in_as(ruth).get("/account/mails")
    assert page.html.find(id="mail_marks_differ") is None
    assert page.html.find(id="mail_daily_mail") is None
