import hashlib
import json

import pytest

from epa.clock import utc_now
from epa.files import queries, services
from epa.files.models import PartialUpload
from epa.files.receiving import sweep
from epa.people.rules import Permission, Role
from epa.portfolio.models import EvidencePiece
from tests import s3

TEXT = b"What SU-1 and I agreed. " * 10
SIZE = len(TEXT)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def mine(make):
    return make.assessment()


@pytest.fixture
def sam(mine):
    return mine.apprenticeship.person


def piece_with(file, **fields):
    """A piece as its form sends it, with an upload by its id."""
    return {
        "title": "SU-1: first plan",
        "kind": "case_record",
        "service_user": "1",
        "activities": ["action_plan"],
        "ksbs": ["K1"],
        "is_own_work": "yes",
        "file": file,
    } | fields


@pytest.fixture
def own_store_over_http(monkeypatch):
    """Files are kept by a service, as with STORAGE_URL=s3://bucket/prefix."""
    before = services._Place.url
    with s3.serving(monkeypatch.setenv) as bucket:
        services.use_storage(bucket.url)
        yield bucket
        services.use_storage(before)


@pytest.fixture
def client(app, sam, sign_in_as, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOAD_PART_BYTES", 100)
    monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", 1000)
    return sign_in_as(sam)


@pytest.fixture
def announce(client):
    def announced(name="notes.txt", size=SIZE, status=200, **more):
        page = client.post("/uploads", json={"name": name, "size": size, **more}, status=status)
        return json.loads(page.response.get_data())

    return announced


@pytest.fixture
def send(client):
    def sent(upload, offset, content, status=200):
        page = client.post(
            upload["parts_url"],
            data=content,
            status=status,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset)},
        )
        return json.loads(page.response.get_data())

    return sent


@pytest.fixture
def finish(client):
    def finished(upload, content, status=200):
        said = {"sha256": hashlib.sha256(content).hexdigest()}
        page = client.post(upload["whole_url"], json=said, status=status)
        return json.loads(page.response.get_data())

    return finished


@pytest.fixture
def plan(announce, send, finish):
    """A small PDF that came in parts, and waits for its form."""
    upload = announce("Plan.pdf", len(PDF))
    send(upload, 0, PDF)
    finish(upload, PDF)
    return upload["id"]


def test_it_takes_part_after_part_and_tells_what_is_here(client, announce, send, finish):
    upload = announce()
    assert (upload["received"], upload["parts"], upload["is_whole"]) == (0, [], False)
    assert send(upload, 0, TEXT[:100]) == {"received": 100}
    so_far = json.loads(client.get(upload["so_far_url"]).response.get_data())
    first = hashlib.sha256(TEXT[:100]).hexdigest()
    assert so_far["parts"] == [{"offset": 0, "size": 100, "sha256": first}]
    assert announce()["id"] == upload["id"]
    assert finish(upload, TEXT, 422)["error"].startswith("100 of 240 bytes are here")
    send(upload, 100, TEXT[100:200])
    send(upload, 200, TEXT[200:])
    assert finish(upload, TEXT) == {"id": upload["id"], "name": "notes.txt", "size": 240}
    assert announce()["is_whole"] is True


def test_a_part_out_of_turn_is_told_where_to_go_on(announce, send):
    upload = announce()
    send(upload, 0, TEXT[:100])
    answer = send(upload, 200, TEXT[200:], 409)
    assert answer["received"] == 100
    assert "begins at byte 100" in answer["error"]


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "٣", "0x10", "9" * 400, "two"])
def test_it_refuses_an_offset_that_is_no_number(announce, send, offset):
    upload = announce()
    try:
        answer = send(upload, offset, TEXT[:100], 400)
    except UnicodeEncodeError:
        answer = send(upload, offset.encode().decode("latin-1"), TEXT[:100], 400)
    assert "Upload-Offset" in answer["error"]


def test_it_refuses_a_part_that_is_too_large(announce, send):
    assert "at most 100 bytes" in send(announce(), 0, TEXT[:101], 413)["error"]


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"name": "a.txt"}, {"name": 1, "size": 1}, {"name": "a", "size": -1}],
)
def test_it_refuses_what_it_cannot_read(client, body):
    client.post("/uploads", json=body, status=400)
    for sent in (b"{", b"[" * 20_000):
        client.post("/uploads", data=sent, content_type="application/json", status=400)


def test_it_says_at_once_what_no_place_takes(announce):
    assert "larger than" in announce(size=1001, status=422)["error"]
    assert "not a kind of file" in announce("run.exe", status=422)["error"]


def test_a_file_that_lies_is_told_apart_and_given_up(session, sam, announce, send, finish):
    upload = announce("Film.mp4", 44)
    send(upload, 0, b"MZ\x90\x00" * 11)
    answer = finish(upload, b"MZ\x90\x00" * 11, 422)
    assert "should be an MP4 video by its name" in answer["error"]
    row = session.query(PartialUpload).one()
    assert queries.upload_for(sam, Permission.USE_PLUMBLINE, row.id) is None


def test_nobody_else_reaches_it(announce, sign_in_as, make):
    upload = announce()
    for person in (make.person(Role.APPRENTICE), make.person(Role.ADMINISTRATOR)):
        other = sign_in_as(person)
        other.get(upload["so_far_url"], status=404)
        other.post(upload["parts_url"], data=b"x", status=404)
        other.post(upload["whole_url"], json={}, status=404)


def test_a_form_takes_the_file_that_is_here_and_only_ones_own(
    session, client, mine, plan, sign_in_as, make
):
    home = "/apprentices/{}/portfolio/pieces/new"
    other = make.assessment()
    page = sign_in_as(other.apprenticeship.person).post(
        home.format(other.id), piece_with(plan), status=422
    )
    assert page.errors == {"file": "The file that was uploaded is no longer here. Choose it again."}
    page = client.post(home.format(mine.id), piece_with(plan, title=""), status=422)
    assert "“Plan.pdf” is here" in page.text
    client.post(home.format(mine.id), piece_with(plan))
    assert session.query(EvidencePiece).one().file.name == "Plan.pdf"
    page = client.post(home.format(mine.id), piece_with(plan), status=422)
    assert "no longer here" in page.errors["file"]


@pytest.mark.parametrize(
    "value", ["x", "0" * 36, "'; --", "../etc", "00000000-0000-4000-8000-000000000000"]
)
def test_a_form_refuses_an_upload_that_is_none(client, mine, value):
    page = client.post(
        f"/apprentices/{mine.id}/portfolio/pieces/new", piece_with(value), status=422
    )
    assert "no longer here" in page.errors["file"]


def test_it_takes_parts_into_a_store_over_http_and_gives_them_back(
    session, client, mine, own_store_over_http, request
):
    upload = request.getfixturevalue("plan")
    assert len(own_store_over_http.keys) == 1
    client.post(f"/apprentices/{mine.id}/portfolio/pieces/new", piece_with(upload))
    piece = session.query(EvidencePiece).one()
    got = client.get(f"/portfolio/pieces/{piece.id}/file")
    assert got.response.get_data() == PDF
    sweep(at=utc_now())
    session.commit()
    assert own_store_over_http.keys == [f"files/{piece.file.key}"]
