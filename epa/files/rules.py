"""How much one person may upload within a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

QUOTA_BYTES: Final = 4 * 1024**3
QUOTA_PERIOD: Final = timedelta(days=1)


def quota_fault(stored: int, size: int) -> str | None:
    """Say why another file is too much for now, or None when it is not.

    Args:
        stored: bytes that this person stored within the last quota period.
        size: bytes of the file that is to come.
    """
    if stored + size <= QUOTA_BYTES:
        return None
    return (
        f"You have uploaded {stored / 1024**3:.1f} GB within a day, and with this file it would be"
        f" more than {QUOTA_BYTES / 1024**3:.0f} GB. Try again tomorrow."
    )
