"""The background work as its command does it, in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import DevelopmentConfig
from epa.app import create_app
from epa.background.queue import queue, state
from epa.database import db, unit_of_work
from epa.outbox.models import Mail
from epa.outbox.services import write
from tests import smtp
from tests.factories import Make
from tests.once import make_tables

WAIT_SECONDS = 60
WORK = "from epa.cli import main; raise SystemExit(main(['work', '--beside', '{}']))"


@pytest.fixture
def installed(own_process, tmp_path):
    """An application on a folder of its own, with its environment."""

    def made(**environ):
        environ |= {"PLUMBLINE_DATA": str(tmp_path), "PATH": os.environ["PATH"]}
        app = create_app(DevelopmentConfig(environ))
        with app.app_context():
            make_tables(db.engine)
        return app, environ

    yield made
    queue.storage.close()


def until(is_so):
    end = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def test_it_sends_a_mail_that_is_asked_for_and_ends_when_told(installed, at):
    with smtp.serving() as (url, letters):
        app, environ = installed(SMTP_URL=url)
        command = [sys.executable, "-c", WORK.format(os.getpid())]
        with subprocess.Popen(command, env=environ) as worker:
            try:
                until(lambda: state().seen_at is not None)
                with app.app_context(), unit_of_work():
                    make = Make(at)
                    person = make.person(email="sian@example.org")
                    write(person, event="news", subject="News", body="Hello\n", behalf=None, at=at)
                until(lambda: letters)
            finally:
                worker.terminate()
        assert worker.returncode == 0
        with app.app_context():
            until(lambda: db.session.query(Mail).one().sent_at is not None)
            db.session.remove()
            db.engine.dispose()
        assert letters[0]["Subject"] == "News"


def test_it_ends_when_whoever_started_it_is_gone(installed):
    app, environ = installed()
    starter = f"import os, subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {WORK!r}.format(os.getpid())], stdout=2).pid)"
    found = subprocess.run(
        [sys.executable, "-c", starter], env=environ, check=True, capture_output=True, text=True
    )
    until(lambda: not is_running(int(found.stdout)))
    with app.app_context():
        db.engine.dispose()


def is_running(process):
    """Whether a process is there and is more than a name that nobody has asked about yet."""
    try:
        found = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return found.rpartition(")")[2].split()[0] != "Z"
