"""The same store over HTTP: what an S3 service keeps, and what we say when it is away."""

import hashlib
import io

import pytest

from epa.storage import FileMissing, Storage, StorageFailed
from tests import s3

# Above this a stream goes to the service in several requests.
ONE_REQUEST = 5 * 1024 * 1024


@pytest.fixture(scope="module")
def bucket():
    patch = pytest.MonkeyPatch()
    with s3.serving(patch.setenv) as made:
        yield made
    patch.undo()


@pytest.fixture
def storage(bucket):
    return Storage(bucket.url)


@pytest.mark.parametrize("size", [0, 3, ONE_REQUEST + 1, 25_000_000])
def test_it_gives_back_what_it_took(storage, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    stored = storage.put(io.BytesIO(content))
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert b"".join(storage.stream(stored.key)) == content


def test_it_stores_under_its_prefix_and_keys_alone(storage, bucket):
    stored = storage.put(b"kept")
    assert f"files/{stored.key}" in bucket.keys
    assert storage.exists(stored.key)
    storage.delete(stored.key)
    storage.delete(stored.key)
    assert f"files/{stored.key}" not in bucket.keys
    for key in (stored.key, "../secret", "ab/cd/../../secret"):
        assert not storage.exists(key)
        with pytest.raises(FileMissing):
            storage.read(key)


def test_it_keeps_nothing_of_a_stream_that_breaks(storage, bucket):
    class Broken(io.RawIOBase):
        left = 20

        def read(self, size=-1):
            self.left -= 1
            if not self.left:
                raise ConnectionResetError("the browser left")
            return b"x" * size

    before = bucket.keys
    with pytest.raises(StorageFailed, match="Nothing was kept"):
        storage.put(Broken())
    assert bucket.keys == before
    assert bucket.unfinished == []


def test_it_is_well_and_says_when_it_is_not(bucket):
    Storage(bucket.url).check()
    with pytest.raises(StorageFailed):
        Storage("s3://no-such-bucket/files").check()


def test_it_says_when_the_service_is_away(monkeypatch):
    with s3.serving(monkeypatch.setenv) as away:
        storage = Storage(away.url)
        stored = storage.put(b"kept")
    with pytest.raises(StorageFailed, match="does not answer"):
        storage.read(stored.key)
    with pytest.raises(StorageFailed, match="Nothing was kept"):
        storage.put(b"more")
