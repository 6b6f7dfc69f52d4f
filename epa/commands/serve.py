"""plumbline serve: bring the database up to date, start the web server and the background work."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication

from epa.commands.application import CommandRefused, application, refuse
from epa.commands.demonstration import accounts_in_words, load_into_empty, may_load
from epa.database import db

_WORKERS: Final = 3
_THREADS: Final = 4
_END_WITHIN_SECONDS: Final = 15


def serve(argv: list[str], program: str) -> int:
    """Run ``plumbline serve`` until it is interrupted."""
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="load the demonstration first, if the database is empty",
    )
    parser.add_argument(
        "--bind", metavar="ADDRESS", default="127.0.0.1", help="the address to listen on"
    )
    parser.add_argument("--workers", type=int, default=_WORKERS, help="how many processes serve")
    options = parser.parse_args(argv)
    try:
        with application() as app:
            upgrade()
            if options.demonstration and may_load(app):
                _load_apart()
                print("The demonstration is loaded.")
            if options.demonstration:
                print(accounts_in_words(app))
            kind = db.engine.dialect.name
    except CommandRefused as fault:
        return refuse(program, str(fault))
    sys.stdout.flush()
    with _background_work():
        WebServer(
            app, server_options(f"{options.bind}:{app.config['PORT']}", options.workers, kind)
        ).run()
    return 0


@contextmanager
def _background_work() -> Iterator[None]:
    """A process of its own that does the background work, and ends with this one."""
    call = f"from epa.cli import main; main(['work', '--beside', '{os.getpid()}'])"
    worker = subprocess.Popen([sys.executable, "-c", call])  # noqa: S603 (our own command)
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=_END_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()  # a mail on its way is tried again; nothing is lost
            worker.wait()


def _load_apart() -> None:
    """Load the demonstration in a process of its own.

    The store of files starts threads when it is first used, and they do not survive the fork into
    workers: a worker forked from a process that has stored a file would wait for ever at the first
    file it reads, and hold the database meanwhile.

    Raises:
        CommandRefused: the loading ended with a fault, which it has said itself.
    """
    loader = multiprocessing.get_context("spawn").Process(target=_load)
    loader.start()
    loader.join()
    if loader.exitcode:
        raise CommandRefused("the demonstration could not be loaded.")


def _load() -> None:
    with application() as app:
        load_into_empty(app)


def server_options(address: str, workers: int, kind: str) -> dict[str, Any]:
    """How gunicorn serves.

    Args:
        address: where it listens, such as ``127.0.0.1:5000``.
        workers: how many processes.
        kind: the database's dialect.
    """
    # Many threads on one SQLite file give long waits, so there each worker does one thing at once.
    threaded = kind != "sqlite"
    return {
        "bind": address,
        "workers": workers,
        "worker_class": "gthread" if threaded else "sync",
        "threads": _THREADS if threaded else 1,
        "timeout": 120,
        "graceful_timeout": 20,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no stubs
    """Gunicorn inside our own command."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Take our options, not those of a command line."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made before the workers are forked."""
        return self._app
