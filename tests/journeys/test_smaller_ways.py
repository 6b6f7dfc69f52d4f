"""Shorter ways: on PostgreSQL, with the keyboard alone on a phone, and without scripts."""

from datetime import date, time

import pytest

from epa.clock import london_instant
from epa.database import db
from epa.gateway.services import open_review
from epa.lifecycle.rules import Grade
from epa.people.rules import OrganisationKind, Role
from tests import live
from tests.factories.people import PASSWORD
from tests.journeys.conftest import SETTINGS
from tests.journeys.people import Administrator, Apprentice, Assessor, Employer, Marker
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

NOON = london_instant(date(2026, 6, 9), time(12))


@pytest.fixture
def set_clock(server):
    server.set_clock(NOON)


@pytest.fixture
def account(visit, set_clock):
    """Somebody's account and their browser: ``account(make, kind, role, organisation, name)``."""

    def made(make, kind, role, organisation, name, **context):
        given, family = name.split(" ", 1)
        email = f"{given.lower()}@example.org"
        person = make.person(
            role, organisation=organisation, given=given, family=family, email=email
        )
        make.credential(person)
        return person, visit(kind, name, email, **context)

    return made


class TestOnPostgreSQL:
    """The same pages on the other database."""

    pytestmark = pytest.mark.postgresql

    @pytest.fixture
    def server(self, tmp_path, own_process, postgresql_server):
        url = postgresql_server.new_database()
        with live.serving(tmp_path / "data", url, **SETTINGS) as running:
            yield running

    def test_it_shows_a_record_a_portfolio_and_results(self, account, seeded):
        with seeded() as make:
            epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
            _, ruth = account(make, Administrator, Role.ADMINISTRATOR, epao, "Ruth Calloway")
            person, aled = account(make, Apprentice, Role.APPRENTICE, epao, "Aled Bevan")
            assessment = make.assessment_in_epa(epao=epao, apprentice=person)
            make.portfolio(assessment, accepted=True)
            make.released(make.attempt(assessment, "observation"), Grade.DISTINCTION)
            make.graded(make.attempt(assessment, "knowledge_test"))
        for visitor in (ruth, aled):
            visitor.sign_in()
            visitor.open_record("Aled Bevan")
            visitor.follow("Open the portfolio")
            assert visitor.sees("28 pieces, 5 service users")
            visitor.open_record("Aled Bevan")
            visitor.follow("See the results: Observation")
            assert visitor.sees("Distinction")
        assert not aled.sees("To be released")
        ruth.open("/results")
        ruth.follow("Aled Bevan")


def test_it_lets_an_employer_confirm_with_the_keyboard_alone_on_a_phone(account, seeded):
    with seeded() as make:
        works = make.organisation(OrganisationKind.EMPLOYER, name="Tidewell Works")
        _, elin = account(
            make, Employer, Role.EMPLOYER, works, "Elin Marsh", viewport=PHONE, has_touch=True
        )
        learner = make.person(given="Aled", family="Bevan")
        assessment = make.assessment(employer=works, apprentice=learner)
        open_review(assessment, actor=learner, at=make.at)
        db.session.commit()
    elin.open("/sign-in")
    elin.tab_to("Email address").type(elin.email)
    elin.tab_to("Password").type(PASSWORD)
    elin.hit("Enter")
    elin.tab_to("Confirm readiness: Aled Bevan")
    elin.hit("Enter")
    elin.tab_to("Yes, Aled is ready").press("Space")
    elin.tab_to("Day").type("8")
    elin.tab_to("Month").type("6")
    elin.tab_to("Year").type("2026")
    elin.tab_to("I confirm this for Tidewell Works").press("Space")
    elin.tab_to("Send my confirmation")
    elin.hit("Enter")
    assert elin.sees("Your confirmation is sent. Thank you.")


class TestWithoutScripts:
    """What staff do on a device that runs no scripts."""

    @pytest.fixture
    def attempts(self, seeded, account):
        with seeded() as make:
            epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
            judge, moira = account(
                make,
                Assessor,
                Role.INDEPENDENT_ASSESSOR,
                epao,
                "Moira Okafor",
                java_script_enabled=False,
            )
            marks, idris = account(
                make, Marker, Role.MARKER, epao, "Idris Vaughan", java_script_enabled=False
            )
            assessment = make.assessment_in_epa(epao=epao)
            make.sheet(make.booked(assessment=assessment, assessor=judge))
            make.sat_test(make.attempt(assessment, "knowledge_test"), first=marks)
        return moira, idris

    def test_it_keeps_a_judgement_and_a_note(self, attempts):
        moira, _ = attempts
        moira.sign_in()
        moira.follow("Observation")
        moira.page.locator("a[href*='ksb=S2']").first.click()
        moira.judge("S2", "Pass", "Seen", "Open questions, one at a time.")
        moira.press("Save S2")
        assert moira.sees("Open questions, one at a time.")
        assert moira.sees("of 14 judged")
        assert moira.page.locator("#ksb-S2").get_by_role("radio", name="Pass").is_checked()

    def test_it_takes_marks(self, attempts):
        _, idris = attempts
        idris.sign_in()
        idris.follow("Enter the marks")
        for box in idris.page.locator("[data-marks]").all():
            box.fill("1")
        idris.enter()
        assert idris.sees("Your marks are kept.")
