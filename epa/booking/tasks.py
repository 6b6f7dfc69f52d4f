"""What comes round for bookings: holds that ran out are written down, and told."""

from __future__ import annotations

from datetime import time
from typing import Final

from epa.background.queue import every_ten_minutes
from epa.booking.services import lapse_holds
from epa.clock import utc_now
from epa.database import unit_of_work

_ALL_DAY: Final = range(time.max.hour + 1)


@every_ten_minutes("booking.lapse_holds", hours=_ALL_DAY)
def lapse_holds_that_ran_out() -> None:
    """Free what nobody confirmed in time; whoever looks before sees it lapsed all the same."""
    with unit_of_work():
        lapse_holds(at=utc_now())
