"""What one cell of a table says: a name, a date, a yes or no; what is wrong with it in words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from email_validator import EmailNotValidError, validate_email

from epa.lifecycle.rules import Attainment, is_uln
from epa.people.rules import ukprn_fault

MOST_LETTERS_OF_A_NAME: Final = 100
_MOST_LETTERS_OF_AN_ORGANISATION: Final = 200
_MOST_LETTERS_OF_AN_ADDRESS: Final = 500
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_SHORTENED: Final = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_STANDARD: Final = re.compile(r"ST\d{4}")
_YES: Final = frozenset({"yes", "y", "true", "1"})
_NO: Final = frozenset({"no", "n", "false", "0"})
_WORD_DATE: Final = "must be a date such as 2025-09-01 or 01/09/2025"


class Fault(NamedTuple):
    """What is wrong in a table: the row (the header is 1), the column, and what was expected."""

    row: int
    field: str
    problem: str


@dataclass(frozen=True)
class Unusable:
    """A cell that holds no value of its own, such as a formula."""

    problem: str


Cell = str | int | float | bool | date | datetime | time | Unusable | None


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell) -> str:
    """A cell's text, without white space at its ends; a whole number without decimals.

    Raises:
        ValueError: with the problem, as for all that follow: a formula, or a character that no
            database keeps.
    """
    if isinstance(cell, Unusable):
        raise ValueError(cell.problem)  # noqa: TRY004 (the value is what is wrong with a cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    said = "" if cell is None else str(cell).strip().replace("\r\n", "\n")
    if not said.isprintable() and any(map(_is_unkept, said)):
        raise ValueError("holds a character that cannot be kept")
    return said


def _is_unkept(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter != "\n"


def _line(cell: Cell, most: int) -> str:
    said = text(cell)
    if "\n" in said:
        raise ValueError("must be on one line")
    if len(said) > most:
        raise ValueError(f"must have {most} characters or fewer; it has {len(said):,}")
    return said


def name(cell: Cell) -> str:
    """A person's name in any script, exactly as it is written."""
    said = _line(cell, MOST_LETTERS_OF_A_NAME)
    if not any(letter.isalpha() for letter in said):
        raise ValueError("must have at least one letter")
    return said


def organisation(cell: Cell) -> str:
    """An organisation's name."""
    said = _line(cell, _MOST_LETTERS_OF_AN_ORGANISATION)
    if not any(letter.isalpha() for letter in said):
        raise ValueError("must be an organisation’s name")
    return said


def address(cell: Cell) -> str:
    """A postal address, on one line or several."""
    said = text(cell)
    if len(said) > _MOST_LETTERS_OF_AN_ADDRESS:
        raise ValueError(
            f"must have {_MOST_LETTERS_OF_AN_ADDRESS} characters or fewer; it has {len(said):,}"
        )
    return said


def day(cell: Cell) -> date:
    """A date: one of the spreadsheet's own, or written year first or day first."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise ValueError(f"{_WORD_DATE}, without a time of day")
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell)
    if found := _ISO.fullmatch(said):
        year, month, number = map(int, found.groups())
    elif found := _BRITISH.fullmatch(said):
        number, month, year = map(int, found.groups())
    else:
        raise ValueError(_WORD_DATE)
    try:
        return date(year, month, number)
    except ValueError as fault:
        raise ValueError(f"{_WORD_DATE}; there is no such day") from fault


def uln(cell: Cell) -> str:
    """A unique learner number, written with or without spaces."""
    said = text(cell).replace(" ", "")
    if _SHORTENED.fullmatch(said):
        raise ValueError(
            "is shortened by the spreadsheet; set the column as text and enter it anew"
        )
    if not is_uln(said):
        raise ValueError("must be 10 figures, the first of them not 0")
    return said


def ukprn(cell: Cell) -> str:
    """A UK Provider Reference Number."""
    said = text(cell).replace(" ", "")
    if ukprn_fault(said):
        raise ValueError("must be 8 figures that begin with 1, such as 10012345")
    return said


def email(cell: Cell) -> str:
    """An e-mail address in its one written form."""
    address_written = _normalized(_line(cell, 254))
    if address_written is None:
        raise ValueError("must be an email address, such as name@example.org")
    return address_written


@lru_cache(maxsize=4096)  # an employer's contact stands in many rows
def _normalized(said: str) -> str | None:
    try:
        return validate_email(said, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def yes_or_no(cell: Cell) -> bool:
    """Whether something is so."""
    said = text(cell).casefold()
    if said not in _YES | _NO:
        raise ValueError("must be yes or no")
    return said in _YES


def attainment(cell: Cell) -> Attainment:
    """A level of English or mathematics."""
    said = text(cell).casefold().replace(" ", "_")
    if said not in set(Attainment):
        raise ValueError(f"must be one of {', '.join(Attainment)}")
    return Attainment(said)


def standard(cell: Cell) -> str:
    """A standard's reference, such as ST0663."""
    said = text(cell).upper()
    if not _STANDARD.fullmatch(said):
        raise ValueError("must be a standard’s reference, such as ST0663")
    return said
