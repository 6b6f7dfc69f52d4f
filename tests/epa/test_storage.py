"""The store of files: whole or not at all, under our own keys."""

import hashlib
import io

import pytest

from epa.storage import KEY, FileMissing, Storage, StorageFailed


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "files kept"


@pytest.fixture
def storage(folder):
    return Storage(folder.as_uri())


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


class TestStorage:
    @pytest.mark.parametrize("content", [b"", b"one", b"x" * 11_000_000])
    def test_it_gives_back_what_it_took(self, storage, content):
        stored = storage.put(content)
        assert storage.read(stored.key) == content
        assert stored.size == len(content)
        assert stored.sha256 == hashlib.sha256(content).hexdigest()

    def test_it_takes_a_stream_from_where_it_stands(self, storage):
        stream = io.BytesIO(b"abcdef" * 1_000_000)
        stream.seek(6)
        stored = storage.put(stream)
        assert stored.size == 5_999_994
        assert b"".join(storage.stream(stored.key)) == b"abcdef" * 999_999

    def test_it_makes_a_new_key_in_two_levels_each_time(self, storage, folder):
        one, other = storage.put(b"same"), storage.put(b"same")
        assert one.key != other.key
        assert KEY.fullmatch(one.key)
        assert (folder / one.key).read_bytes() == b"same"

    def test_it_makes_its_folder_for_its_owner_alone(self, storage, folder):
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_it_keeps_nothing_of_a_stream_that_breaks(self, storage, folder):
        class Broken(io.RawIOBase):
            left = 9

            def read(self, size=-1):
                self.left -= 1
                if not self.left:
                    raise ConnectionResetError("the browser left")
                return b"x" * size

        with pytest.raises(StorageFailed, match="Nothing was kept"):
            storage.put(Broken())
        assert files_in(folder) == []

    def test_it_forgets_what_is_deleted_even_twice(self, storage, folder):
        stored = storage.put(b"gone")
        assert storage.exists(stored.key)
        storage.delete(stored.key)
        storage.delete(stored.key)
        assert not storage.exists(stored.key)
        assert files_in(folder) == []
        with pytest.raises(FileMissing):
            storage.read(stored.key)

    @pytest.mark.parametrize(
        "key",
        ["../secret", "ab/cd/../../secret", "/etc/passwd", "secret", "", "ab/cd/" + "0" * 32, "\0"],
    )
    def test_it_looks_up_no_key_but_its_own(self, storage, folder, key):
        (folder / "secret").write_text("canary")
        (folder.parent / "secret").write_text("canary")
        assert not storage.exists(key)
        for asked in (storage.read, storage.stream):
            with pytest.raises(FileMissing):
                asked(key)
        storage.delete(key)
        assert (folder / "secret").exists()
        assert (folder.parent / "secret").exists()

    def test_it_is_well_and_leaves_nothing_of_the_check(self, storage, folder):
        storage.check()
        assert files_in(folder) == []

    def test_it_says_when_the_store_is_not_well(self, storage, monkeypatch):
        monkeypatch.setattr(Storage, "read", lambda self, key: b"another")
        with pytest.raises(StorageFailed, match="something else"):
            storage.check()

    def test_it_says_when_the_store_does_not_answer(self, storage, monkeypatch):
        def refuse(*_args):
            raise OSError("input/output error")

        stored = storage.put(b"x")
        monkeypatch.setattr("epa.storage.obstore.head", refuse)
        with pytest.raises(StorageFailed, match="does not answer"):
            storage.exists(stored.key)

    @pytest.mark.parametrize("url", ["nonsense", "gopher://x/y", "file:///proc/none/such"])
    def test_it_refuses_an_address_of_no_store(self, url):
        with pytest.raises(StorageFailed, match="STORAGE_URL"):
            Storage(url)

    def test_it_opens_other_stores_by_their_address(self):
        storage = Storage("memory:///")
        assert storage.read(storage.put(b"kept").key) == b"kept"
        Storage("s3://bucket/prefix")
