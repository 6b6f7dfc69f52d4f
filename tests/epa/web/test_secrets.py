"""Passwords, keys and addresses with passwords stay out of the log and out of every answer."""

import logging

import pytest
from sqlalchemy import text

from config import TestConfig
from epa.app import create_app
from epa.database import db
from epa.sign_in import services
from epa.sign_in.rules import LINK_PATH
from tests.once import make_tables

PASSWORD = "canary-password-1"


@pytest.fixture
def client(own_process, tmp_path, caplog):
    """A browser on an application that answers crashes with a page, as in production."""
    caplog.set_level(logging.DEBUG)
    environ = {
        "PLUMBLINE_DATA": str(tmp_path),
        "SECRET_KEY": "canary-secret-key",
        "AUDIT_KEY": "canary-audit-key",
    }
    app = create_app(TestConfig(environ, WTF_CSRF_ENABLED=False, TESTING=False))
    with app.app_context():
        make_tables(db.engine)
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def sign_in(client):
    return client.post("/sign-in", data={"email": "who@example.org", "password": PASSWORD})


def check(answer, caplog):
    said = answer.get_data(as_text=True) + caplog.text
    assert "canary" not in said


def test_it_says_nothing_of_a_wrong_password(client, caplog):
    answer = sign_in(client)
    assert answer.status_code == 422
    check(answer, caplog)


def test_it_logs_a_crash_without_what_was_typed(client, caplog, monkeypatch):
    def crash(_email, password):
        raise RuntimeError(f"a crash after {len(password)} letters")

    monkeypatch.setattr(services, "verified", crash)
    answer = sign_in(client)
    assert answer.status_code == 500
    assert "a crash after 17 letters" in caplog.text
    check(answer, caplog)


@pytest.mark.parametrize(
    "statement", ["SELECT :word FROM nowhere", "INSERT INTO person VALUES (:word)"]
)
def test_it_logs_a_fault_of_the_database_without_its_values(client, caplog, monkeypatch, statement):
    def fail(_email, password):
        db.session.execute(text(statement), {"word": password})

    monkeypatch.setattr(services, "verified", fail)
    answer = sign_in(client)
    assert answer.status_code == 500
    assert "OperationalError" in caplog.text
    check(answer, caplog)


def test_it_writes_no_address_of_a_page_with_a_one_time_link_to_the_log(client, caplog):
    answer = client.get(f"{LINK_PATH}canary-token")
    assert answer.status_code < 500
    assert "canary-token" not in caplog.text
