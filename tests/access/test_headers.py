"""What goes out with every answer, whoever asked for what."""

import pytest

from tests.access.readers import READERS
from tests.access.sweep import sweep

pytestmark = pytest.mark.both_databases


def faults_of(response, *, is_in):
    """What the headers of an answer lack."""
    headers = response.headers
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        yield f"policy {policy!r}"
    if "unsafe" in policy:
        yield f"unsafe {policy!r}"
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
    ):
        if headers.get(name) != value:
            yield f"{name} {headers.get(name)!r}"
    if is_in and headers.get("Cache-Control") != "no-store":
        yield f"Cache-Control {headers.get('Cache-Control')!r}"
    for cookie in headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=Lax" not in cookie:
            yield f"Set-Cookie {cookie.partition('=')[0]}"
    if "attachment" in headers.get("Content-Disposition", "") and response.mimetype in {
        "text/html",
        "image/svg+xml",
    }:
        yield "a file that a browser would run"


@pytest.mark.parametrize("name", READERS)
def test_it_protects_every_answer(asker, name):
    reader = asker.world.readers[name]
    faults = [
        f"{one.answer}: {fault}"
        for one in sweep(asker, name)
        for fault in faults_of(one.answer.response, is_in=reader.is_in)
    ]
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/sign-in", "/sign-in/forgotten", "/sign-in/links/none", "/healthz"),
        *("/static/any/css/none.css", "/static/../config.py", "/", "/people.csv", "/favicon.ico"),
    ],
)
@pytest.mark.parametrize("name", ["nobody", "ada"])
def test_it_protects_what_is_public_and_what_is_not_there(asker, name, path):
    for method in ("GET", "POST", "OPTIONS"):
        answer = asker.ask(asker.world.readers[name], method, "", path)
        is_static = path.startswith("/static") and answer.status == 200
        is_in = name != "nobody" and not is_static
        if path.startswith("/static/"):
            is_in = False
        assert answer.status < 500
        assert not list(faults_of(answer.response, is_in=is_in)), str(answer)
