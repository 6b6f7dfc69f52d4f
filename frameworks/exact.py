"""Numbers at the digits they were written with, so that no edge is missed by rounding."""

from fractions import Fraction
from functools import lru_cache

DECIMALS_SHOWN = 2


@lru_cache(maxsize=1024)
def exact(number: float | str) -> Fraction:
    """Return a number as the fraction its digits say: 4.2 is 21/5, not the nearest binary."""
    return Fraction(str(number))


def plain(value: Fraction) -> int | float:
    """Return a fraction for JSON: a whole number, or the nearest float, which is not rounded."""
    return value.numerator if value.denominator == 1 else float(value)


def shown(value: Fraction) -> str:
    """Return a fraction for a sentence: two decimals, cut and never rounded up.

    What was cut is marked: 54.999 reads `54.99…`, so that it is not taken for 55.
    """
    if value < 0:
        return f"-{shown(-value)}"
    whole, rest = divmod(value * 10**DECIMALS_SHOWN, 1)
    digits = f"{whole:0{DECIMALS_SHOWN + 1}d}"
    text = f"{digits[:-DECIMALS_SHOWN]}.{digits[-DECIMALS_SHOWN:]}"
    return f"{text}…" if rest else text.rstrip("0").rstrip(".")
