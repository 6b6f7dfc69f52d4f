import io
from datetime import date

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.files import services as files
from epa.people.rules import Role
from epa.presentation.models import PresentationSubmission
from epa.storage import Storage

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def attempt(make):
    return make.attempt(make.assessment_in_epa(), "presentation")


@pytest.fixture
def sam(attempt, sign_in_as):
    return sign_in_as(attempt.assessment.apprenticeship.person)


@pytest.fixture
def staff(make, attempt, sign_in_as):
    return lambda role: sign_in_as(make.person(role, organisation=attempt.assessment.epao))


@pytest.fixture
def url(attempt):
    return f"/attempts/{attempt.id}/presentation-file"


def upload(name="Slides.pdf", content=PDF):
    return {"file": (io.BytesIO(content), name)}


def submissions(session):
    return session.scalars(select(PresentationSubmission)).all()


@pytest.fixture
def late(session, attempt):
    """The EPA period began in May, so that the file was due on 21 May."""
    attempt.assessment.epa_starts_on = date(2026, 5, 1)
    session.commit()


class TestSubmitFile:
    def test_it_shows_the_fixed_title_and_the_day_it_is_due(self, sam, url):
        page = sam.get(url)
        lead = " ".join(page.html.select_one(".lead").get_text().split())
        assert lead == (
            "The title is fixed: “A Summary of Employability Practice, Using Evidence”."
            " Due Monday 29 June 2026, 23:59: 20 days left."
        )

    def test_it_takes_a_file_and_a_newer_one(self, session, sam, url):
        sam.post(url, upload())
        sam.post(url, upload("Slides 2.pdf"))
        rows = sam.get(url).html.tbody("tr")
        assert [row.th.get_text(strip=True) for row in rows] == ["Version 2", "Version 1"]
        assert "Counts" in rows[0].get_text()
        assert [one.version for one in submissions(session)] == [1, 2]

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            (None, None, "Choose the file of your presentation"),
            ("Slides.pdf", b"", "“Slides.pdf” is empty."),
            ("Slides.txt", PDF, "is not a kind of file taken here"),
            ("Slides.mp4", PDF, "should be an MP4 video by its name"),
        ],
    )
    def test_it_says_what_will_not_do(self, session, sam, url, name, content, message):
        page = sam.post(url, upload(name, content) if name else {}, status=422)
        assert message in page.errors["file"]
        assert submissions(session) == []

    def test_it_refuses_a_late_file_with_what_to_do_and_keeps_nothing(
        self, session, sam, url, late, monkeypatch
    ):
        kept = []
        put = Storage.put
        monkeypatch.setattr(
            Storage, "put", lambda self, content: kept.append(put(self, content)) or kept[-1]
        )
        page = sam.post(url, upload(), status=422)
        assert "Tell the administrator why it is late" in page.text
        assert submissions(session) == []
        assert not any(files.storage().exists(one.key) for one in kept)
        assert sam.get(url).html.find("input", type="file") is None

    def test_it_is_the_apprentices_alone(self, make, attempt, staff, sign_in_as, url):
        for role in (Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR):
            browser = staff(role)
            assert browser.get(url).html.find("input", type="file") is None
            browser.post(url, upload(), status=403)
        sign_in_as(make.assessment_in_epa().apprenticeship.person).post(url, upload(), status=404)
        staff(Role.INDEPENDENT_ASSESSOR).get(url, status=404)
        employer = make.person(
            Role.EMPLOYER, organisation=attempt.assessment.apprenticeship.employer
        )
        sign_in_as(employer).get(url, status=403)


class TestSubmitLate:
    def test_it_accepts_a_late_file_with_a_reason(self, session, sam, staff, url, late):
        admin = staff(Role.ADMINISTRATOR)
        assert admin.get(url).link("Accept a late file") == f"{url}/late"
        admin.get(f"{url}/late")
        admin.post(f"{url}/late", upload() | {"reason": "The storm cut the power."})
        assert "The storm cut the power." in sam.get(url).text
        assert submissions(session)[0].allowed_late_by_id is not None

    def test_it_asks_for_reason_and_file_and_keeps_the_reason(self, session, staff, url, late):
        admin = staff(Role.ADMINISTRATOR)
        page = admin.post(f"{url}/late", upload(), status=422)
        assert page.errors == {"reason": "Say why the late file is accepted"}
        assert "Choose the file again" in page.text
        page = admin.post(f"{url}/late", {"reason": "The storm."}, status=422)
        assert "The storm." in page.html.find(id="reason").get_text()
        assert submissions(session) == []

    def test_it_is_refused_while_the_file_is_not_late_and_to_others(self, sam, staff, url):
        admin = staff(Role.ADMINISTRATOR)
        page = admin.post(f"{url}/late", upload() | {"reason": "Early."}, status=422)
        assert "until then the apprentice submits it" in page.text
        sam.get(f"{url}/late", status=403)
        staff(Role.INTERNAL_QUALITY_ASSURER).get(f"{url}/late", status=403)


class TestFile:
    def test_it_gives_the_newest_or_the_version_asked_for_and_writes_it_down(
        self, session, make, attempt, sam, sign_in_as, url
    ):
        sam.post(url, upload())
        sam.post(url, upload("Slides 2.pdf", PDF + b"\n"))
        helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=attempt.assessment.epao)
        make.allocate(attempt, helen)
        browser = sign_in_as(helen)
        newest = browser.get(f"{url}/download").response
        assert newest.get_data() == PDF + b"\n"
        assert newest.headers["Content-Disposition"].startswith("attachment;")
        assert newest.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in newest.headers["Content-Security-Policy"]
        assert browser.get(f"{url}/download?version=1").response.get_data() == PDF
        browser.get(f"{url}/download?version=9", status=404)
        read = select(AuditEntry).where(AuditEntry.action == "presentation file read")
        entries = session.scalars(read).all()
        assert {(entry.actor_id, entry.details["version"]) for entry in entries} == {
            (helen.id, 1),
            (helen.id, 2),
        }

    def test_it_is_not_there_before_the_first_and_not_for_others(self, make, sam, sign_in_as, url):
        sam.get(f"{url}/download", status=404)
        sam.post(url, upload())
        other = sign_in_as(make.assessment_in_epa().apprenticeship.person)
        other.get(f"{url}/download", status=404)
