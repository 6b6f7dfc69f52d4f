import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.people.rules import Role

SENT = {
    "channel": "phone",
    "happened_on-day": "8",
    "happened_on-month": "6",
    "happened_on-year": "2026",
    "with_whom": "Nadia Karim, Tidewell",
    "text": "Wants another day.\n<b>Urgent</b>",
}


@pytest.fixture
def case(make):
    return make.assessment()


@pytest.fixture
def office(make, sign_in_as, case):
    return sign_in_as(
        make.person(Role.ADMINISTRATOR, organisation=case.epao, given="Ruth", family="Pemberton")
    )


def sheet(page):
    head, *rows = load_workbook(io.BytesIO(page.response.data)).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_contact_is_written_read_corrected_and_taken_away(office, case, session):
    record = f"/apprentices/{case.id}"
    page = office.get(record)
    assert "Nothing is noted yet" in page.text
    page = office.get(page.link("Write a note"))
    office.post(f"{record}/notes/new", SENT, 303)
    page = office.get(record)
    assert (
        "8 June 2026 : telephone with Nadia Karim, Tidewell, written by Ruth Pemberton" in page.text
    )
    assert "another day" not in page.text
    page = office.get(page.link("Read 1 note"))
    assert "Wants another day. <b>Urgent</b>" in page.text
    office.post(page.link("Correct"), SENT | {"text": "Wants Monday."}, 303)
    page = office.get(f"{record}/notes")
    assert page.text.index("Wants Monday.") < page.text.index("What it said before")
    assert page.text.index("What it said before") < page.text.index("Wants another day.")
    taken = [
        list(csv.DictReader(io.StringIO(office.get(page.link("CSV of the notes")).text))),
        list(sheet(office.get(page.link("Excel of the notes")))),
    ]
    for rows in taken:
        assert [(row["text"], row["stands"]) for row in rows] == [
            ("Wants Monday.", "yes"),
            ("Wants another day.\n<b>Urgent</b>", "no, corrected"),
        ]
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("case notes exported") == 2
    assert {"case note written", "case note corrected", "case notes read"} <= set(actions)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"with_whom": ""}, "with_whom"),
        ({"channel": "pigeon"}, "channel"),
        ({"happened_on-year": "2027"}, "happened_on-day"),
        ({"happened_on-day": "31"}, "happened_on-day"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(office, case, change, field):
    page = office.post(f"/apprentices/{case.id}/notes/new", SENT | change, 422)
    assert field in page.errors
    if field != "text":
        assert "Wants another day." in page.html.find(id="text").text


def test_an_auditor_reads_and_writes_nothing(make, sign_in_as, case, office):
    office.post(f"/apprentices/{case.id}/notes/new", SENT, 303)
    ivor = sign_in_as(make.person(Role.AUDITOR, organisation=case.epao))
    page = ivor.get(f"/apprentices/{case.id}/notes")
    assert "Wants another day." in page.text
    assert "Write a note" not in page.text
    ivor.get(f"/apprentices/{case.id}/notes/new", 403)
    ivor.post(f"/apprentices/{case.id}/notes/new", SENT, 403)


@pytest.mark.parametrize("part", ["employer", "provider", "apprentice"])
def test_clients_learn_nothing_of_them(make, sign_in_as, case, office, part):
    office.post(f"/apprentices/{case.id}/notes/new", SENT, 303)
    about = case.apprenticeship
    person = {
        "employer": lambda: make.person(Role.EMPLOYER, organisation=about.employer),
        "provider": lambda: make.person(Role.TRAINING_PROVIDER, organisation=about.provider),
        "apprentice": lambda: about.person,
    }[part]()
    browser = sign_in_as(person)
    assert "Notes and contacts" not in browser.get(f"/apprentices/{case.id}").text
    browser.get(f"/apprentices/{case.id}/notes", 403)
    browser.get(f"/apprentices/{case.id}/notes.csv", 403)
