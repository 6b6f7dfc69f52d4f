from datetime import timedelta

import pytest
import time_machine
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface

from epa.clock import utc_now
from epa.web.cookies import SealedSessions

NAME = "session"


def application(interface=None):
    app = Flask("cookies")
    app.secret_key = "a key that is long enough to seal something"
    app.session_interface = interface(app) if interface else SecureCookieSessionInterface()

    @app.get("/put/<word>")
    def put(word):
        session["word"], session["list"] = word, [word]
        return ""

    @app.get("/add")
    def add():
        # A list within, changed in place and not kept: the cookie stays as it is.
        session["list"].append("more")
        session.modified = False
        return str(len(session["list"]))

    @app.get("/")
    def show():
        return session.get("word", "nothing")

    return app


@pytest.fixture
def app():
    return application(SealedSessions)


def read(app, cookie):
    client = app.test_client()
    client.set_cookie(NAME, cookie)
    return client.get("/").text


def sealed(app, word="kept"):
    client = app.test_client()
    client.get(f"/put/{word}")
    return client.get_cookie(NAME).value


def test_it_reads_what_flask_sealed_and_flask_reads_what_it_sealed(app):
    flask = application()
    assert read(app, sealed(flask)) == read(flask, sealed(app)) == "kept"


def test_a_cookie_that_was_changed_holds_nothing_even_when_the_whole_one_was_seen(app):
    cookie = sealed(app)
    assert read(app, cookie) == "kept"
    for place in (0, len(cookie) // 2, -2):
        other = "A" if cookie[place] != "A" else "B"
        changed = cookie[:place] + other + cookie[place:][1:]
        assert read(app, changed) == "nothing"
    assert read(app, "") == read(app, "x.y.z") == "nothing"


def test_each_request_has_a_session_of_its_own(app):
    client = app.test_client()
    client.get("/put/kept")
    assert [client.get("/add").text for _ in range(3)] == ["2", "2", "2"]


def test_a_cookie_grows_too_old_although_it_was_seen(app):
    cookie, now = sealed(app), utc_now()
    assert read(app, cookie) == "kept"
    oldest = app.permanent_session_lifetime
    with time_machine.travel(now + oldest - timedelta(minutes=1), tick=False):
        assert read(app, cookie) == "kept"
    with time_machine.travel(now + oldest + timedelta(minutes=1), tick=False):
        assert read(app, cookie) == "nothing"


def test_a_cookie_of_another_key_holds_nothing(app):
    other = application(SealedSessions)
    other.secret_key = "another key, as long as the first one was"
    assert read(app, sealed(other)) == "nothing"
