"""Every list: the same rows on the page, as CSV and as XLSX; taken away, it is in the log."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.outbox.services import tell
from epa.people.rules import ConflictKind, OrganisationKind, Role
from epa.people.services import Declaration, declare_conflict

LISTS = {
    "apprentices": ("/apprentices", "/apprentices/list", "uln"),
    "people": ("/people", "/people", "email"),
    "organisations": ("/organisations", "/organisations", "name"),
    "mails": ("/mail", "/mail", "address"),
    "results": ("/results", "/results", "uln"),
    "audit entries": ("/audit", "/audit", "row"),
    "bookings": ("/bookings?show=past", "/bookings", "uln"),
    "assessors": ("/assessors", "/assessors", "given_names"),
    "rooms": ("/rooms", "/rooms/list", "name"),
    "test sessions": ("/test-sessions", "/test-sessions/list", "place"),
    "conflicts of interest": ("/conflicts", "/conflicts", "description"),
}


@pytest.fixture
def world(make, session, at):
    """An EPAO with one of everything, and the like of another."""
    rows = []
    for _ in range(2):
        row = make.finished()
        tell(row.apprenticeship.person, "reset", behalf=row.epao, at=at)
        row.attempts[0].scheduled_at, row.attempts[0].place = at - timedelta(days=9), "Room 2"
        make.event(row.epao, room=make.room(row.epao, name=f"Room of {row.epao.name}"))
        helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
        declare_conflict(
            helen,
            Declaration(
                ConflictKind.EMPLOYER,
                f"Works for {row.id}",
                with_organisation=row.apprenticeship.employer,
            ),
            actor=helen,
            at=at,
        )
        rows.append(row)
    session.commit()
    return rows


@pytest.fixture
def office(make, sign_in_as, world):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=world[0].epao))


def table(office, path, **query):
    """The rows of a file, each by its column."""
    data = office.get(path, **({"query_string": query} if query else {})).response.get_data()
    if path.partition("?")[0].endswith("csv"):
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    head, *rows = load_workbook(io.BytesIO(data)).active.values
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(head, row, strict=True)}
        for row in rows
    ]


def test_both_files_hold_the_same_and_are_offered_on_the_page(office):
    for page, path, key in LISTS.values():
        offered, query = office.get(page), page.removeprefix(page.partition("?")[0])
        assert offered.link("CSV") == f"{path}.csv{query}"
        assert offered.link("Excel") == f"{path}.xlsx{query}"
        as_csv, as_xlsx = table(office, offered.link("CSV")), table(office, offered.link("Excel"))
        assert as_csv, page
        kept = {row[key] for row in as_csv}
        assert kept <= {row[key] for row in as_xlsx}, page  # the log grows by being taken away


def test_they_hold_nothing_of_another_organisation(office, world):
    theirs = world[1]
    about = theirs.apprenticeship
    words = {about.uln, about.person.family_name + '"', str(theirs.id), theirs.epao.name + "'"}
    for _page, path, _key in LISTS.values():
        text = str(table(office, f"{path}.csv"))
        assert not [word for word in words if word in text], path


def test_taking_a_list_away_is_in_the_log(office, session):
    for name, (_page, path, _key) in LISTS.items():
        taken = {end: len(table(office, f"{path}.{end}")) for end in ("csv", "xlsx")}
        query = select(AuditEntry).where(AuditEntry.action == f"{name} exported")
        entries = session.scalars(query.order_by(AuditEntry.row)).all()
        assert [one.details["ending"] for one in entries] == ["csv", "xlsx"], name
        for entry in entries:
            rows = taken[entry.details["ending"]] - (name == "audit entries")
            assert entry.details["rows"] == rows, name


def test_a_file_holds_what_the_page_is_narrowed_to(office, make, world):
    make.assessment(epao=world[0].epao)
    uln = world[0].apprenticeship.uln
    (row,) = table(office, "/apprentices/list.csv", words=uln)
    assert (row["uln"], row["stage"]) == (uln, "Result released")
    assert office.get(f"/apprentices?words={uln}&page=1").link("CSV").endswith(f"?words={uln}")
    assert len(table(office, "/apprentices/list.xlsx")) == 2
    assert table(office, "/mail.csv", state="sent") == []
    address = world[0].apprenticeship.person.email
    (mail,) = table(office, "/mail.csv", words=address, event="reset")
    assert (mail["address"], mail["sent"]) == (address, "")
    assert [row["overall"] for row in table(office, "/results.csv", words=uln)] == ["Pass"]


def test_no_cell_of_a_list_is_a_formula(office, make, world):
    person = make.person(Role.APPRENTICE, given="=cmd|' /C calc'!A0", family="@SUM(A1)")
    employer = make.organisation(OrganisationKind.EMPLOYER, name="+44 Homes")
    make.assessment(epao=world[0].epao, apprentice=person, employer=employer)
    for path in ("/apprentices/list.csv", "/apprentices/list.xlsx", "/organisations.csv"):
        cells = [cell for row in table(office, path) for cell in row.values()]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
        assert "'+44 Homes" in cells


def test_one_row_is_said_as_one(office, world):
    page = office.get("/apprentices")
    assert "1 apprentice Take this list away" in page.text
    assert "1 to 1" not in page.text
    assert "1 result Take" in office.get("/results").text


def test_no_word_of_an_address_means_more_than_it_says(office):
    for name in ("endpoint", "_external", "_anchor", "ending", "values", "self"):
        page = office.get("/apprentices", query_string={name: "x"})
        assert page.link("CSV") == f"/apprentices/list.csv?{name}=x"


def test_an_apprentice_takes_away_their_own_row_alone(sign_in_as, world):
    own = sign_in_as(world[0].apprenticeship.person)
    (row,) = table(own, "/apprentices/list.csv")
    assert row["uln"] == world[0].apprenticeship.uln
