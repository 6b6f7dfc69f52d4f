"""Copying a whole database out in one step, and back into an empty one, on SQLite and PostgreSQL.

A plain copy of a live SQLite file is a corrupt one, and a dump without a snapshot may disagree with
what is read beside it: so both kinds hand out a connection that sees exactly what was copied.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, text

from epa.backup.manifest import BackupRefused


class Database(Protocol):
    """What a backup needs of a database, whichever it is."""

    kind: str
    file_name: str

    def is_empty(self) -> bool:
        """Whether there is no table in it."""

    def taken(self, target: Path) -> Any:
        """Copy everything into a new file; within the block a connection sees what was copied."""

    def given_back(self, source: Path) -> Any:
        """Fill the empty database from a copy; undone when the block raises."""


def database_of(engine: Engine, pg_dump: str) -> Database:
    """The database of an engine; ``pg_dump`` names the program that copies PostgreSQL."""
    if engine.dialect.name == "sqlite":
        return SQLite(Path(engine.url.database or ""))
    return PostgreSQL(engine, pg_dump)


class SQLite:
    """A database in one file."""

    kind = "sqlite"
    file_name = "plumbline.sqlite3"

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_empty(self) -> bool:
        """Whether there is no file, or no table in it."""
        if not self._path.exists():
            return True
        with closing(sqlite3.connect(self._path)) as connection:
            return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    @contextmanager
    def taken(self, target: Path) -> Iterator[Connection]:
        """Copy in one read transaction, beside which others go on writing."""
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout = 15000")
            connection.execute("VACUUM INTO ?", (str(target),))
        with _reading_file(target) as copy:
            yield copy

    @contextmanager
    def given_back(self, source: Path) -> Iterator[Connection]:
        """Copy beside the place, let it be checked, and put it in place as the last step."""
        beside = self._path.with_name(f"{self._path.name}.restoring")
        try:
            beside.touch(mode=0o600)
            shutil.copyfile(source, beside)
            with _reading_file(beside) as copy:
                yield copy
            settle(beside)
            for leftover in ("-wal", "-shm"):
                self._path.with_name(self._path.name + leftover).unlink(missing_ok=True)
            beside.replace(self._path)
        finally:
            beside.unlink(missing_ok=True)


class PostgreSQL:
    """A database on a server, copied by the server's own programs."""

    kind = "postgresql"
    file_name = "plumbline.dump"

    def __init__(self, engine: Engine, pg_dump: str) -> None:
        self._engine = engine
        self._pg_dump = pg_dump

    def is_empty(self) -> bool:
        """Whether there is no table in it."""
        return not inspect(self._engine).get_table_names()

    @contextmanager
    def taken(self, target: Path) -> Iterator[Connection]:
        """Dump a snapshot that the connection shares, beside which others go on writing."""
        connecting = self._engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with connecting as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            self._run(
                self._pg_dump,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
            )
            yield connection

    @contextmanager
    def given_back(self, source: Path) -> Iterator[Connection]:
        """Restore in one transaction, let it be checked, and drop it all again if that fails."""
        self._run(
            self._beside("pg_restore"),
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            str(source),
        )
        try:
            with self._engine.connect() as connection:
                yield connection
        except BaseException:
            self._empty()
            raise

    def _empty(self) -> None:
        with self._engine.begin() as connection:
            tables = MetaData()
            tables.reflect(connection)
            tables.drop_all(connection)

    def _beside(self, program: str) -> str:
        """The sibling of pg_dump, so that both are of one version."""
        folder = Path(self._pg_dump).parent
        return program if folder == Path() else str(folder / program)

    def _run(self, program: str, *options: str) -> None:
        # The password goes by the environment: a command line is open to everybody on the machine.
        url = self._engine.url
        parts: dict[str, Any] = {
            "host": url.host,
            "port": url.port,
            "user": url.username,
            "dbname": url.database,
            **url.query,
        }
        place = make_conninfo(**{name: value for name, value in parts.items() if value})
        environ = {**os.environ, "PGPASSWORD": url.password or ""}
        try:
            subprocess.run(  # noqa: S603 (the program is a setting, its options are ours)
                [program, *options, f"--dbname={place}"],
                env=environ,
                check=True,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            raise BackupRefused(
                f"there is no {program} here. PG_DUMP names the pg_dump to use; pg_restore is "
                "looked for beside it."
            ) from None
        except subprocess.CalledProcessError as fault:
            raise BackupRefused(f"{Path(program).name}: {_last_words(fault.stderr)}") from None


def settle(path: Path) -> None:
    """Make a file or a folder survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reading_file(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        with engine.connect() as connection:
            verdict = connection.scalar(text("PRAGMA integrity_check"))
            if verdict != "ok":
                raise BackupRefused(f"the database file is damaged: {verdict}")
            yield connection
    finally:
        engine.dispose()


def _last_words(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return "; ".join(lines[-3:]) or "it failed and did not say why"
