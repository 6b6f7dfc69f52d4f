"""The server as its command starts it: with the demonstration, on an empty folder."""

import re
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from epa.demonstration.cast import PASSWORD

WAIT_SECONDS = 300


@pytest.fixture
def served(tmp_path):
    """The address of a new demonstration, served by a process of its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [str(Path(sys.executable).with_name("plumbline")), "serve", "--demonstration"]
    environ = {"PLUMBLINE_DATA": str(tmp_path / "data"), "PORT": str(port), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen([*command, "--workers", "1"], env=environ) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_it_gives_a_stored_file_right_after_loading_the_demonstration(served):
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', _page(browser, f"{served}/sign-in"))
    sent = {
        "csrf_token": token[1],
        "email": "sian.prosser@tidewell.example",
        "password": PASSWORD,
    }
    browser.open(f"{served}/sign-in", urlencode(sent).encode(), timeout=WAIT_SECONDS).close()
    record = browser.open(f"{served}/apprentices", timeout=WAIT_SECONDS)
    record.close()
    portfolio = _page(browser, f"{record.url}/portfolio")
    file = re.search(r'href="(/portfolio/pieces/[^"]+/file)"', portfolio)
    with browser.open(served + file[1], timeout=WAIT_SECONDS) as answer:
        assert answer.status == 200
        assert len(answer.read()) == int(answer.headers["Content-Length"]) > 0


def _page(browser, url):
    """The text of a page, waited for while the server starts."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with browser.open(url, timeout=WAIT_SECONDS) as answer:
                return answer.read().decode()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
