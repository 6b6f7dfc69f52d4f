"""What comes round for files: those on the way in that nobody will ask for again are removed."""

from __future__ import annotations

from datetime import time
from typing import Final

from epa.background.queue import every_ten_minutes
from epa.clock import utc_now
from epa.database import unit_of_work
from epa.files.receiving import sweep

_ALL_DAY: Final = range(time.max.hour + 1)


@every_ten_minutes("files.sweep", hours=_ALL_DAY)
def sweep_uploads() -> None:
    """Remove what was used or left lying, a few at a time so that nothing is locked for long."""
    swept = 1
    while swept:
        with unit_of_work():
            swept = sweep(at=utc_now())
