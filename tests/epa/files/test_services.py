import io
from contextlib import ExitStack
from datetime import timedelta

import pytest

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken
from epa.files import services
from epa.files.models import StoredFile
from epa.files.rules import QUOTA_BYTES
from epa.people.rules import Role
from epa.storage import FileMissing, Storage, StorageFailed
from epa.uploads import check_upload

TEXT = b"Notes on SU-1, week 3.\n"


@pytest.fixture
def upload():
    """Checks a small text; what it checked is closed after the test."""
    with ExitStack() as open_files:

        def checked(content=TEXT, name="notes.txt"):
            upload = check_upload(
                name, io.BytesIO(content), allowed=frozenset({"txt"}), max_bytes=1024 * 1024
            )
            return open_files.enter_context(upload)

        yield checked


@pytest.fixture
def sam(make):
    return make.person(Role.APPRENTICE)


@pytest.fixture
def stored(tmp_path):
    """An own store for the test; what lies in it, as relative paths."""
    before = services._Place.url
    services.use_storage(tmp_path.as_uri())
    yield lambda: [path for path in tmp_path.rglob("*") if path.is_file()]
    services.use_storage(before)


def test_it_keeps_bytes_and_row_together(session, sam, stored, upload, at):
    file = services.store(upload(), actor=sam, at=at)
    session.commit()
    assert b"".join(services.opened(file)) == TEXT
    assert (file.name, file.size, file.content_type) == ("notes.txt", len(TEXT), "text/plain")
    assert "notes" not in file.key
    entry = session.query(AuditEntry).filter_by(action="file stored").one()
    assert entry.subject_id == file.id
    assert "notes" not in str(entry.details)
    assert len(stored()) == 1


def test_it_removes_the_bytes_when_the_transaction_is_undone(session, sam, stored, upload, at):
    services.store(upload(), actor=sam, at=at)
    session.rollback()
    assert stored() == []
    assert session.query(StoredFile).count() == 0


def test_it_keeps_the_bytes_when_only_a_later_savepoint_is_undone(session, sam, stored, upload, at):
    file = services.store(upload(), actor=sam, at=at)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        raise ZeroDivisionError
    session.commit()
    assert b"".join(services.opened(file)) == TEXT


def test_it_keeps_earlier_files_when_a_later_transaction_is_undone(
    session, sam, stored, upload, at
):
    services.store(upload(), actor=sam, at=at)
    session.commit()
    services.store(upload(b"another\n"), actor=sam, at=at)
    session.rollback()
    assert len(stored()) == 1


def test_it_says_so_when_the_store_takes_nothing(session, sam, stored, upload, at, monkeypatch):
    def refuse(_self, _content):
        raise StorageFailed("disk full")

    monkeypatch.setattr(Storage, "put", refuse)
    with pytest.raises(RuleBroken, match="nothing was kept") as broken:
        services.store(upload(), actor=sam, at=at)
    assert broken.value.field == "file"
    assert session.query(StoredFile).count() == 0


def test_it_refuses_a_file_that_changed_on_its_way(session, sam, stored, upload, at):
    changed = upload()
    changed.sha256 = "0" * 64
    with pytest.raises(RuleBroken, match="changed on its way"):
        services.store(changed, actor=sam, at=at)
    session.rollback()
    assert stored() == []


def test_it_limits_what_one_person_uploads_within_a_day(session, sam, make, stored, upload, at):
    session.add(
        StoredFile(
            key="k",
            name="film.mp4",
            content_type="video/mp4",
            size=QUOTA_BYTES,
            sha256="0" * 64,
            uploaded_at=at,
            uploaded_by_id=sam.id,
        )
    )
    session.commit()
    with pytest.raises(RuleBroken, match="within a day"):
        services.store(upload(), actor=sam, at=at + timedelta(hours=23))
    services.store(upload(), actor=sam, at=at + timedelta(hours=25))
    services.store(upload(), actor=make.person(Role.APPRENTICE), at=at)


def test_it_says_that_a_lost_file_is_missing(session, sam, stored, upload, at):
    file = services.store(upload(), actor=sam, at=at)
    session.commit()
    stored()[0].unlink()
    with pytest.raises(FileMissing):
        services.opened(file)
