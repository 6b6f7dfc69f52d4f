import csv
import io

import pytest
from sqlalchemy import select

from epa.outbox.models import Mail
from epa.people import services
from epa.people.models import ConflictOfInterest, Organisation
from epa.people.queries import person_with_email_key
from epa.people.rules import ConflictKind, OrganisationKind, Role
from epa.people.services import Declaration
from epa.sign_in.models import Credential

KIND = OrganisationKind
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def epao(make):
    return make.organisation(KIND.EPAO, name="Calder Vale")


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao, given="Ruth", family="Pemberton")


@pytest.fixture
def assessor(make, epao):
    return make.person(
        Role.INDEPENDENT_ASSESSOR, organisation=epao, given="Helen", family="Marchetti"
    )


@pytest.fixture
def office(sign_in_as, admin):
    """The administrator's browser."""
    return sign_in_as(admin)


def new_person(epao, **changes):
    return {
        "given_names": "Thị",
        "family_name": "O'Neill-Nguyễn",
        "email": "nguyen@example.org",
        "role": "marker",
        "organisation": str(epao.id),
    } | changes


class TestIndex:
    def test_it_lists_searches_and_filters(self, office, make, assessor):
        contact = make.person(Role.EMPLOYER, given="李", family="小龙")
        assert {"Helen", "小龙李"} <= set(office.get("/people").text.split())
        page = office.get("/people?q=小龙&role=employer&kind=employer&state=enabled&sort=-added")
        assert contact.name in page.text
        assert assessor.name not in page.text

    @pytest.mark.parametrize(
        "query",
        [
            "role=god",
            "kind=x",
            "state=x",
            "sort=x",
            "page=99999",
            "page=-1",
            "q=%00",
            "q=%ed%a0%80",
        ],
    )
    def test_it_bears_any_address(self, office, query):
        office.get(f"/people?{query}")

    def test_it_says_when_nobody_is_like_this(self, office):
        assert "Nobody is like this" in office.get("/people?q=zzzz").text

    def test_it_shows_pages(self, office, make, epao):
        for _ in range(30):
            make.person(Role.MARKER, organisation=epao)
        assert "1 to 25 of 31 people" in office.get("/people").text
        assert "26 to 31 of 31 people" in office.get("/people?page=2").text

    def test_the_export_holds_the_same_people_and_no_formula(self, office, make, epao):
        make.person(Role.MARKER, organisation=epao, given="=1+1", family="@SUM(A1)")
        theirs = make.person(Role.MARKER, family="Elsewhere")
        text = office.get("/people.csv").response.get_data(as_text=True)
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert "'=1+1" in {row["given_names"] for row in rows}
        assert theirs.family_name not in text
        assert not any(
            cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values()
        )


@pytest.mark.parametrize(
    "role",
    [one for one in Role if one is not Role.ADMINISTRATOR],
)
def test_nobody_but_administrators_sees_the_pages(sign_in_as, make, assessor, role):
    browser = sign_in_as(make.person(role))
    for path in (
        "/people",
        "/people.csv",
        "/people/new",
        "/organisations",
        f"/people/{assessor.id}",
    ):
        browser.get(path, 403)
    for step in ("disable", "enable", "invitation", "second-factor", "edit", "roles"):
        browser.post(f"/people/{assessor.id}/{step}", status=403)


class TestInvite:
    def test_it_adds_the_person_and_writes_the_mail(self, office, session, epao):
        office.post("/people/new", new_person(epao), 303)
        session.expire_all()
        person = person_with_email_key("nguyen@example.org")
        assert (person.name, person.roles) == ("Thị O'Neill-Nguyễn", {Role.MARKER})
        assert session.scalar(select(Mail.to_address)) == "nguyen@example.org"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("given_names", ""),
            ("given_names", "x" * 101),
            ("family_name", "\0"),
            ("family_name", "12"),
            ("email", "no address"),
            ("email", ""),
            ("role", "god"),
            ("organisation", "x"),
        ],
    )
    def test_it_says_what_to_put_right_and_keeps_the_rest(
        self, office, session, epao, field, value
    ):
        page = office.post("/people/new", new_person(epao, **{field: value}), 422)
        assert field in page.errors
        if field != "email":
            assert page.html.find(id="email")["value"] == "nguyen@example.org"
        assert person_with_email_key("nguyen@example.org") is None

    def test_it_stores_nothing_when_the_role_belongs_elsewhere(self, office, make, session):
        employer = make.organisation(KIND.EMPLOYER)
        page = office.post("/people/new", new_person(employer), 422)
        assert "organisation" in page.errors
        session.expire_all()
        assert person_with_email_key("nguyen@example.org") is None
        assert session.scalar(select(Mail.id)) is None

    def test_another_epao_is_not_offered(self, office, make, session):
        page = office.post("/people/new", new_person(make.organisation(KIND.EPAO)), 422)
        assert "organisation" in page.errors


class TestShow:
    def test_it_shows_roles_account_and_steps(self, office, make, assessor):
        make.credential(assessor, totp=KEY)
        page = office.get(f"/people/{assessor.id}")
        assert "Password set on 9 June 2026" in page.text
        assert "Reset the second step" in page.text

    def test_another_epaos_people_are_like_unknown_ones(self, office, make):
        theirs = make.person(Role.MARKER)
        unknown = "00000000-0000-0000-0000-000000000000"
        for person_id in (theirs.id, unknown):
            for step in ("", "/edit", "/roles", "/conflicts/new"):
                office.get(f"/people/{person_id}{step}", 404)
            for step in ("disable", "enable", "invitation", "second-factor"):
                office.post(f"/people/{person_id}/{step}", status=404)
        office.post(f"/people/roles/{theirs.current_roles[0].id}/end", status=404)

    def test_the_account_of_somebody_of_two_epaos_is_not_ours(self, office, make, assessor):
        make.role(assessor, Role.ADMINISTRATOR, make.organisation(KIND.EPAO))
        assert "not yours to change" in office.get(f"/people/{assessor.id}").text
        data = {"given_names": "A", "family_name": "B", "email": "mine@example.org"}
        office.post(f"/people/{assessor.id}/edit", data, 404)
        office.post(f"/people/{assessor.id}/disable", status=404)


class TestSteps:
    def test_editing_the_address_signs_out_and_withdraws_links(
        self, office, sign_in_as, assessor, session
    ):
        office.post(f"/people/{assessor.id}/invitation", status=303)
        theirs = sign_in_as(assessor)
        data = {"given_names": "Helen", "family_name": "Marchetti", "email": "new@example.org"}
        office.post(f"/people/{assessor.id}/edit", data, 303)
        theirs.get("/account", 302)
        session.expire_all()
        token = session.scalar(select(Mail)).one_time_link.rsplit("/", 1)[1]
        office.get(f"/sign-in/links/{token}", 404)

    def test_disabling_ends_sessions_for_good(self, office, sign_in_as, assessor):
        theirs = sign_in_as(assessor)
        theirs.get("/account")
        office.post(f"/people/{assessor.id}/disable", status=303)
        theirs.get("/account", 302)
        office.post(f"/people/{assessor.id}/enable", status=303)
        theirs.get("/account", 302)

    def test_one_cannot_disable_oneself(self, office, admin):
        assert (
            "Another administrator" in office.post(f"/people/{admin.id}/disable", status=409).text
        )
        office.get("/account")

    def test_it_gives_and_ends_a_role(self, office, assessor, epao, session):
        data = {"role": "marker", "organisation": str(epao.id)}
        office.post(f"/people/{assessor.id}/roles", data, 303)
        session.expire_all()
        held = next(one for one in assessor.current_roles if one.role is Role.MARKER)
        office.post(f"/people/roles/{held.id}/end", status=303)
        session.expire_all()
        assert assessor.roles == {Role.INDEPENDENT_ASSESSOR}
        office.post(f"/people/roles/{held.id}/end", status=404)

    def test_a_reset_second_factor_signs_out(self, office, sign_in_as, make, assessor, session):
        make.credential(assessor, totp=KEY)
        theirs = sign_in_as(assessor)
        office.post(f"/people/{assessor.id}/second-factor", status=303)
        theirs.get("/account", 302)
        session.expire_all()
        assert session.get(Credential, assessor.id).totp_secret is None


class TestOrganisations:
    def test_it_adds_and_changes_a_client(self, office, session):
        data = {"name": "Tidewell", "kinds": ["employer"], "ukprn": "1001 2345"}
        office.post("/organisations/new", data, 303)
        session.expire_all()
        row = session.scalar(select(Organisation).where(Organisation.name == "Tidewell"))
        assert row.ukprn == "10012345"
        data = {"name": "Tidewell 2", "kinds": ["employer", "training_provider"], "ukprn": ""}
        office.post(f"/organisations/{row.id}/edit", data, 303)
        assert "Employer and Training provider" in office.get(f"/organisations/{row.id}").text
        assert "Tidewell 2" in office.get("/organisations?q=tide&kind=employer").text

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", ""), ("kinds", ""), ("kinds", "epao"), ("ukprn", "123"), ("ukprn", "\0")],
    )
    def test_it_says_what_to_put_right(self, office, field, value):
        data = {"name": "Tidewell", "kinds": ["employer"], "ukprn": ""} | {field: value}
        assert field in office.post("/organisations/new", data, 422).errors

    def test_it_never_makes_a_client_an_epao_nor_takes_that_off(self, office, epao, session):
        data = {"name": "Calder Vale", "kinds": ["employer"], "ukprn": ""}
        office.post(f"/organisations/{epao.id}/edit", data, 303)
        session.expire_all()
        assert epao.kinds == {KIND.EPAO, KIND.EMPLOYER}

    def test_another_epao_is_like_an_unknown_one(self, office, make):
        office.get(f"/organisations/{make.organisation(KIND.EPAO).id}", 404)
        both = make.organisation(KIND.EPAO, KIND.TRAINING_PROVIDER)
        office.get(f"/organisations/{both.id}")
        office.get(f"/organisations/{both.id}/edit", 404)


class TestConflicts:
    def data(self, **changes):
        return {"kind": "employer", "description": "Worked there until 2023"} | changes

    def test_one_declares_ones_own(self, sign_in_as, make, assessor, session):
        employer, browser = make.organisation(KIND.EMPLOYER, name="Tidewell"), sign_in_as(assessor)
        browser.post("/conflicts/new", self.data(organisation=str(employer.id)), 303)
        assert "Tidewell" in browser.get("/conflicts").text
        assert session.scalar(select(ConflictOfInterest)).person is assessor

    def test_one_names_a_person_by_their_address(self, sign_in_as, make, assessor, epao):
        apprentice = make.person(Role.APPRENTICE, organisation=epao, email="jo@example.org")
        theirs = make.person(Role.APPRENTICE, email="far@example.org")
        browser = sign_in_as(assessor)
        assert "email" in browser.post("/conflicts/new", self.data(email=theirs.email), 422).errors
        browser.post("/conflicts/new", self.data(email="JO@example.org"), 303)
        assert apprentice.name in browser.get("/conflicts").text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({}, "organisation"), ({"kind": "x"}, "kind"), ({"description": ""}, "description")],
    )
    def test_it_says_what_to_put_right(self, sign_in_as, make, assessor, changes, field):
        page = sign_in_as(assessor).post("/conflicts/new", self.data(**changes), 422)
        assert field in page.errors

    def test_an_administrator_records_for_others_and_ends(self, office, make, assessor, session):
        employer = make.organisation(KIND.EMPLOYER)
        data = self.data(organisation=str(employer.id))
        office.post(f"/people/{assessor.id}/conflicts/new", data, 303)
        session.expire_all()
        row = session.scalar(select(ConflictOfInterest))
        end = {"on-day": "10", "on-month": "6", "on-year": "2026"}
        assert "on-day" in office.post(f"/conflicts/{row.id}/end", end, 422).errors
        office.post(f"/conflicts/{row.id}/end", end | {"on-day": "9"}, 303)
        office.get(f"/conflicts/{row.id}/end", 404)

    def test_a_quality_assurer_scrutinises(self, sign_in_as, make, assessor, epao, at, session):
        employer = make.organisation(KIND.EMPLOYER)
        declared = Declaration(ConflictKind.EMPLOYER, "Why", with_organisation=employer)
        row = services.declare_conflict(assessor, declared, actor=assessor, at=at)
        session.commit()
        iqa = sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao))
        page = f"/conflicts/{row.id}/scrutiny"
        sign_in_as(assessor).get(page, 403)
        far = sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER))
        far.get(page, 404)
        assert "reason" in iqa.post(page, {"reason": ""}, 422).errors
        iqa.post(page, {"reason": "Left in 2019"}, 303)
        assert "Left in 2019" in iqa.get("/conflicts").text

    def test_an_apprentice_declares_none(self, sign_in_as, make):
        browser = sign_in_as(make.person(Role.APPRENTICE))
        browser.get("/conflicts/new", 403)
        assert "No conflict of interest is recorded" in browser.get("/conflicts").text
