"""What comes round for imports: tables whose time is over are removed, one at a time."""

from __future__ import annotations

import logging
from typing import Final

from epa.background.queue import every_ten_minutes
from epa.clock import utc_now
from epa.database import db, unit_of_work
from epa.imports import previews, queries
from epa.imports.models import ApprenticeImport
from epa.storage import StorageFailed

log = logging.getLogger("plumbline")
_AT_NIGHT: Final = range(2, 5)


@every_ten_minutes("imports.forget", hours=_AT_NIGHT)
def forget_tables() -> None:
    """Remove the tables that are kept for longer than the settings say."""
    for table_id in queries.to_forget(utc_now()):
        db.session.rollback()  # what was read held no lock that could be turned into one
        try:
            with unit_of_work():
                table = db.session.get_one(ApprenticeImport, table_id)
                previews.forget(table, at=utc_now())
        except StorageFailed:
            log.exception("storage: the file of an imported table could not be removed")
