from datetime import timedelta

import pytest
from sqlalchemy import func, select

from epa.clock import utc_now
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import PLACEHOLDER_ULN
from epa.outbox.models import Mail
from epa.people.models import Person, RoleAssignment
from epa.people.rules import OrganisationKind, Role
from epa.registration import queries
from epa.registration.rules import InvitationState

PATH = "/apprentices/register"


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO, name="Calder Vale")


@pytest.fixture
def browser(make, epao, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


@pytest.fixture
def typed(make):
    return {
        "uln": "100 000 0019",
        "given_names": "李小龙",
        "family_name": "Nguyễn Thị",
        "date_of_birth-day": "28",
        "date_of_birth-month": "5",
        "date_of_birth-year": "2003",
        "email": "lee@example.org",
        "standard": "st0663",
        "employer_id": str(make.organisation(OrganisationKind.EMPLOYER, name="Tidewell").id),
        "provider_id": str(
            make.organisation(OrganisationKind.TRAINING_PROVIDER, name="Fellgate").id
        ),
        "learning_start_on-day": "4",
        "learning_start_on-month": "March",
        "learning_start_on-year": "2025",
        "english": "level_2",
        "maths": "none",
        "has_bsl": "yes",
    }


def test_it_registers_and_goes_to_the_record(browser, typed, epao, session):
    page = browser.get(PATH)
    assert "Tidewell" in page.text
    sent = browser.post(PATH, typed)
    row = session.scalars(select(EndPointAssessment)).one()
    assert sent.location == f"/apprentices/{row.id}"
    assert (row.epao, row.apprenticeship.uln) == (epao, "1000000019")
    assert row.apprenticeship.person.name == "李小龙 Nguyễn Thị"
    assert row.apprenticeship.has_bsl


def test_it_invites_the_apprentice_whose_address_is_known(browser, typed, session, epao):
    browser.post(PATH, typed)
    mail = session.scalars(select(Mail)).one()
    assert (mail.to_address, mail.from_organisation) == ("lee@example.org", epao)
    assert mail.one_time_link


def test_it_invites_nobody_without_an_address(browser, typed, session):
    browser.post(PATH, typed | {"email": ""})
    assert session.scalars(select(EndPointAssessment)).one()
    assert session.scalars(select(Mail)).all() == []


def test_it_does_not_invite_somebody_who_has_a_password(browser, typed, session, make, epao):
    known = make.person(
        Role.APPRENTICE,
        organisation=epao,
        given=typed["given_names"],
        family=typed["family_name"],
        email=typed["email"],
    )
    make.credential(known)
    browser.post(PATH, typed)
    assert session.scalars(select(EndPointAssessment)).one()
    assert session.scalars(select(Mail)).all() == []


def test_it_keeps_what_was_typed_and_says_every_fault(browser, typed, session):
    typed |= {"uln": "12", "date_of_birth-year": "", "email": "no address", "english": ""}
    page = browser.post(PATH, typed, status=422)
    assert set(page.errors) == {"uln", "date_of_birth-year", "email", "english"}
    assert page.html.find(id="uln")["value"] == "12"
    assert page.html.find(id="given_names")["value"] == "李小龙"
    assert page.html.find(id="date_of_birth-day")["value"] == "28"
    assert session.scalar(select(func.count()).select_from(Apprenticeship)) == 0


def test_it_asks_for_a_second_look_at_a_number_that_does_not_add_up(browser, typed, session):
    typed["uln"] = "1234567890"
    page = browser.post(PATH, typed, status=422)
    assert list(page.errors) == ["uln_checked"]
    browser.post(PATH, typed | {"uln_checked": "yes"})
    assert session.scalars(select(Apprenticeship.uln)).all() == ["1234567890"]


def test_it_takes_the_placeholder_without_asking(browser, typed, session):
    browser.post(PATH, typed | {"uln": PLACEHOLDER_ULN})
    assert session.scalars(select(Apprenticeship.uln)).all() == [PLACEHOLDER_ULN]


def test_it_links_to_the_record_that_stands_in_the_way_only_within_scope(
    make, browser, typed, epao
):
    mine = make.assessment(epao=epao)
    mine.apprenticeship.uln = "1000000019"
    page = browser.post(PATH, typed, status=422)
    assert page.errors == {"uln": "This learner is registered already for ST0663"}
    name = mine.apprenticeship.person.name
    assert page.link(f"Open the record of {name}") == f"/apprentices/{mine.id}"
    mine.apprenticeship.uln = "1000000027"
    theirs = make.assessment()
    theirs.apprenticeship.uln = "1000000019"
    page = browser.post(PATH, typed, status=422)
    assert "uln" in page.errors
    assert theirs.apprenticeship.person.name not in page.text


def test_it_refuses_a_choice_that_was_not_offered(make, browser, typed):
    stranger = make.organisation(OrganisationKind.LOCAL_EMPLOYABILITY_PARTNERSHIP)
    page = browser.post(PATH, typed | {"employer_id": str(stranger.id)}, status=422)
    assert "employer_id" in page.errors


@pytest.mark.parametrize("bad", ["\x00", "9" * 400, "٣٤٥٦٧٨٩٠١٢", "'; --"])
def test_it_never_breaks_on_what_is_typed(browser, typed, bad):
    for name in ("uln", "email", "date_of_birth-day", "employer_id", "standard", "english"):
        assert browser.post(PATH, typed | {name: bad}, status=422).errors
    assert browser.post(PATH, typed | {"given_names": "\x00"}, status=422).errors


def test_it_is_for_administrators(make, sign_in_as, epao):
    for role in (Role.APPRENTICE, Role.INDEPENDENT_ASSESSOR, Role.AUDITOR):
        sign_in_as(make.person(role, organisation=epao)).get(PATH, status=403)


class TestInvitations:
    PATH = "/apprentices/invitations"

    @pytest.fixture
    def uninvited(self, make, epao):
        row = make.assessment(epao=epao)
        make.person(Role.EMPLOYER, organisation=row.apprenticeship.employer, given="Con")
        make.person(Role.EMPLOYER, given="Nobody", family="Concerned")
        return row

    def test_it_lists_those_who_cannot_sign_in_yet_and_invites_them(
        self, browser, uninvited, session
    ):
        page = browser.get(self.PATH)
        assert uninvited.apprenticeship.person.name in page.text
        assert ("Con " in page.text, "Nobody Concerned" in page.text) == (True, False)
        lines = browser.get(page.link("CSV")).response.get_data(as_text=True).splitlines()
        employer = uninvited.apprenticeship.employer.name
        assert len(lines) == 3
        assert any(f"Employer, {employer}" in line for line in lines)
        browser.post(self.PATH, {"everybody": "yes"}, status=303)
        assert len(session.scalars(select(Mail)).all()) == 2
        assert "2 invitations will be sent." in browser.get(f"{self.PATH}?state=waiting").text
        assert "Nobody is like this" in browser.get(self.PATH).text

    def test_it_invites_one_again_whose_link_lapsed(self, browser, uninvited, frozen, session):
        person = uninvited.apprenticeship.person
        browser.post(self.PATH, {"person": str(person.id)}, status=303)
        assert session.scalars(select(Mail)).one().to_person is person
        frozen.shift(timedelta(days=60))
        assert (
            person.name
            in session.scalars(
                queries.uninvited(browser_person(session), InvitationState.LAPSED, at=utc_now())
            )
            .one()
            .name
        )

    def test_it_takes_no_press_without_a_choice(self, browser, uninvited, session):
        page = browser.post(self.PATH, {}, status=422)
        assert "There is nobody to invite" in page.text
        browser.post(self.PATH, {"person": "nonsense"}, status=422)
        browser.post(self.PATH, {"person": str(uninvited.id)}, status=422)
        assert session.scalars(select(Mail)).all() == []

    def test_it_leaves_out_who_has_a_password_or_belongs_elsewhere(
        self, browser, uninvited, make, session
    ):
        person = uninvited.apprenticeship.person
        make.role(person, Role.MARKER, make.organisation())
        assert person.name not in browser.get(self.PATH).text
        other = make.assessment(epao=uninvited.epao).apprenticeship.person
        make.credential(other)
        assert other.name not in browser.get(self.PATH).text


class TestEmployersWithoutContact:
    PATH = "/apprentices/employers-without-contact"

    def test_it_lists_employers_that_nobody_speaks_for(self, browser, make, epao):
        row = make.assessment(epao=epao)
        employer = row.apprenticeship.employer
        theirs = make.assessment().apprenticeship.employer
        page = browser.get(self.PATH)
        assert (employer.name in page.text, theirs.name in page.text) == (True, False)
        lines = browser.get(page.link("CSV")).response.get_data(as_text=True).splitlines()
        assert lines[1:] == [f"{employer.name},1"]
        contact = make.person(Role.EMPLOYER, organisation=employer)
        assert "Every employer has a contact." in browser.get(self.PATH).text
        contact.disabled_at = make.at
        assert employer.name in browser.get(self.PATH).text


def browser_person(session):
    return session.scalars(
        select(Person).join(Person.roles_held).where(RoleAssignment.role == Role.ADMINISTRATOR)
    ).one()
