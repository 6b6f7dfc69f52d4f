"""How far a long import has come, told to every process of the server through a small file.

What a transaction has done is seen by nobody else until it is kept; a count of rows may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from epa.imports.services import Told


@contextmanager
def telling(folder: Path, import_id: UUID) -> Iterator[Told]:
    """Give what is to be called with rows done and rows in all; nothing is told any more after."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place, draft = folder / str(import_id), folder / f"{import_id}.new"

    def tell(done: int, whole: int) -> None:
        draft.write_text(f"{done} {whole}", encoding="ascii")
        draft.replace(place)

    try:
        tell(0, 0)
        yield tell
    finally:
        for one in (place, draft):
            one.unlink(missing_ok=True)


def heard(folder: Path, import_id: UUID) -> tuple[int, int] | None:
    """Rows done and rows in all of an import that is under way; None if it is not."""
    try:
        done, whole = (folder / str(import_id)).read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return int(done), int(whole)
