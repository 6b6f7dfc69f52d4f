"""The policy in force on a day: the one function that everybody asks, so that one place may change."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from epa.policies.rules import BookingPolicy, in_force
from epa.settings import queries as settings

# What an administrator may set on the page of settings.
_SET: Final = ("notice_days", "hold_days", "travel_gap_minutes", "standardisation_months")
_FILE: Final = Path(__file__).with_name("booking.toml")


@cache
def booking_policies() -> tuple[BookingPolicy, ...]:
    """Every policy on booking, as the data file has them."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["booking"]
    return tuple(BookingPolicy.model_validate(entry) for entry in entries)


def booking_policy(on: date) -> BookingPolicy:
    """The numbers by which a date is booked on a day: the policy's, or what is set in their place."""
    policy = in_force(booking_policies(), on)
    return policy.model_copy(update={name: settings.value(name) for name in _SET})
