import io

import pytest

from epa.database import db
from epa.people.rules import Role
from epa.portfolio import services
from epa.portfolio.models import EvidencePiece
from tests.epa.portfolio.test_routes import PDF, piece_data


@pytest.fixture
def mine(make):
    return make.assessment()


@pytest.fixture
def admin(make, mine):
    return make.person(Role.ADMINISTRATOR, organisation=mine.epao)


@pytest.fixture
def home(mine):
    return f"/apprentices/{mine.id}/portfolio"


@pytest.fixture
def note(session, admin, at):
    """Somebody noted reasons: ``note(version, {3: "A name."})``."""

    def noted(version, reasons):
        services.note_intake(version, reasons, actor=admin, at=at)
        session.commit()

    return noted


@pytest.fixture
def send_back(session, admin, at):
    """The portfolio was returned; gives the draft that follows."""

    def sent(version):
        draft = services.return_for(version, "See piece 3.", actor=admin, at=at)
        session.commit()
        return draft

    return sent


def form_on(page):
    """What a browser would send of the page's form as it stands."""
    form = page.html.select_one("main form[method=post]")
    boxes = {box["name"]: box.get("value", "") for box in form.select("input[name]")}
    return boxes | {box["name"]: box.get_text().strip() for box in form.select("textarea")}


@pytest.fixture
def submitted(session, make, mine):
    """A submitted version whose third piece names somebody."""
    version = make.portfolio(mine, submitted=True)
    version.pieces[2].text = "Mrs Patricia Hargreaves came, call 07700 900123."
    session.commit()
    return version


class TestCheck:
    def test_reasons_go_back_with_the_portfolio_and_stand_at_their_pieces(
        self, submitted, home, send_back, admin, sign_in_as
    ):
        ruth = sign_in_as(admin)
        check = ruth.get(home).link("Look it over, piece by piece")
        page = ruth.get(check)
        assert "In the text: a telephone number, at the end." in page.text
        ruth.post(check, form_on(page) | {"piece_3": "Write SU-3.", "piece_9": " "})
        assert form_on(ruth.get(check))["piece_3"] == "Write SU-3."
        send_back(submitted)
        sam = sign_in_as(submitted.assessment.apprenticeship.person)
        assert "Put the portfolio right" in sam.get("/").text
        for reader in (sam, ruth):
            page = reader.get(home)
            assert "To put right: Write SU-3." in page.text
            assert page.text.count("To put right:") == 1
        ruth.get(check, status=409)

    def test_the_apprentice_sees_no_reason_before_the_decision(
        self, submitted, mine, home, note, sign_in_as
    ):
        note(submitted, {3: "Write SU-3."})
        sam = sign_in_as(mine.apprenticeship.person)
        assert "Write SU-3." not in sam.get(home).text
        assert "Look it over" not in sam.get(home).text
        sam.get(f"/portfolio/versions/{submitted.id}/intake", status=403)

    def test_the_second_of_two_keeps_their_words_and_chooses(
        self, submitted, note, admin, sign_in_as
    ):
        ruth, check = sign_in_as(admin), f"/portfolio/versions/{submitted.id}/intake"
        mine_first = form_on(ruth.get(check)) | {"piece_4": "A face."}
        note(submitted, {3: "A name."})
        page = ruth.post(check, mine_first, status=409)
        assert "Somebody else looked this portfolio over" in page.text
        again = form_on(page)
        assert again["piece_4"] == "A face."
        ruth.post(check, again)
        for odd in ("", "x", "9" * 5000, "-1"):
            ruth.post(check, again | {"seen": odd}, status=409)

    def test_it_says_which_reason_is_too_long(self, submitted, admin, sign_in_as):
        ruth, check = sign_in_as(admin), f"/portfolio/versions/{submitted.id}/intake"
        page = ruth.post(check, form_on(ruth.get(check)) | {"piece_4": "x" * 1001}, status=422)
        assert "in piece 4 must have 1,000 characters or fewer" in page.errors["piece_4"]


class TestCompare:
    def test_it_compares_the_newest_two_or_those_asked_for(
        self, make, submitted, home, send_back, sign_in_as
    ):
        sam, draft = submitted.assessment.apprenticeship.person, send_back(submitted)
        services.remove_piece(draft.pieces[0], actor=sam, at=make.at)
        file = make.stored_file(sam, name="<b>Plan</b>.pdf")
        draft.pieces[0].file = file
        db.session.commit()
        page = sign_in_as(sam).get(f"{home}")
        page = sign_in_as(sam).get(page.link("Compare versions"))
        assert "0 added, 1 taken out, 1 changed, 26 as before." in page.text
        assert file.sha256 in page.text
        for query in ("?earlier=2&later=1", "?earlier=1&later=9", "?later=1"):
            assert "no such two versions" in sign_in_as(sam).get(f"{home}/compare{query}").text

    def test_an_assessor_compares_nothing_but_what_was_shared(self, make, sign_in_as):
        row = make.assessment_in_epa()
        helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
        make.allocate(make.attempt(row, "presentation"), helen)
        make.portfolio(row, shared_with=helen)
        page = sign_in_as(helen).get(f"/apprentices/{row.id}/portfolio/compare")
        assert "no such two versions" in page.text


class TestWarning:
    """What looks like a person's data is said once and blocks nothing."""

    NAMED = "Mrs Patricia Hargreaves came, call 07700 900123."

    @pytest.fixture
    def sam(self, mine, sign_in_as):
        return sign_in_as(mine.apprenticeship.person)

    def test_sent_again_it_is_kept_as_it_is_with_its_file(self, session, sam, home):
        data = piece_data(text=self.NAMED, file=(io.BytesIO(PDF), "Plan of Jane Smith.pdf"))
        page = sam.post(f"{home}/pieces/new", data, status=200)
        assert "In the text: a telephone number, at the end." in page.text
        assert "In the file’s name: a name" in page.text
        assert "“Plan of Jane Smith.pdf” is here" in page.text
        assert page.html.find(id="text").get_text().strip() == self.NAMED
        assert session.query(EvidencePiece).count() == 0
        hidden = {
            box["name"]: box["value"]
            for box in page.html.select("main form[method=post] input[type=hidden]")
        }
        sam.post(f"{home}/pieces/new", piece_data(text=self.NAMED) | hidden)
        piece = session.query(EvidencePiece).one()
        assert (piece.text, piece.file.name) == (self.NAMED, "Plan of Jane Smith.pdf")

    def test_something_else_that_comes_up_is_said_too(self, session, sam, home):
        page = sam.post(f"{home}/pieces/new", piece_data(text=self.NAMED), status=200)
        warned = page.html.find(attrs={"name": "warned"})["value"]
        sam.post(
            f"{home}/pieces/new",
            piece_data(text=self.NAMED, title="For Mrs Hargreaves", warned=warned),
            status=200,
        )
        assert session.query(EvidencePiece).count() == 0
        sam.post(f"{home}/pieces/new", piece_data(text="SU-1 called.", warned=warned))
        assert session.query(EvidencePiece).count() == 1

    def test_a_refused_piece_is_refused_first(self, sam, home):
        page = sam.post(f"{home}/pieces/new", piece_data(text=self.NAMED, ksbs=[]), status=422)
        assert set(page.errors) == {"ksbs"}
        assert "personal data" not in page.text
