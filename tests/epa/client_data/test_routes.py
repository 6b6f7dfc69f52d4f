"""The pages of client data, as a quality lead and the EPAO meet them."""

import csv
import io

import pytest
from openpyxl import load_workbook

from epa.people.rules import OrganisationKind, Role

HEAD = "reference,service_start,job_start,job_end,age,gender,ethnicity,adviser"
ROWS = [
    f"C-{n:03},2025-01-06,{'2025-03-17' if n % 2 else ''},,{20 + n},{'woman' if n < 12 else 'man'},,Ms X"
    for n in range(20)
]
DAYS = {
    "starts_on-day": "1",
    "starts_on-month": "4",
    "starts_on-year": "2023",
    "ends_on-day": "31",
    "ends_on-month": "3",
    "ends_on-year": "2026",
    "assessed_on-day": "1",
    "assessed_on-month": "4",
    "assessed_on-year": "2026",
}


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def provider(make, epao):
    return make.organisation(OrganisationKind.EMPLOYABILITY_PROVIDER, name="Fellgate")


@pytest.fixture
def lead(make, provider, sign_in_as):
    return sign_in_as(make.person(Role.PROVIDER_QUALITY_LEAD, organisation=provider))


def table(*rows, head=HEAD):
    return io.BytesIO("\n".join([head, *rows, ""]).encode())


def given(*rows, answers=None, **also):
    files = {"clients": (table(*rows), "clients.csv")}
    if answers:
        files["answers"] = (table(*answers, head="group,overall"), "answers.csv")
    return {**DAYS, **files, **also}


def address_of(provider):
    return f"/organisations/{provider.id}/client-lists/new"


def sent(browser, provider, epao, *rows, answers=None, status=303, **also):
    data = given(*rows, answers=answers, epao=str(epao.id), **also)
    return browser.post(
        address_of(provider), data, status=status, content_type="multipart/form-data"
    )


def listed(page):
    text = page.response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_a_lead_keeps_a_list_and_sees_what_comes_out_of_it(lead, provider, epao, make, sign_in_as):
    assert lead.get("/client-data").link("Fellgate").endswith("/client-lists")
    assert (
        "No client list is kept yet" in lead.get(f"/organisations/{provider.id}/client-lists").text
    )
    made = sent(lead, provider, epao, *ROWS, answers=["employer,4.5", "client,4"])
    page = lead.get(made.location)
    assert "10 of 20 starters got a paid job 10 ÷ 20 × 100 = 50" in page.text
    assert "700 days ÷ 7 ÷ 10 = 10" in page.text
    assert "4.5 ÷ 1 = 4.5" in page.text
    assert "10 of 10 with a job old enough kept paid work" in page.text
    assert "A, B, E together: 30" in page.text
    assert "nothing of them is kept: adviser" in page.text
    assert "No row is left out" in page.text
    assert "man 8 40%" in page.text
    assert page.html.select_one("#gate-1-wide-title").text == "A, B, E come to 30 of 30"
    address = made.location
    figures = listed(lead.get(f"{address}/figures.csv"))
    assert figures[1][:5] == ["A", "Starters who got a paid job", "50%", "10", "20"]
    rows = listed(lead.get(f"{address}/clients.csv"))
    assert rows[0] == HEAD.split(",")[:-1]
    assert rows[2] == ["C-001", "2025-01-06", "2025-03-17", "", "16 to 24", "woman", ""]
    _the_sample(lead, make, epao, sign_in_as, address)
    _the_population(lead, address)
    _replaced_and_removed(lead, provider, address)


def _the_sample(lead, make, epao, sign_in_as, address):
    lead.get(f"{address}/sample", status=403)
    office = sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao))
    assert "From 10 to 15" in office.get(f"{address}/sample").text
    page = office.post(f"{address}/sample", {"size": "9"}, status=422)
    assert page.errors == {"size": "The size of the sample must be 10 or more"}
    office.post(f"{address}/sample", {"size": "10"}, status=303)
    assert "Your reference" not in office.get(address).text
    assert "Client 10" in office.get(address).text
    shown = lead.get(address)
    assert "Your reference" in shown.text
    office.get(f"{address}/clients.csv", status=403)


def _the_population(lead, address):
    page = lead.post(
        f"{address}/population", {"gender_0": "60", "gender_1": "50", "source": ""}, status=422
    )
    assert set(page.errors.values()) == {
        "Gender: the shares must come to 100% or less; they come to 110%",
        "Enter the source, such as “Census 2021, Leeds”",
    }
    assert page.html.select_one("#gender_0")["value"] == "60"
    data = {"gender_0": "49", "gender_1": "51", "source": "Census 2021, Leeds"}
    lead.post(f"{address}/population", data, status=303)
    page = lead.get(address)
    assert "woman 12 60% 51%" in page.text
    assert "Local population: Census 2021, Leeds" in page.text
    assert page.html.select_one("svg.wide title#by-gender-wide-title")
    assert lead.get(f"{address}/population").html.select_one("#gender_1")["value"] == "51"


def _replaced_and_removed(lead, provider, address):
    page = lead.get(f"{address}/replace")
    assert "1 sample drawn from it" in page.text
    data = {
        "assessed_on-day": "1",
        "assessed_on-month": "2",
        "assessed_on-year": "2025",
    }
    lead.post(f"{address}/replace", data, status=303)
    page = lead.get(address)
    assert "10 jobs that began after the assessment date" in page.text
    assert "No sample is drawn yet" in page.text
    page = lead.get(f"{address}/left-out")
    assert "3 C-001 the job that starts on 2025-03-17 is after the assessment date" in page.text
    assert "20 clients" in lead.get(f"{address}/remove").text
    assert lead.post(f"{address}/remove", {}, status=303).location.endswith("/client-lists")
    lead.get(address, status=404)


def test_what_cannot_be_kept_is_named_with_row_and_column_and_nothing_is(lead, provider, epao):
    page = sent(
        lead,
        provider,
        epao,
        "C-1,2025-02-01,2025-01-31,,,,,",
        "C-1,,,,,=A1,,",
        "Ann Smith,,,,,,,",
        answers=["employer,7"],
        status=422,
    )
    said = [one.get_text(strip=True) for one in page.html.select(".error-summary li")]
    assert said == [
        "Row 2, job_start: 2025-01-31, before service_start, 2025-02-01",
        "Row 3, gender: a formula; write what it comes to",
        "Row 3, reference: 'C-1' stands in row 2 too",
        "Row 2, overall: a rating from 0 to 5 was expected, not '7'",
    ]
    assert page.html.select_one("#ends_on-year, [name=ends_on-year]")["value"] == "2026"
    page = sent(lead, provider, epao, "Ann Smith,,,,,,,", status=422)
    assert "Row 2, reference: a code of at most 32" in page.text
    many = ["x,,,,,,," for _ in range(25)]
    assert "And 4 more. Put these right first" in sent(lead, provider, epao, *many, status=422).text
    page = sent(lead, provider, epao, *ROWS, **{"ends_on-year": "2022"}, status=422)
    assert "The last day must be after the first day" in page.errors.values()
    assert (
        "No client list is kept yet" in lead.get(f"/organisations/{provider.id}/client-lists").text
    )


def test_a_template_is_a_list_that_is_taken(lead, provider, epao):
    text = lead.get("/client-data/client-list.csv").response.get_data(as_text=True)
    head, *rows = text.removeprefix("\ufeff").splitlines()
    stream = io.BytesIO(lead.get("/client-data/client-list.xlsx").response.get_data())
    sheet = load_workbook(stream).active
    assert [cell.value for cell in sheet[1]] == head.split(",")
    answers = io.BytesIO(lead.get("/client-data/satisfaction-answers.csv").response.get_data())
    stream.seek(0)
    data = {
        **DAYS,
        "epao": str(epao.id),
        "clients": (stream, "client-list.xlsx"),
        "answers": (answers, "answers.csv"),
    }
    made = lead.post(address_of(provider), data, status=303, content_type="multipart/form-data")
    assert "3 clients" in lead.get(made.location).text
    assert len(rows) == 3


def test_the_epao_comes_to_it_from_the_organisation(make, epao, provider, sign_in_as):
    office = sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))
    address = office.get(f"/organisations/{provider.id}").link("Client data")
    assert "Upload a client list" in office.get(address).text
    employer = make.organisation(OrganisationKind.EMPLOYER)
    office.get(f"/organisations/{employer.id}/client-lists", status=404)
    auditor = sign_in_as(make.person(Role.AUDITOR, organisation=epao))
    auditor.get(address, status=404)
    make.client_list(
        make.person(Role.ADMINISTRATOR, organisation=epao), provider=provider, epao=epao
    )
    assert "Upload a client list" not in auditor.get(address).text
