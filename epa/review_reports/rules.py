"""The report's parts, until when facts may be disputed, how long a certificate holds, quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import quantiles
from typing import Final

from epa.reviews.rules import months_after

LONGEST_PART: Final = 8000
LONGEST_NOTE: Final = 2000
_MONTHS_A_YEAR: Final = 12


class CertificateState(StrEnum):
    """Whether a certificate holds."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    EXPIRED = "expired"


CERTIFICATE_TITLES: Final[dict[CertificateState, str]] = {
    CertificateState.IN_FORCE: "In force",
    CertificateState.LAPSED: "Lapsed",
    CertificateState.EXPIRED: "Expired",
}


def state_of(expires_on: date | None, lapsed_on: date | None, today: date) -> CertificateState:
    """Where a certificate stands on a day.

    Args:
        expires_on: its last day; None where it is given without an end.
        lapsed_on: the day on which it was said to have lapsed, if it was.
        today: London's date.
    """
    if lapsed_on is not None:
        return CertificateState.LAPSED
    if expires_on is not None and today > expires_on:
        return CertificateState.EXPIRED
    return CertificateState.IN_FORCE


def expiry(issued_on: date, years: int | None) -> date | None:
    """The last day of a certificate: the same day so many years later; None where it has no end."""
    return None if years is None else months_after(issued_on, years * _MONTHS_A_YEAR)


def certificate_number(framework_code: str, issued_on: date, serial: int) -> str:
    """Such as SEQF-2026-A1B2C3D4: the framework, the year, and eight figures and letters of a serial."""
    shown = framework_code.upper().replace("_", "-")
    return f"{shown}-{issued_on:%Y}-{serial % 16**8:08X}"


def dispute_fault(today: date, due_on: date | None) -> str | None:
    """Say why facts can no longer be disputed, or None: until the end of the last working day."""
    if due_on is not None and today > due_on:
        return (
            f"Factual inaccuracies could be named until {due_on.day} {due_on:%B %Y}."
            " Write to those who assessed."
        )
    return None


@dataclass(frozen=True)
class Spread:
    """Where shares in percent lie: a quarter is below ``lower``, half below ``middle``."""

    lower: float
    middle: float
    upper: float
    of: int


def spread_of(shares: Sequence[float]) -> Spread:
    """The quartiles of two or more shares, by linear interpolation between the values."""
    lower, middle, upper = quantiles(shares, n=4, method="inclusive")
    return Spread(lower, middle, upper, len(shares))
