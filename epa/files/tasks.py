"""What comes round for files: what nobody will ask for again is removed, what is held is scanned."""

from __future__ import annotations

import logging
from datetime import time
from typing import Final

from epa.background.queue import every_minute, every_ten_minutes
from epa.clock import utc_now
from epa.database import db, unit_of_work
from epa.files import services
from epa.files.queries import to_scan
from epa.files.receiving import sweep
from epa.storage import StorageFailed
from epa.uploads.scanning import ScannerDown, is_asked

log = logging.getLogger("plumbline")
_ALL_DAY: Final = range(time.max.hour + 1)


@every_ten_minutes("files.sweep", hours=_ALL_DAY)
def sweep_uploads() -> None:
    """Remove what was used or left lying, a few at a time so that nothing is locked for long."""
    swept = 1
    while swept:
        with unit_of_work():
            swept = sweep(at=utc_now())


@every_minute("files.scan_held")
def scan_held() -> None:
    """Ask about the files that came while the scanner was down; stop when it still is."""
    for hold_id in to_scan() if is_asked() else ():
        try:
            is_clean = services.is_held_file_clean(hold_id)
        except ScannerDown:
            return
        except StorageFailed:
            log.exception("storage: a held file cannot be read")
            continue
        finally:
            db.session.rollback()  # what was read held no lock that could be turned into one
        with unit_of_work():
            services.settle_hold(hold_id, is_clean=is_clean, at=utc_now())
