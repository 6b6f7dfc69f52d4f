import io
from datetime import timedelta

import pytest

from epa.material import services
from epa.material.models import MaterialDelivery
from epa.material.rules import Supplier
from epa.people.rules import Role

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def case(make):
    return make.assessment_in_epa()


@pytest.fixture
def admin(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


@pytest.fixture
def home(case):
    return f"/apprentices/{case.id}/material"


@pytest.fixture
def plan(session, case, admin, at):
    row = services.ask(case, "Plan of the day", Supplier.APPRENTICE, actor=admin, at=at)
    session.commit()
    return row


def test_it_is_asked_for_supplied_and_read(session, case, admin, home, sign_in_as):
    ruth = sign_in_as(admin)
    page = ruth.get(home)
    assert "Due Tuesday 7 July 2026, 23:59" in page.text
    assert page.link("Ask for something") == f"{home}/new"
    ruth.post(f"{home}/new", {"title": "Plan of the day", "asked_of": "apprentice"})
    aled = sign_in_as(case.apprenticeship.person)
    page = aled.get(home)
    assert "1 of 1 still open." in page.text
    assert "Ask for something" not in page.text
    page = aled.post(page.link("Supply it"), {"note": "", "file": (io.BytesIO(PDF), "Day.pdf")})
    assert page.location == home
    delivery = session.query(MaterialDelivery).one()
    got = aled.get(f"/material/{delivery.material_id}/file")
    assert got.response.get_data() == PDF
    assert "0 of 1 still open." in ruth.get(home).text


def test_it_says_what_is_missing_and_keeps_what_was_typed(case, plan, home, admin, sign_in_as):
    page = sign_in_as(admin).post(f"{home}/new", {"title": "", "asked_of": "judge"}, status=422)
    assert set(page.errors) == {"title", "asked_of"}
    aled = sign_in_as(case.apprenticeship.person)
    page = aled.post(f"/material/{plan.id}", {"note": " "}, status=422)
    assert page.errors == {"file": "Give a file, or say where it is"}
    aled.get(f"/material/{plan.id}/file", status=404)
    aled.get(f"/material/{plan.id}/late", status=403)


def test_a_late_one_is_the_administrators_decision_and_its_reason_not_the_assessors(
    session, make, sign_in_as, at
):
    case = make.assessment_in_epa(starts_on=at.date() - timedelta(days=29))
    admin = make.person(Role.ADMINISTRATOR, organisation=case.epao)
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=case.epao)
    make.allocate(make.attempt(case, "observation"), helen)
    plan = services.ask(case, "Plan of the day", Supplier.APPRENTICE, actor=admin, at=at)
    session.commit()
    home = f"/apprentices/{case.id}/material"
    aled, ruth = sign_in_as(case.apprenticeship.person), sign_in_as(admin)
    assert "Supply it" not in aled.get(home).text
    page = aled.post(f"/material/{plan.id}", {"note": "On paper."}, status=422)
    assert page.errors["file"].startswith("It was due on 8 June 2026")
    late = ruth.get(home).link("Accept it late")
    page = ruth.post(late, {"note": "On paper.", "reason": ""}, status=422)
    assert page.errors == {"reason": "Say why it is accepted late"}
    ruth.post(late, {"note": "On paper.", "reason": "The line was down."})
    assert "The line was down." in aled.get(home).text
    seen = sign_in_as(helen).get(home).text
    assert "Late, accepted by" in seen
    assert "The line was down." not in seen


def test_it_is_dropped_and_asked_for_again(plan, home, admin, sign_in_as):
    ruth = sign_in_as(admin)
    ruth.post(f"/material/{plan.id}/drop")
    assert "No longer needed" in ruth.get(home).text
    ruth.post(f"/material/{plan.id}/again")
    assert "Still open" in ruth.get(home).text


def test_it_warns_of_a_name_once_and_keeps_the_file(session, case, plan, sign_in_as):
    aled = sign_in_as(case.apprenticeship.person)
    data = {"note": "Call Mrs Patricia Hargreaves on 07700 900123."}
    page = aled.post(
        f"/material/{plan.id}", data | {"file": (io.BytesIO(PDF), "Day.pdf")}, status=200
    )
    assert "may be a service user’s personal data" in page.text
    assert "“Day.pdf” is here" in page.text
    assert session.query(MaterialDelivery).count() == 0
    hidden = {box["name"]: box["value"] for box in page.html.select("main form input[type=hidden]")}
    aled.post(f"/material/{plan.id}", data | hidden)
    assert session.query(MaterialDelivery).one().file.name == "Day.pdf"
