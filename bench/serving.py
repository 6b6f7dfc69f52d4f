"""A web server as ``plumbline serve`` starts it, in processes of its own that can be pinned and killed."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from flask import Flask

from bench.processes import children_of, pin
from epa.commands.serve import WebServer, server_options
from epa.database import db

_HERE: Final = "127.0.0.1"
_WAIT_SECONDS: Final = 30.0
_END_SECONDS: Final = 20.0
_DIES_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


class Served:
    """An application behind gunicorn on loopback; forked from this process, which has it loaded.

    Args:
        app: what is served.
        kind: the database's dialect, which decides how workers work.
        workers: how many.
        core: where they run; anywhere if None.
    """

    def __init__(self, app: Flask, kind: str, workers: int, core: int | None = None) -> None:
        self._app, self._kind, self._workers, self._core = app, kind, workers, core
        self.port = _free_port()
        self.pid = 0

    def start(self) -> None:
        """Serve, and wait until every worker is there and a connection is taken."""
        # A connection to SQLite must not be carried into another process: it would not see what is
        # written from then on.
        with self._app.app_context(), suppress(RuntimeError):
            db.engine.dispose()
        with warnings.catch_warnings():
            # From 3.12 on Python warns of threads; the child runs gunicorn and nothing of theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            self._serve()
        until = time.monotonic() + _WAIT_SECONDS
        while not self._is_there():
            if time.monotonic() > until:
                raise TimeoutError("the web server did not start")
            time.sleep(0.05)

    @property
    def workers(self) -> list[int]:
        """The workers that live."""
        return children_of(self.pid)

    def kill_worker(self) -> None:
        """End one worker in the middle of whatever it does; gunicorn starts another."""
        os.kill(self.workers[0], signal.SIGKILL)

    def kill(self) -> None:
        """End everything at once, as when the power goes."""
        workers = self.workers
        os.kill(self.pid, signal.SIGSTOP)  # so that it starts no other workers meanwhile
        for one in (*workers, self.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._bury()

    def stop(self) -> None:
        """End as an administrator would: what is under way is answered first."""
        if not self.pid:
            return
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + _END_SECONDS
        while time.monotonic() < until:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = 0
                return
            time.sleep(0.05)
        self.kill()

    def _is_there(self) -> bool:
        try:
            socket.create_connection((_HERE, self.port), _WAIT_SECONDS).close()
        except ConnectionRefusedError:
            return False
        return len(self.workers) == self._workers

    def _bury(self) -> None:
        os.waitpid(self.pid, 0)
        self.pid = 0

    def _serve(self) -> None:
        """What the forked process does; it never comes back."""
        try:
            ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGTERM)
            if self._core is not None:
                pin([os.getpid()], self._core)
            options: dict[str, Any] = server_options(
                f"{_HERE}:{self.port}", self._workers, self._kind
            )
            WebServer(self._app, options).run()
        finally:
            os._exit(0)


@contextmanager
def served(app: Flask, kind: str, workers: int, core: int | None = None) -> Iterator[Served]:
    """An application that is served until the block ends."""
    server = Served(app, kind, workers, core)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((_HERE, 0))
        port: int = taken.getsockname()[1]
    return port
