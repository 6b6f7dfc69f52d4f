"""Whether the service is well: each part down on its own, and nothing said that should not be."""

import pytest

from config import DevelopmentConfig, TestConfig
from epa.app import create_app
from epa.background import queue as background
from epa.database import Base, db
from tests.once import make_tables


@pytest.fixture
def service(own_process, tmp_path):
    app = create_app(TestConfig({"PLUMBLINE_DATA": str(tmp_path), "AUDIT_KEY": "canary-key"}))
    with app.app_context():
        make_tables(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def asked(app):
    answer = app.test_client().get("/healthz")
    return answer.status_code, answer.get_json()


def test_it_is_well(service):
    status, body = asked(service)
    assert status == 200
    assert (body["status"], body["database"], body["storage"], body["queue"]) == ("ok",) * 4
    assert set(body) == {
        *("status", "database", "storage", "queue", "queue_waiting", "consumer"),
        *("clock", "sqlite_version"),
    }
    assert (body["queue_waiting"], body["consumer"]) == (0, "ok")
    assert list((service.config["DATA_FOLDER"] / "files").rglob("*/*/*")) == []


def test_it_says_that_the_storage_is_down(service):
    folder = service.config["DATA_FOLDER"] / "files"
    if folder.exists():
        folder.rmdir()
    folder.write_text("no folder")
    status, body = asked(service)
    assert status == 503
    assert (body["status"], body["database"], body["storage"]) == ("down", "ok", "down")


def test_it_says_that_the_queue_is_down(service):
    Base.metadata.tables["mail"].drop(db.engine)
    status, body = asked(service)
    assert status == 503
    assert (body["database"], body["storage"], body["queue"]) == ("ok", "ok", "down")


def test_it_says_that_the_database_is_down(own_process, tmp_path, caplog):
    (tmp_path / "plumbline.sqlite3").mkdir()
    app = create_app(TestConfig({"PLUMBLINE_DATA": str(tmp_path)}))
    status, body = asked(app)
    assert status == 503
    assert (body["database"], body["storage"], body["queue"]) == ("down", "ok", "down")
    assert "OperationalError" in caplog.text


def test_it_says_nothing_about_an_unreachable_server(own_process, tmp_path, caplog):
    url = "postgresql://canary_user:canary_word@127.0.0.1:1/canary_name"
    app = create_app(TestConfig({"PLUMBLINE_DATA": str(tmp_path), "DATABASE_URL": url}))
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    said = answer.get_data(as_text=True) + caplog.text
    for secret in ("canary", str(tmp_path), app.config["SECRET_KEY"], app.config["AUDIT_KEY"]):
        assert secret not in said


def test_it_says_that_the_queue_has_nobody_who_works(own_process, tmp_path):
    app = create_app(DevelopmentConfig({"PLUMBLINE_DATA": str(tmp_path)}))
    with app.app_context():
        make_tables(db.engine)
        status, body = asked(app)
        db.session.remove()
        db.engine.dispose()
    assert (status, body["queue"], body["consumer"]) == (200, "ok", "not seen")
    background.queue.storage.close()


def test_it_says_that_the_store_of_the_queue_is_down(own_process, tmp_path, caplog):
    (tmp_path / "queue.sqlite3").mkdir()
    app = create_app(DevelopmentConfig({"PLUMBLINE_DATA": str(tmp_path)}))
    with app.app_context():
        make_tables(db.engine)
        status, body = asked(app)
        db.session.remove()
        db.engine.dispose()
    assert (status, body["database"], body["queue"]) == (503, "ok", "down")
    assert (body["queue_waiting"], body["consumer"]) == (None, "unknown")
    assert str(tmp_path) not in caplog.text
