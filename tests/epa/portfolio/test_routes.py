import io

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.files import services as files
from epa.files.models import StoredFile
from epa.lifecycle.definitions import framework_of
from epa.people.rules import Role
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import PortfolioStatus
from epa.storage import Storage, StorageFailed

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def mine(make):
    return make.assessment()


@pytest.fixture
def sam(mine, sign_in_as):
    return sign_in_as(mine.apprenticeship.person)


@pytest.fixture
def home(mine):
    return f"/apprentices/{mine.id}/portfolio"


def piece_data(**fields):
    data = {
        "title": "SU-1: first plan",
        "kind": "case_record",
        "service_user": "1",
        "activities": ["action_plan", "review"],
        "ksbs": ["K1", "S2"],
        "text": "We agreed three goals.\nSU-1 chose the first.",
        "link": "",
        "is_own_work": "yes",
    }
    return data | fields


def upload(content=PDF, name="Plan.pdf"):
    return (io.BytesIO(content), name)


def only_piece(session):
    return session.scalars(select(EvidencePiece)).one()


def stored_keys(session):
    return {file.key for file in session.scalars(select(StoredFile))}


class TestShow:
    def test_it_says_what_is_missing_and_by_how_much(self, make, mine, sam, home):
        make.portfolio(mine, pieces=22, service_users=3)
        page = sam.get(home)
        assert "22 of 24 pieces; 2 more needed." in page.text
        assert "3 of 4 service users; 1 more needed." in page.text
        assert "Submit the portfolio" not in page.text

    def test_it_offers_the_first_piece_where_there_is_none(self, sam, home):
        assert sam.get(home).link("Add the first piece") == f"{home}/pieces/new"

    def test_it_shows_both_grids_and_offers_to_submit_a_whole_portfolio(
        self, make, mine, sam, home
    ):
        make.portfolio(mine)
        page = sam.get(home)
        assert page.link("Submit the portfolio") == f"{home}/submit"
        tables = [table.caption.get_text(" ", strip=True) for table in page.html("table")]
        assert "Pieces by service user and activity" in tables
        framework = framework_of(mine)
        last = page.html("table")[-1]
        rows = last.tbody("tr")
        assert len(rows) == len(framework.ksbs_of(framework.portfolio.underpins))

    def test_it_shows_earlier_versions_and_why_one_was_returned(
        self, session, make, mine, sam, home, at
    ):
        from epa.portfolio import services

        version = make.portfolio(mine, submitted=True)
        admin = make.person(Role.ADMINISTRATOR, organisation=mine.epao)
        services.return_for(version, "Piece 3 shows a <b>name</b>.", actor=admin, at=at)
        session.commit()
        page = sam.get(home)
        assert "Piece 3 shows a <b>name</b>." in page.text
        earlier = sam.get(page.link("Version 1"))
        assert "Version 1: returned." in earlier.text
        assert "Take out" not in earlier.text
        sam.get(f"{home}?version=3", status=404)

    def test_it_refuses_employer_and_provider_and_hides_it_from_others(
        self, make, mine, sign_in_as, home
    ):
        make.portfolio(mine)
        ship = mine.apprenticeship
        employer = make.person(Role.EMPLOYER, organisation=ship.employer)
        provider = make.person(Role.TRAINING_PROVIDER, organisation=ship.provider)
        for person in (employer, provider):
            sign_in_as(person).get(home, status=403)
        for person in (make.assessment().apprenticeship.person, make.person(Role.ADMINISTRATOR)):
            sign_in_as(person).get(home, status=404)

    def test_it_is_there_for_an_assessor_only_once_it_is_shared(
        self, session, make, sign_in_as, at
    ):
        from epa.portfolio import services

        row = make.assessment_in_epa()
        person = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
        make.allocate(make.attempt(row, "presentation"), person)
        version = make.portfolio(row, accepted=True)
        helen = sign_in_as(person)
        helen.get(f"/apprentices/{row.id}/portfolio", status=404)
        helen.get(f"/portfolio/pieces/{version.pieces[0].id}/file", status=404)
        services.share_with(version, person, actor=person, at=at)
        session.commit()
        page = helen.get(f"/apprentices/{row.id}/portfolio")
        assert "28 pieces, 5 service users." in page.text
        assert "Take out" not in page.text
        helen.get(f"/portfolio/pieces/{version.pieces[0].id}", status=403)


class TestAddPiece:
    def test_it_keeps_a_text_with_what_it_shows(self, session, mine, sam, home):
        page = sam.post(f"{home}/pieces/new", piece_data())
        assert page.location == home
        piece = only_piece(session)
        assert piece.text == "We agreed three goals.\nSU-1 chose the first."
        assert (piece.activities, piece.ksbs) == (["action_plan", "review"], ["K1", "S2"])
        assert "“SU-1: first plan” is in your portfolio." in sam.get(home).text

    def test_it_keeps_a_file_under_a_name_of_its_own(self, session, sam, home):
        sam.post(f"{home}/pieces/new", piece_data(text="", file=upload(name="Plan für 李.pdf")))
        file = only_piece(session).file
        assert (file.name, file.content_type) == ("Plan für 李.pdf", "application/pdf")
        assert b"".join(files.opened(file)) == PDF

    def test_it_takes_research_with_a_link(self, session, sam, home):
        sam.post(
            f"{home}/pieces/new",
            piece_data(
                service_user="research", activities=[], text="", link="https://example.org/study"
            ),
        )
        piece = only_piece(session)
        assert (piece.service_user, piece.activities) == (None, [])
        assert sam.get(home).link("https://example.org/study")

    @pytest.mark.parametrize(
        ("fields", "field", "message"),
        [
            ({"title": ""}, "title", "Enter the title"),
            ({"title": "a" * 300}, "title", "Title must have 200 characters or fewer; it has 300"),
            ({"title": "a\x00b"}, "title", "Title holds a character that cannot be kept; type it again"),
            ({"text": ""}, "file", "Give a file, a link or a text"),
            ({"text": "x\x00"}, "text", "The text holds a character that cannot be kept; type it again"),
            ({"text": "x" * 10_001}, "text", "The text must have 10,000 characters or fewer; it has 10,001"),
            ({"kind": "bribe"}, "kind", "Kind: choose one of the options shown"),
            ({"service_user": "99"}, "service_user", "Who it is about: choose one of the options shown"),
            ({"service_user": "9" * 30}, "service_user", "Who it is about: choose one of the options shown"),
            ({"activities": []}, "activities", "Choose at least one activity that this piece shows"),
            ({"activities": ["dancing"]}, "activities", "Activities: choose from the options shown"),
            ({"ksbs": []}, "ksbs", "Choose at least one that this piece shows"),
            ({"ksbs": ["K99"]}, "ksbs", "What it evidences: choose from the options shown"),
            ({"is_own_work": ""}, "is_own_work", "Say that this is your own work and that nobody in it can be identified"),
        ],
    )  # fmt: skip
    def test_it_says_what_is_wrong_and_keeps_what_was_typed(
        self, session, sam, home, fields, field, message
    ):
        page = sam.post(f"{home}/pieces/new", piece_data(**fields), status=422)
        assert page.errors == {field: message}
        if field != "text" and "text" not in fields:
            assert "SU-1 chose the first." in page.html.find(id="text").get_text()
        assert session.scalars(select(PortfolioVersion)).all() == []

    @pytest.mark.parametrize(
        "link", ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://a b"]
    )
    def test_it_refuses_links_that_a_browser_would_run(self, session, sam, home, link):
        page = sam.post(f"{home}/pieces/new", piece_data(link=link), status=422)
        assert page.errors["link"].startswith("The link must")
        assert page.html.find(id="link")["value"] == link
        assert session.scalars(select(EvidencePiece)).all() == []

    @pytest.mark.parametrize(
        ("content", "name", "message"),
        [
            (b"", "Plan.pdf", "“Plan.pdf” is empty."),
            (b"<html><script>alert(1)</script>", "Plan.pdf", "should be a PDF by its name"),
            (b"MZ\x90\x00" * 40, "Plan.docx", "cannot be opened: it is damaged or cut short"),
            (PDF, "Plan.exe", "is not a kind of file taken here"),
            (PDF, "Plan", "is not a kind of file taken here"),
        ],
    )
    def test_it_refuses_files_that_lie_or_are_empty(
        self, session, sam, home, content, name, message
    ):
        page = sam.post(f"{home}/pieces/new", piece_data(file=upload(content, name)), status=422)
        assert message in page.errors["file"]
        assert page.html.find(id="title")["value"] == "SU-1: first plan"
        assert stored_keys(session) == set()

    def test_it_takes_a_name_of_300_letters_shortened_and_its_folder_dropped(
        self, session, sam, home
    ):
        name = "../../etc/" + "a" * 300 + ".pdf"
        sam.post(f"{home}/pieces/new", piece_data(file=upload(name=name)))
        file = only_piece(session).file
        assert file.name.endswith("aaa.pdf")
        assert len(file.name) <= 120
        assert "/" not in file.name

    def test_it_asks_to_choose_the_file_again_when_something_else_is_wrong(
        self, session, sam, home
    ):
        page = sam.post(f"{home}/pieces/new", piece_data(title="", file=upload()), status=422)
        assert "Choose the file again" in page.text
        assert stored_keys(session) == set()

    def test_it_stores_nothing_when_the_storage_does_not_answer(
        self, session, sam, home, monkeypatch
    ):
        def refuse(_self, _content):
            raise StorageFailed("disk full")

        monkeypatch.setattr(Storage, "put", refuse)
        page = sam.post(f"{home}/pieces/new", piece_data(file=upload()), status=422)
        assert "nothing was kept" in page.errors["file"]
        assert page.html.find(id="title")["value"] == "SU-1: first plan"
        assert session.scalars(select(PortfolioVersion)).all() == []

    def test_it_removes_the_file_again_when_the_piece_is_refused(
        self, session, sam, home, monkeypatch
    ):
        kept = []
        put = Storage.put
        monkeypatch.setattr(
            Storage, "put", lambda self, content: kept.append(put(self, content)) or kept[-1]
        )
        page = sam.post(f"{home}/pieces/new", piece_data(file=upload(), activities=[]), status=422)
        assert "Choose the file again" in page.text
        assert len(kept) == 1
        assert not files.storage().exists(kept[0].key)
        assert stored_keys(session) == set()

    def test_it_answers_too_large_a_request_with_a_page(self, app, sam, home, monkeypatch):
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
        page = sam.post(
            f"{home}/pieces/new", piece_data(file=upload(PDF + b" " * 2000)), status=413
        )
        assert "too large" in page.text

    def test_it_names_the_limit_for_too_large_a_file(self, app, sam, home, monkeypatch):
        monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", 20)
        page = sam.post(f"{home}/pieces/new", piece_data(file=upload()), status=422)
        assert page.errors["file"] == "“Plan.pdf” is larger than 20 bytes."

    def test_it_is_closed_once_the_portfolio_is_submitted_or_full(
        self, session, make, mine, sam, home
    ):
        version = make.portfolio(mine, pieces=36)
        assert "Take one out first" in sam.get(f"{home}/pieces/new", status=409).text
        session.delete(version)
        session.commit()
        make.portfolio(mine, submitted=True)
        page = sam.post(f"{home}/pieces/new", piece_data(), status=409)
        assert "can no longer be changed" in page.text

    def test_it_is_nobody_elses(self, make, mine, sign_in_as, home):
        admin = make.person(Role.ADMINISTRATOR, organisation=mine.epao)
        sign_in_as(admin).get(f"{home}/pieces/new", status=403)
        other = make.assessment().apprenticeship.person
        sign_in_as(other).post(f"{home}/pieces/new", piece_data(), status=404)


class TestEditPiece:
    def test_it_shows_what_is_on_record_and_changes_it(self, session, make, mine, sam):
        piece = make.portfolio(mine).pieces[0]
        page = sam.get(f"/portfolio/pieces/{piece.id}")
        assert page.html.find(id="title")["value"] == "Piece 1"
        sam.post(f"/portfolio/pieces/{piece.id}", piece_data(title="Better", service_user="2"))
        assert (piece.title, piece.service_user, piece.number) == ("Better", 2, 1)

    def test_it_keeps_the_file_unless_it_is_replaced_or_taken_out(self, session, make, mine, sam):
        piece = make.portfolio(mine).pieces[0]
        first = make.stored_file(mine.apprenticeship.person, name="First.pdf")
        piece.file = first
        session.commit()
        url = f"/portfolio/pieces/{piece.id}"
        assert "First.pdf" in sam.get(url).text
        sam.post(url, piece_data(text=""))
        assert piece.file is first
        sam.post(url, piece_data(file=upload(name="Second.pdf")))
        assert piece.file.name == "Second.pdf"
        sam.post(url, piece_data(drops_file="yes"))
        assert piece.file is None
        page = sam.post(url, piece_data(text="", drops_file="yes"), status=422)
        assert page.errors == {"file": "Give a file, a link or a text"}

    def test_it_is_frozen_with_its_version(self, session, make, mine, sam):
        piece = make.portfolio(mine, submitted=True).pieces[0]
        url = f"/portfolio/pieces/{piece.id}"
        assert "can no longer be changed" in sam.get(url, status=409).text
        sam.post(url, piece_data(title="Better"), status=409)
        sam.post(f"{url}/remove", status=409)
        assert (piece.title, piece.removed_at) == ("Piece 1", None)

    def test_it_is_not_there_for_others(self, make, mine, sign_in_as):
        piece = make.portfolio(mine).pieces[0]
        other = sign_in_as(make.assessment().apprenticeship.person)
        for url in (piece.id, UNKNOWN):
            other.get(f"/portfolio/pieces/{url}", status=404)
            other.post(f"/portfolio/pieces/{url}", piece_data(), status=404)
            other.post(f"/portfolio/pieces/{url}/remove", status=404)
            other.post(f"/portfolio/pieces/{url}/put-back", status=404)
            other.get(f"/portfolio/pieces/{url}/file", status=404)


class TestRemovePiece:
    def test_it_takes_a_piece_out_and_puts_it_back(self, make, mine, sam, home):
        version = make.portfolio(mine)
        piece = version.pieces[4]
        sam.post(f"/portfolio/pieces/{piece.id}/remove")
        page = sam.get(home)
        assert "27 pieces" in page.text
        assert page.html.find(id="taken-out")
        assert page.html.find(id="piece-5") is None
        sam.post(f"/portfolio/pieces/{piece.id}/put-back")
        page = sam.get(home)
        assert page.html.find(id="piece-5")
        assert page.html.find(id="taken-out") is None

    def test_it_does_nothing_on_get(self, make, mine, sam):
        piece = make.portfolio(mine).pieces[0]
        sam.get(f"/portfolio/pieces/{piece.id}/remove", status=405)


class TestPieceFile:
    def test_it_gives_the_file_as_an_attachment_and_writes_down_who_fetched_it(
        self, session, make, mine, sign_in_as
    ):
        piece = make.portfolio(mine, submitted=True).pieces[0]
        piece.file = make.stored_file(
            mine.apprenticeship.person, name='Plan "für" 李小龙.pdf', content=PDF
        )
        session.commit()
        iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=mine.epao)
        response = sign_in_as(iqa).get(f"/portfolio/pieces/{piece.id}/file").response
        assert response.get_data() == PDF
        headers = response.headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Length"] == str(len(PDF))
        assert headers["Content-Disposition"] == (
            'attachment; filename="Plan fur .pdf"; '
            "filename*=UTF-8''Plan%20%22f%C3%BCr%22%20%E6%9D%8E%E5%B0%8F%E9%BE%99.pdf"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "portfolio file read")
        ).one()
        assert (entry.actor_id, entry.subject_id) == (iqa.id, piece.id)

    def test_it_is_not_found_where_the_piece_has_no_file(self, make, mine, sam):
        piece = make.portfolio(mine).pieces[0]
        sam.get(f"/portfolio/pieces/{piece.id}/file", status=404)

    def test_it_says_so_when_the_bytes_are_lost(self, session, make, mine, sam):
        piece = make.portfolio(mine).pieces[0]
        piece.file = make.stored_file(mine.apprenticeship.person)
        session.commit()
        files.storage().delete(piece.file.key)
        sam.get(f"/portfolio/pieces/{piece.id}/file", status=500)
        read = select(AuditEntry).where(AuditEntry.action == "portfolio file read")
        assert session.scalars(read).all() == []


class TestSubmit:
    def test_it_says_what_will_happen_and_freezes_the_version(self, make, mine, sam, home):
        version = make.portfolio(mine)
        assert "can no longer be changed" in sam.get(f"{home}/submit").text
        sam.post(f"{home}/submit")
        assert version.status is PortfolioStatus.SUBMITTED
        assert "Version 1: submitted." in sam.get(home).text
        sam.post(f"{home}/submit", status=409)

    def test_it_refuses_what_keeps_no_limit(self, make, mine, sam, home):
        version = make.portfolio(mine, pieces=23)
        assert "1 more needed" in sam.get(f"{home}/submit").text
        page = sam.post(f"{home}/submit", status=422)
        assert "23 of 24 pieces; 1 more needed." in page.text
        assert version.status is PortfolioStatus.DRAFT

    def test_it_is_not_there_before_the_first_piece(self, sam, home):
        sam.get(f"{home}/submit", status=404)
