import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from epa.extensions import PageTokens

REFUSED, TAKEN = 400, 200


@pytest.fixture
def app():
    app = Flask("tokens")
    app.config.update(SECRET_KEY="long enough to seal something with", WTF_CSRF_TIME_LIMIT=None)
    PageTokens().init_app(app)

    @app.get("/token")
    def token():
        return generate_csrf()

    @app.post("/save")
    def save():
        return "saved"

    @app.post("/forget")
    def forget():
        session.clear()
        return "gone"

    return app


@pytest.fixture
def client(app):
    return app.test_client()


def post(client, token, path="/save", **more):
    headers = {"X-CSRFToken": token} if token else {}
    headers |= more.pop("headers", {})
    return client.post(path, json={}, headers=headers, **more).status_code


def test_what_bears_the_token_of_its_session_is_taken_again_and_again(client):
    token = client.get("/token").text
    assert [post(client, token) for _ in range(3)] == [TAKEN] * 3


def test_no_token_a_changed_one_and_that_of_another_session_are_refused(app, client):
    token, other = client.get("/token").text, app.test_client().get("/token").text
    assert post(client, token) == TAKEN
    for wrong in (None, "", "é", other, token[:-1], token[:-2] + "xy", "A" + token):
        assert post(client, wrong) == REFUSED


def test_a_token_that_was_taken_ends_with_its_session(client):
    token = client.get("/token").text
    assert post(client, token) == TAKEN
    assert post(client, token, "/forget") == TAKEN
    assert post(client, token) == REFUSED


def test_where_the_line_is_encrypted_a_page_of_ours_must_have_sent_it(client):
    ours, theirs = "https://localhost/page", "https://elsewhere.example/page"
    token = client.get("/token", base_url="https://localhost").text
    for referrer, said in ((ours, TAKEN), (theirs, REFUSED), (None, REFUSED)):
        headers = {"Referer": referrer} if referrer else {}
        assert post(client, token, headers=headers, base_url="https://localhost") == said


def test_a_form_needs_its_token_as_ever(client):
    token = client.get("/token").text
    assert client.post("/save", data={"csrf_token": token}).status_code == TAKEN
    assert client.post("/save", data={}).status_code == REFUSED
