import hashlib
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.errors import RuleBroken
from epa.files import queries, receiving, services
from epa.files.models import PartialUpload, StoredFile, UploadPart
from epa.files.rules import KEPT_UNUSED, MOST_UNDER_WAY, QUOTA_BYTES
from epa.files.tasks import sweep_uploads
from epa.people.rules import Permission, Role
from epa.uploads import UploadRefused, check_upload

pytestmark = pytest.mark.both_databases

TEXT = b"What SU-1 and I agreed. " * 10
PART, SIZE = 100, len(TEXT)
MOST = 1000


@pytest.fixture
def sam(make):
    return make.person(Role.APPRENTICE)


@pytest.fixture
def stored(tmp_path):
    """An own store for the test; what lies in it."""
    before = services._Place.url
    services.use_storage(tmp_path.as_uri())
    yield lambda: [path for path in tmp_path.rglob("*") if path.is_file()]
    services.use_storage(before)


@pytest.fixture
def begin(sam, stored, at):
    def begun(name="notes.txt", size=SIZE, **more):
        facts = {"actor": sam, "at": at, "most": MOST}
        return receiving.begin(name, size, **facts | more)

    return begun


@pytest.fixture
def send(at):
    def sent(upload, offset, content=TEXT):
        piece = content[offset : offset + PART]
        return receiving.take(upload, offset, piece, at=at, largest=PART)

    return sent


@pytest.fixture
def whole(begin, send):
    def made(content=TEXT, name="notes.txt"):
        upload, here = begin(name, len(content)), 0
        while here < len(content):
            here = send(upload, here, content)
        return upload

    return made


def sha(content):
    return hashlib.sha256(content).hexdigest()


class TestParts:
    def test_it_joins_what_came_and_lets_one_record_have_it(self, session, sam, whole, at):
        upload = whole()
        receiving.check_whole(upload, sha(TEXT), most=MOST)
        receiving.settle(upload, sha(TEXT), at=at)
        with receiving.opened(upload, allowed=frozenset({"txt"}), most=MOST) as checked:
            file = services.store(checked, actor=sam, at=at)
            assert b"".join(services.opened(file)) == TEXT
            assert queries.upload_for(sam, Permission.USE_PLUMBLINE, upload.id) is None
            checked.content.seek(0)
            with pytest.raises(RuleBroken, match="used already"):
                services.store(checked, actor=sam, at=at)

    def test_a_part_that_comes_twice_is_kept_once(self, session, begin, send, stored):
        upload = begin()
        assert [send(upload, 0), send(upload, 0), send(upload, 100), send(upload, 0)] == [
            *(100, 100, 200, 200)
        ]
        assert session.query(UploadPart).count() == len(stored()) == 2

    def test_a_part_out_of_turn_or_with_other_bytes_is_refused(self, begin, send, stored):
        upload = begin()
        send(upload, 0)
        for offset, content in ((200, TEXT), (0, TEXT.upper()), (50, TEXT)):
            with pytest.raises(RuleBroken, match="next part begins at byte 100"):
                send(upload, offset, content)
        assert len(stored()) == 1

    def test_what_broke_off_goes_on_for_its_owner_alone(self, make, begin, send):
        upload = begin()
        send(upload, 0)
        assert begin() is upload
        other = make.person(Role.APPRENTICE)
        assert begin(actor=other).id != upload.id
        assert begin("notes.txt", 239).id != upload.id
        assert queries.upload_for(other, Permission.USE_PLUMBLINE, upload.id) is None

    def test_another_file_of_the_same_name_and_size_begins_afresh(self, begin, send):
        upload = begin()
        send(upload, 0)
        fresh = begin(afresh=True)
        assert (fresh.id == upload.id, fresh.parts, upload.used_at is None) == (False, [], False)

    def test_it_believes_only_the_whole_with_its_digest(self, begin, send, whole):
        half = begin("half.txt")
        send(half, 0)
        with pytest.raises(RuleBroken, match="100 of 240 bytes are here"):
            receiving.check_whole(half, sha(TEXT), most=MOST)
        upload = whole()
        for digest in (sha(TEXT.upper()), "", "0" * 63, "x" * 64):
            with pytest.raises(RuleBroken, match="changed on its way"):
                receiving.check_whole(upload, digest, most=MOST)

    def test_it_says_so_when_a_part_is_gone(self, whole, stored):
        upload = whole()
        stored()[0].unlink()
        with pytest.raises(RuleBroken, match="changed on its way"):
            receiving.check_whole(upload, sha(TEXT), most=MOST)
        with pytest.raises(RuleBroken, match="no longer here"):
            receiving.opened(upload, allowed=frozenset({"txt"}), most=MOST)

    def test_it_looks_into_a_file_that_came_in_parts_as_into_any_other(self, whole):
        lie = b"MZ\x90\x00" + b"x" * 300
        upload = whole(lie, "Film.mp4")
        with pytest.raises(UploadRefused, match="should be an MP4 video by its name"):
            receiving.check_whole(upload, sha(lie), most=MOST)


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "size", "message"),
        [
            ("notes.exe", 10, "not a kind of file taken here"),
            ("\u202e", 10, "has no name"),
            ("notes.txt", 0, "is empty"),
            ("notes.txt", MOST + 1, "is larger than"),
        ],
    )
    def test_it_refuses_before_the_first_byte_what_no_place_takes(self, begin, name, size, message):
        with pytest.raises(RuleBroken, match=message):
            begin(name, size)

    def test_a_long_name_is_kept_short_and_found_again(self, begin):
        name = "../" + "ä" * 900 + ".txt"
        upload = begin(name)
        assert len(upload.name) <= 120
        assert begin(name) is upload

    def test_it_takes_so_many_at_a_time_and_so_much_a_day(self, session, sam, begin, at):
        for number in range(MOST_UNDER_WAY):
            begin(f"{number}.txt")
        with pytest.raises(RuleBroken, match="20 files of yours are on the way"):
            begin("one more.txt")
        later = at + KEPT_UNUSED + timedelta(seconds=1)
        begin("one more.txt", at=later)
        with pytest.raises(RuleBroken, match="within a day"):
            begin("large.txt", QUOTA_BYTES, at=later, most=QUOTA_BYTES)


class TestKeeping:
    def test_a_file_that_came_whole_is_kept_until_its_form_is_sent_again(self, sam, stored, at):
        with check_upload(
            "notes.txt", io.BytesIO(TEXT), allowed=frozenset({"txt"}), max_bytes=MOST
        ) as checked:
            upload = receiving.keep(checked, actor=sam, at=at)
        with receiving.opened(upload, allowed=frozenset({"txt"}), most=MOST) as again:
            assert again.content.read() == TEXT
        with pytest.raises(UploadRefused, match="not a kind of file taken here"):
            receiving.opened(upload, allowed=frozenset({"pdf"}), most=MOST)


@pytest.mark.usefixtures("frozen")
class TestSweep:
    def test_it_removes_what_was_used_or_left_lying_and_nothing_else(
        self, session, sam, whole, stored, at
    ):
        used, left, _going_on = whole(), whole(name="left.txt"), whole(name="going-on.txt")
        with receiving.opened(used, allowed=frozenset({"txt"}), most=MOST) as checked:
            services.store(checked, actor=sam, at=at)
        left.last_at = at - KEPT_UNUSED - timedelta(seconds=1)
        session.commit()
        assert len(stored()) == 3 * 3 + 1
        sweep_uploads()
        assert session.scalars(select(PartialUpload.name)).all() == ["going-on.txt"]
        assert session.query(StoredFile).count() == 1
        assert len(stored()) == 3 + 1
