"""A real server for a real browser: the application on loopback, in a thread, on its own data."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime

from werkzeug.serving import WSGIRequestHandler, make_server

from config import TestConfig
from epa.app import create_app
from epa.database import db
from tests.once import make_tables

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(WSGIRequestHandler):
    """Answers without a line in the log for every stylesheet, which would bury a failure."""

    timeout = 5  # a browser opens connections ahead that it may never use

    def log_request(self, *_args, **_kwargs):
        pass


class Live:
    """A running server: its address, its application, and a hand on its clock."""

    def __init__(self, app, url):
        self.app = app
        self.url = url

    def set_clock(self, at):
        """Let the application's clock go on from an instant."""
        shift = round((at - datetime.now(UTC)).total_seconds())
        self.app.config["CLOCK_SHIFT_FILE"].write_text(str(shift), encoding="ascii")


def _at_once(app):
    """The application, each answer whole before it is sent.

    The server leaves what it sends open where a browser goes away in the middle of it.
    """

    def answer(environ, start_response):
        pieces = app(environ, start_response)
        try:
            return list(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    return answer


@contextmanager
def serving(folder, database_url=None, **overrides):
    """Serve a new, empty Plumbline from ``folder`` until the block ends."""
    environ = {"PLUMBLINE_DATA": str(folder), "AUDIT_KEY": "a" * 64}
    if database_url:
        environ["DATABASE_URL"] = database_url
    app = create_app(TestConfig(environ, **overrides))
    with app.app_context():
        make_tables(db.engine)
    server = make_server("127.0.0.1", 0, _at_once(app), threaded=True, request_handler=Quiet)
    # Whoever is still answered when the test ends is waited for: a thread that is dropped leaves a
    # file open, of which a later test would be told.
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Live(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
        with app.app_context():
            db.engine.dispose()
