"""A large file on a poor line: cut in the middle, taken up again, also after the page was closed."""

import hashlib

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from epa.database import db
from epa.files.models import PartialUpload, StoredFile, UploadPart
from epa.people.rules import OrganisationKind, Role
from tests import live
from tests.journeys.conftest import SETTINGS
from tests.journeys.people import Apprentice

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PART = 64 * 1024
PDF = b"%PDF-1.7\n" + bytes(range(32, 127)) * 6000 + b"\n%%EOF\n"
OTHER = PDF.replace(b"abc", b"xyz")
SLIDES = ("Slides.pdf", PDF, "application/pdf")
LOST = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def server(tmp_path, own_process):
    small = {"UPLOAD_IN_PARTS_ABOVE": 2 * PART, "UPLOAD_PART_BYTES": PART}
    with live.serving(tmp_path / "data", **SETTINGS, **small) as running:
        yield running


@pytest.fixture
def aled(visit, seeded):
    """An apprentice in the EPA period, at the page on which the presentation is submitted."""
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        person = make.person(
            Role.APPRENTICE,
            organisation=epao,
            given="Aled",
            family="Bevan",
            email="aled@example.org",
        )
        make.credential(person)
        attempt = make.attempt(make.assessment_in_epa(epao=epao, apprentice=person), "presentation")
        path = f"/attempts/{attempt.id}/presentation-file"
    aled = visit(Apprentice, "Aled Bevan", "aled@example.org")
    aled.sign_in()
    aled.open(path)
    yield aled
    aled.complaints[:] = [one for one in aled.complaints if LOST not in one]


def rows(server, query):
    with server.app.app_context():
        found = db.session.execute(query).all()
        db.session.remove()
        return found


def cut_after(aled, parts):
    """Lose the connection once so many parts were sent; the next one does not arrive."""
    left = [parts]

    def pass_on(route):
        left[0] -= 1
        if left[0] < 0:
            aled.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    aled.page.route("**/uploads/*/parts", pass_on)


def reconnect(aled):
    aled.page.unroute("**/uploads/*/parts")
    aled.context.set_offline(False)


def state(aled):
    return aled.page.locator(".upload-state")


def test_it_goes_on_where_it_was_cut_and_is_sent_with_its_form(aled, server):
    cut_after(aled, 3)
    aled.attach("File", *SLIDES)
    expect(state(aled)).to_contain_text("The connection is away. It goes on by itself.")
    expect(state(aled)).to_contain_text("0.2 of 0.5 MB are here")
    aled.page.get_by_role("button", name="Submit the file").click()
    expect(state(aled)).to_contain_text("The form is sent when it is here.")
    sent = []
    aled.page.on("request", lambda one: sent.append(one) if one.url.endswith("/parts") else None)
    with aled.page.expect_navigation():
        reconnect(aled)
    assert aled.sees("Your file is submitted.")
    parts = rows(server, select(UploadPart.offset).order_by(UploadPart.offset))
    assert [offset for (offset,) in parts] == list(range(0, len(PDF), PART))
    assert len(sent) == len(parts) - 3
    assert rows(server, select(StoredFile.name, StoredFile.sha256)) == [
        ("Slides.pdf", hashlib.sha256(PDF).hexdigest())
    ]


def test_it_goes_on_after_the_page_was_closed_and_knows_another_file(aled, server):
    cut_after(aled, 3)
    aled.attach("File", *SLIDES)
    expect(state(aled)).to_contain_text("The connection is away")
    reconnect(aled)
    sent = []
    aled.page.on("request", lambda one: sent.append(one) if one.url.endswith("/parts") else None)
    aled.page.reload()
    aled.attach("File", *SLIDES)
    expect(state(aled)).to_contain_text("“Slides.pdf” is here (0.5 MB).")
    assert len(sent) <= -(-len(PDF) // PART) - 3
    aled.attach("File", "Slides.pdf", OTHER, "application/pdf")
    expect(state(aled)).to_contain_text("“Slides.pdf” is here (0.5 MB).")
    aled.press("Submit the file")
    ((sha256,),) = rows(server, select(StoredFile.sha256))
    assert sha256 == hashlib.sha256(OTHER).hexdigest()
    assert len(rows(server, select(PartialUpload.id))) == 2


def test_a_file_that_lies_or_is_too_large_is_told_before_the_form_is_sent(aled, server):
    server.app.config["MAX_UPLOAD_BYTES"] = len(PDF)
    aled.attach("File", "Film.mp4", b"MZ\x90\x00" * PART, "video/mp4")
    said = aled.page.get_by_role("alert")
    expect(said).to_contain_text("“Film.mp4” should be an MP4 video by its name")
    aled.attach("File", "Slides.pdf", PDF + b" ", "application/pdf")
    expect(said).to_contain_text("“Slides.pdf” is larger than")
    aled.complaints.clear()  # the browser says of each refusal that it was one
    aled.attach("File", "Slides.pdf", PDF, "application/pdf")
    expect(state(aled)).to_contain_text("is here")
    assert said.count() == 0
    aled.press("Submit the file")
    assert aled.sees("Your file is submitted.")
