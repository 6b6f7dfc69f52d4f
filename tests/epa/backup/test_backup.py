"""Backups on both databases: whole, sealed, taken under load, given back or refused."""

import json
import threading

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, select, update

from epa.audit.models import AuditEntry
from epa.database import db, unit_of_work
from epa.files.models import StoredFile
from epa.people.models import Person
from epa.storage import Storage
from tests.architecture import tree
from tests.factories import Make

BOTH = pytest.mark.both_databases


@pytest.fixture
def backup(place, tmp_path):
    folder = tmp_path / "backups" / "monday"
    assert place.run("backup", "create", folder)[0] == 0
    return folder


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text())


@BOTH
class TestCreate:
    def test_it_holds_everything_but_the_keys(self, place, tmp_path):
        (place.folder / "keys").mkdir()
        (place.folder / "keys" / "audit_key").write_text("canary-key")
        told = place.run_json("backup", "create", tmp_path / "new")
        assert (told["files"], told["audit"]["intact"], told["audit"]["rows"]) == (2, True, 3)
        held = sorted(
            path.relative_to(tmp_path / "new").parts[0] for path in (tmp_path / "new").iterdir()
        )
        assert held == sorted(
            ["files", "frameworks", "manifest.json", f"plumbline.{_ending(told['database'])}"]
        )
        assert not [
            path
            for path in (tmp_path / "new").rglob("*")
            if path.is_file() and b"canary-key" in path.read_bytes()
        ]

    def test_it_says_what_each_file_is_and_how_much_there_is(self, backup):
        manifest = manifest_of(backup)
        assert manifest["rows"]["person"] == 1
        assert manifest["rows"]["stored_file"] == 2
        head = ScriptDirectory(str(tree.ROOT / "migrations")).get_current_head()
        assert manifest["schema_head"] == head
        assert (manifest["audit_rows"], len(manifest["audit_head"])) == (3, 64)
        paths = [one["path"] for one in manifest["files"]]
        assert len([path for path in paths if path.startswith("files/")]) == 2
        assert "frameworks/st0663/2031.1.toml" in paths
        assert {len(one["sha256"]) for one in manifest["files"]} == {64}

    def test_it_is_for_its_owner_alone(self, backup):
        assert backup.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o077 for path in backup.rglob("*")} == {0}

    def test_it_is_in_the_audit_log_in_the_name_of_who_took_it(self, place, tmp_path):
        place.run_json("backup", "create", tmp_path / "b", "--as", "Person1@example.org")
        with place.inside():
            entry = db.session.scalar(select(AuditEntry).where(AuditEntry.row == 3))
            person = db.session.scalar(select(Person))
            assert (entry.action, entry.actor_id) == ("backup taken", person.id)
            assert str(entry.subject_id) == manifest_of(tmp_path / "b")["id"]

    def test_it_knows_nobody_of_another_address(self, place, tmp_path):
        status, _, err = place.run("backup", "create", tmp_path / "b", "--as", "who@example.org")
        assert status == 2
        assert "who@example.org" in err
        assert not (tmp_path / "b").exists()

    def test_it_takes_an_empty_folder_and_no_other(self, place, tmp_path):
        folder = tmp_path / "b"
        folder.mkdir()
        assert place.run("backup", "create", folder)[0] == 0
        before = manifest_of(folder)
        status, _, err = place.run("backup", "create", folder)
        assert status == 2
        assert "not empty" in err
        assert manifest_of(folder) == before

    def test_it_refuses_where_there_is_no_database_yet(self, new_place, tmp_path):
        status, out, err = new_place("bare").run("backup", "create", tmp_path / "b")
        assert (status, out) == (2, "")
        assert "plumbline init" in err
        assert not (tmp_path / "b").exists()

    def test_it_leaves_nothing_when_a_file_is_not_what_its_row_says(self, place, tmp_path):
        key = next(path for path in (place.folder / "files").rglob("*") if path.is_file())
        key.write_bytes(b"something else")
        status, _, err = place.run("backup", "create", tmp_path / "b")
        assert status == 2
        assert key.name in err
        assert not (tmp_path / "b").exists()

    def test_it_leaves_nothing_when_a_file_is_missing(self, place, tmp_path):
        key = next(path for path in (place.folder / "files").rglob("*") if path.is_file())
        key.unlink()
        status, _, err = place.run("backup", "create", tmp_path / "b")
        assert status == 2
        assert key.name in err
        assert not (tmp_path / "b").exists()

    def test_it_says_that_the_audit_log_is_broken_and_keeps_what_is_there(self, place, tmp_path):
        _break_the_log(place)
        status, out, err = place.run("backup", "create", tmp_path / "b", "--json")
        assert status == 2
        assert json.loads(out)["audit"]["first_broken"] == 2
        assert "broken at row 2" in err

    def test_it_is_whole_while_others_write(self, place, tmp_path, at):
        """Every backup holds all rows of each transaction that it holds any row of."""
        app, stop, faults = place.app(), threading.Event(), []

        def go_on_writing():
            with app.app_context():
                try:
                    make = Make(at)
                    make.count = 100
                    while not stop.is_set():
                        with unit_of_work():
                            for _ in range(2):
                                number = make.next()
                                db.session.add(_person(number, at))
                                db.session.flush()
                except Exception as fault:  # noqa: BLE001 (shown by the assertion below)
                    faults.append(fault)
                finally:
                    db.session.remove()

        writer = threading.Thread(target=go_on_writing)
        writer.start()
        try:
            for number in range(3):
                place.run_json("backup", "create", tmp_path / f"b{number}")
        finally:
            stop.set()
            writer.join(timeout=60)
        assert faults == []
        with app.app_context():
            written = db.session.scalar(select(func.count()).select_from(Person))
            db.session.remove()
            db.engine.dispose()
        counts = [manifest_of(tmp_path / f"b{number}")["rows"]["person"] for number in range(3)]
        assert all(count % 2 == 1 for count in counts), counts
        assert counts == sorted(counts)
        assert 1 < counts[-1] <= written


@BOTH
class TestRestore:
    def test_it_gives_back_what_was_taken(self, place, backup, new_place):
        other = new_place("there")
        told = other.run_json("backup", "restore", backup)
        manifest = manifest_of(backup)
        assert (told["files"], told["audit"]["head"]) == (2, manifest["audit_head"])
        with other.inside() as app:
            storage = Storage(app.config["STORAGE_URL"])
            rows = db.session.scalars(select(StoredFile).order_by(StoredFile.size)).all()
            assert [storage.read(row.key) for row in rows] == [
                b"a piece of evidence",
                b"x" * 3_000_000,
            ]
            assert db.session.scalar(select(Person.email)) == "person1@example.org"
        own = other.folder / "frameworks" / "st0663" / "2031.1.toml"
        assert own.read_text() == "# the organisation's own\n"
        verified = other.run_json("audit", "verify")
        assert (verified["intact"], verified["rows"]) == (True, 3)
        assert verified["head"] == place.run_json("audit", "verify")["head"]

    def test_it_can_be_written_to_and_backed_up_again(self, backup, new_place, tmp_path):
        other = new_place("there")
        other.run_json("backup", "restore", backup)
        told = other.run_json("backup", "create", tmp_path / "again")
        assert told["audit"]["rows"] == 4

    def test_it_needs_an_empty_place(self, place, backup):
        status, out, err = place.run("backup", "restore", backup)
        assert (status, out) == (2, "")
        assert "the database is not empty" in err
        assert place.run_json("audit", "verify")["rows"] == 3

    def test_it_refuses_a_changed_database(self, backup, new_place):
        file = next(backup.glob("plumbline.*"))
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))
        other = new_place("there")
        status, _, err = other.run("backup", "restore", backup)
        assert status == 2
        assert f"{file.name} was changed" in err
        assert other.is_empty()

    @pytest.mark.parametrize("broken", ["changed", "removed"])
    def test_it_refuses_a_broken_audit_log_and_keeps_nothing(
        self, place, new_place, tmp_path, broken
    ):
        _break_the_log(place, removed=broken == "removed")
        place.run("backup", "create", tmp_path / "b")
        other = new_place("there")
        status, out, err = other.run("backup", "restore", tmp_path / "b")
        assert (status, out) == (2, "")
        assert "the audit log is broken at row 2" in err
        assert other.is_empty()

    def test_it_keeps_nothing_when_the_store_fails(self, backup, new_place, monkeypatch):
        from epa.storage import StorageFailed

        put_back, done = Storage.put_back, []

        def once(self, key, content):
            if done:
                raise StorageFailed("The file could not be stored.")
            done.append(key)
            return put_back(self, key, content)

        monkeypatch.setattr(Storage, "put_back", once)
        other = new_place("there")
        status, _, err = other.run("backup", "restore", backup)
        assert status == 2
        assert "could not be stored" in err
        assert other.is_empty()


class TestRefusals:
    """What is refused before the database is touched: the same on both."""

    @pytest.mark.parametrize("part", ["files/ab/cd/abcd", "frameworks/mine/1.toml"])
    def test_it_needs_an_empty_data_folder(self, backup, new_place, part):
        other = new_place("there")
        (other.folder / part).parent.mkdir(parents=True)
        (other.folder / part).write_text("mine")
        status, _, err = other.run("backup", "restore", backup)
        assert status == 2
        assert "is not empty" in err
        assert (other.folder / part).read_text() == "mine"

    def test_it_needs_the_same_audit_key(self, backup, new_place):
        other = new_place("there")
        status, _, err = other.run("backup", "restore", backup, AUDIT_KEY="b" * 64)
        assert status == 2
        assert "AUDIT_KEY" in err
        assert other.is_empty()

    def test_it_refuses_a_changed_manifest(self, backup, new_place):
        text = (backup / "manifest.json").read_text()
        other = new_place("there")
        for changed in (('"person": 1', '"person": 2'), ('"seal": "', '"seal": "é\\ud800')):
            (backup / "manifest.json").write_text(text.replace(*changed))
            status, _, err = other.run("backup", "restore", backup)
            assert status == 2
            assert "the manifest was changed" in err
        assert other.is_empty()

    def test_it_refuses_what_is_no_manifest(self, backup, new_place):
        there = new_place("there")
        for text in ("", "[]", "{}", '{"format": 99}', "\x00"):
            (backup / "manifest.json").write_text(text)
            assert there.run("backup", "restore", backup)[0] == 2, text

    def test_it_refuses_a_backup_that_was_never_finished(self, backup, new_place, tmp_path):
        (backup / "manifest.json").unlink()
        for folder in (backup, tmp_path / "none"):
            status, _, err = new_place("there").run("backup", "restore", folder)
            assert status == 2
            assert "never finished" in err

    def test_it_names_every_file_that_is_not_as_it_was(self, backup, new_place):
        one, other_file = sorted(path for path in (backup / "files").rglob("*") if path.is_file())
        one.write_bytes(one.read_bytes() + b"!")
        other_file.unlink()
        (backup / "files" / "more").write_text("more")
        other = new_place("there")
        status, _, err = other.run("backup", "restore", backup)
        assert status == 2
        assert f"{one.relative_to(backup)} was changed" in err
        assert f"{other_file.relative_to(backup)} is missing" in err
        assert "files/more is not in the manifest" in err
        assert other.is_empty()


def _ending(database):
    return {"sqlite": "sqlite3", "postgresql": "dump"}[database]


def _person(number, at):
    return Person(
        given_names="Ada",
        family_name=f"Load{number}",
        search_name=f"ada load{number}",
        email=f"load{number}@example.org",
        email_key=f"load{number}@example.org",
        created_at=at,
    )


def _break_the_log(place, *, removed=False):
    second = AuditEntry.row == 2
    change = delete(AuditEntry).where(second)
    if not removed:
        change = update(AuditEntry).where(second).values(action="other")
    with place.inside(), unit_of_work():
        db.session.execute(change, execution_options={"synchronize_session": False})
