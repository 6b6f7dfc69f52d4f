import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.clock import utc_now
from epa.files.models import StoredFile
from epa.files.services import storage
from epa.imports import previews, progress
from epa.imports.models import ApprenticeImport, ImportLine
from epa.imports.rules import Fate
from epa.imports.tasks import forget_tables
from epa.lifecycle.models import Apprenticeship
from epa.outbox.models import Mail
from epa.people.rules import OrganisationKind, Role
from epa.storage import FileMissing
from tests.epa.imports.table import HEAD, LEE, SIAN, csv_bytes, xlsx_bytes

PATH = "/apprentices/imports"
FEW = timedelta(seconds=9)
LONG = timedelta(seconds=10)


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO, name="Calder Vale")


@pytest.fixture
def browser(make, epao, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


@pytest.fixture
def upload(browser, session):
    def uploaded(content, name="learners.csv", status=303):
        page = browser.post(PATH, {"table": (io.BytesIO(content), name)}, status=status)
        session.expire_all()
        return page.location if status == 303 else page

    return uploaded


def registered(session):
    return session.scalar(select(func.count()).select_from(Apprenticeship))


class TestUpload:
    @pytest.mark.parametrize(("made", "name"), [(csv_bytes, "a.csv"), (xlsx_bytes, "a.xlsx")])
    def test_it_shows_each_rows_fate_and_stores_nobody(self, browser, upload, session, made, name):
        page = browser.get(upload(made(SIAN, ("1", *LEE[1:])), name))
        assert "Nothing is stored yet" in page.text
        assert "Siân O’Neill 李" in page.text
        assert "must be 10 figures" in page.text
        assert "“Tidewell Housing” is added" in page.text
        fates = session.execute(select(ImportLine.row, ImportLine.fate)).all()
        assert fates == [(2, Fate.CREATED), (3, Fate.REJECTED)]
        assert registered(session) == 0

    def test_it_names_what_is_missing_and_keeps_nothing(self, upload, session):
        page = upload(csv_bytes(("1",), head=("uln",)), status=422)
        assert "Row 1, employer: this column is missing; it is required" in page.text
        assert session.scalars(select(ApprenticeImport)).all() == []

    @pytest.mark.parametrize(
        ("content", "name", "said"),
        [
            (b"%PDF-1.7\n%%EOF\n", "a.pdf", "It can be: csv, xlsx"),
            (b"<!DOCTYPE html><html></html>", "a.xlsx", "what it holds is"),
            (b"", "a.csv", "is empty"),
            (b"PK\x03\x04nothing", "a.xlsx", "damaged"),
        ],
    )
    def test_it_refuses_what_is_no_table(self, upload, session, content, name, said):
        assert said in upload(content, name, status=422).text
        assert session.scalars(select(ApprenticeImport)).all() == []

    def test_it_refuses_a_table_that_is_too_large(self, upload, monkeypatch):
        monkeypatch.setattr("epa.imports.forms.MOST_BYTES", 100)
        assert "must be 10 MB or smaller" in upload(csv_bytes(SIAN, LEE), status=422).text

    def test_it_asks_for_a_file(self, browser):
        assert "table" in browser.post(PATH, {}, status=422).errors

    def test_it_lists_earlier_tables(self, browser, upload):
        upload(csv_bytes(SIAN), "first.csv")
        page = browser.get(PATH)
        assert page.link("first.csv").startswith(f"{PATH}/")
        assert "Only checked" in page.text


class TestShow:
    def test_it_narrows_the_rows(self, browser, upload):
        where = upload(csv_bytes(SIAN, ("1", *LEE[1:])))
        page = browser.get(f"{where}?fate=rejected")
        assert ("小龙" in page.text, "Siân" in page.text) == (True, False)
        page = browser.get(f"{where}?fate=to_look_at")
        assert ("小龙" in page.text, "Siân" in page.text) == (False, True)
        assert "No row is like this" in browser.get(f"{where}?fate=unchanged").text
        assert "Siân" in browser.get(f"{where}?fate=%00").text

    def test_it_gives_the_rows_as_a_file_in_which_nothing_is_a_formula(
        self, browser, upload, session
    ):
        head = (*HEAD, "email")
        where = upload(csv_bytes((*SIAN[:1], "+Siân", *SIAN[2:], ""), head=head), "李.csv")
        answer = browser.get(f"{where}/rows.csv")
        assert answer.response.mimetype == "text/csv"
        assert "'+Siân O’Neill 李,created" in answer.text
        assert "%E6%9D%8E%2C%20rows.csv" in answer.response.headers["Content-Disposition"]
        actions = session.scalars(select(AuditEntry.action)).all()
        assert "rows of an import exported" in actions

    def test_another_epao_does_not_see_it(self, upload, make, sign_in_as):
        where = upload(csv_bytes(SIAN))
        other = sign_in_as(make.person(Role.ADMINISTRATOR))
        for path in (where, f"{where}/rows.csv", f"{where}/progress"):
            other.get(path, status=404)
        other.post(f"{where}/store", status=404)


class TestStore:
    def test_it_stores_the_table_and_links_to_the_records(self, browser, upload, session):
        where = upload(csv_bytes(SIAN, LEE))
        browser.post(f"{where}/store", status=303)
        page = browser.get(where)
        assert "2 apprentices registered, 0 changed." in page.text
        assert registered(session) == 2
        line = session.scalars(select(ImportLine)).first()
        assert page.link("Siân O’Neill 李") == f"/apprentices/{line.assessment_id}"
        assert page.link("Invite those who are new") == "/apprentices/invitations"

    def test_it_leaves_rejected_rows_out_only_when_asked(self, browser, upload, session):
        where = upload(csv_bytes(SIAN, ("1", *LEE[1:])))
        browser.post(f"{where}/store", status=303)
        assert "1 row cannot be stored as it is. Nothing was stored." in browser.get(where).text
        assert registered(session) == 0
        browser.post(f"{where}/store", {"skip_rejected": "yes"}, status=303)
        assert registered(session) == 1

    def test_it_is_stored_once(self, browser, upload, session):
        where = upload(csv_bytes(SIAN))
        browser.post(f"{where}/store", status=303)
        browser.post(f"{where}/store", status=303)
        assert "imported already. Nothing was stored." in browser.get(where).text
        assert registered(session) == 1

    def test_it_looks_again_at_what_changed_since_the_check(
        self, browser, upload, session, make, epao
    ):
        where = upload(csv_bytes(SIAN))
        elsewhere = make.assessment()
        elsewhere.apprenticeship.uln = SIAN[0]
        session.commit()
        browser.post(f"{where}/store", status=303)
        page = browser.get(where)
        assert "Nothing was stored." in page.text
        assert "is registered already for ST0663" in page.text
        assert registered(session) == 1

    def test_it_offers_nothing_where_nothing_would_change(self, browser, upload):
        for _ in range(2):
            where = upload(csv_bytes(SIAN))
            page = browser.get(where)
            if "Nothing to import" not in page.text:
                browser.post(f"{where}/store", status=303)
        assert "No row would change anything." in page.text


class TestProgress:
    def test_it_tells_other_processes_how_far_it_has_come(self, browser, upload, app, session):
        where = upload(csv_bytes(SIAN))
        table = session.scalars(select(ApprenticeImport)).one()
        folder = app.config["DATA_FOLDER"] / "progress"
        with progress.telling(folder, table.id) as told:
            told(500, 10_000)
            answer = browser.get(f"{where}/progress").response.json
            assert answer == {"done": 500, "whole": 10_000, "is_storing": True}
            page = browser.get(where)
            assert "It is being imported just now." in page.text
            assert page.html.find("progress")
        answer = browser.get(f"{where}/progress").response.json
        assert answer == {"done": 0, "whole": 0, "is_storing": False}
        assert list(folder.iterdir()) == []


def test_it_is_for_those_who_register(make, sign_in_as, epao):
    for role in (Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR, Role.APPRENTICE):
        sign_in_as(make.person(role, organisation=epao)).get(PATH, status=403)


class TestAfterwards:
    """A table is forgotten after its time; a mail says that a long import has ended."""

    def test_its_file_and_rows_go_and_its_counts_stay(self, browser, make, epao, session):
        office = make.person(Role.ADMINISTRATOR, organisation=epao)
        old = make.checked_table(epao, office, family="Forgettable", file="old learners")
        new = make.checked_table(epao, office)
        old.checked_at -= timedelta(days=30)
        session.commit()
        forget_tables()
        assert old.file is not None  # on its last day it is still there
        key, page = old.file.key, f"{PATH}/{old.id}"
        assert "removed 30 days after" in browser.get(page).text
        old.checked_at -= timedelta(hours=1)
        session.commit()
        forget_tables()
        session.expire_all()
        assert (old.file, old.forgotten_at, old.read) == (None, utc_now(), 1)
        assert new.file is not None
        assert {one.import_id for one in session.scalars(select(ImportLine))} == {new.id}
        assert session.scalar(select(StoredFile).where(StoredFile.key == key)) is None
        with pytest.raises(FileMissing):
            storage().stream(key)
        shown = browser.get(page)
        assert "The table and its rows were removed on 9 June 2026" in shown.text
        assert "Forgettable" not in shown.text
        assert "old learners" not in browser.get(PATH).text
        browser.post(f"{page}/store", {}, 303)
        assert "removed after its time" in browser.get(page).text

    def test_who_started_a_long_import_is_told_how_it_ended(self, make, epao, session, at):
        office = make.person(Role.ADMINISTRATOR, organisation=epao)
        table = make.checked_table(epao, office)
        reading = previews.read_again(table, at=at)
        report = previews.store_kept(
            table, reading, actor=office, at=at, skip_rejected=False, told=lambda *_: None
        )
        previews.tell_of_end(table, report, actor=office, started_at=at, at=at + FEW)
        assert session.scalars(select(Mail)).all() == []
        previews.tell_of_end(table, report, actor=office, started_at=at, at=at + LONG)
        previews.tell_of_end(table, None, actor=office, started_at=at, at=at + LONG)
        stored, refused = session.scalars(select(Mail).order_by(Mail.subject))
        assert "Of 1 rows, 1 are new, 0 changed something" in stored.body
        assert "Prosser" not in stored.body
        assert "nothing is stored" in refused.subject
        assert refused.to_person is office
