"""One page of a long list, and the order it stands in; bad page numbers mean a page that is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from epa.database import ask
from epa.web.addresses import address_of

Row = TypeVar("Row")
PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list: page `number` (from 1), `size` to a page, `total` in all."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1; 0 in an empty list."""
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.total, self.number * self.size)

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers to offer: the ends and the neighbours, None for a gap."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        shown = sorted(number for number in near if 1 <= number <= self.pages)
        offered: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                offered.append(None)
            offered.append(number)
        return offered


def page_number(args: Mapping[str, str]) -> int:
    """Return the page asked for in the address, 1 where it is absent or no number."""
    text = args.get("page", "")
    return max(1, int(text)) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 1


def page_of_rows(rows: Sequence[Row], args: Mapping[str, str], size: int = PAGE_SIZE) -> Page[Row]:
    """Return one page of rows that are already in hand."""
    number = _within(page_number(args), len(rows), size)
    start = (number - 1) * size
    return Page(rows[start : start + size], number, size, len(rows))


def page_of(
    session: Session, statement: Select[Any], args: Mapping[str, str], size: int = PAGE_SIZE
) -> Page[Any]:
    """Return one page of what a statement finds: the first column of each row.

    Args:
        session: Where to ask.
        statement: A select with its order; it is counted without it.
        args: The address's query (request.args).
        size: Rows to a page.
    """
    total = count_of(session, statement)
    number = _within(page_number(args), total, size)
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)


def page_asked(
    listed: Select[Any], values: Mapping[str, Any], args: Mapping[str, str], size: int = PAGE_SIZE
) -> Page[Any]:
    """Return one page of what a prepared statement finds, as columns.

    Args:
        listed: with its order, and made once: what it is counted by is made once with it.
        values: what it is asked with.
        args: The address's query (request.args).
        size: Rows to a page.
    """
    counted, in_part = _asked(listed)
    total = ask(counted, values).scalar() or 0
    number = _within(page_number(args), total, size)
    part = {"page_size": size, "page_start": (number - 1) * size}
    return Page(ask(in_part, {**values, **part}).all(), number, size, total)


@lru_cache(maxsize=256)
def _asked(listed: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """What counts the rows of a statement, and what finds a part of them."""
    in_part = listed.limit(bindparam("page_size")).offset(bindparam("page_start"))
    counted = listed.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return counted, in_part


def count_of(session: Session, statement: Select[Any]) -> int:
    """Return how many rows a statement finds."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return session.scalar(counted) or 0


def _within(number: int, total: int, size: int) -> int:
    return min(number, max(1, -(-total // size)))


@dataclass(frozen=True)
class Sorting:
    """The order of a list: by which column, and whether backwards."""

    key: str
    descending: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str], allowed: Sequence[str]) -> "Sorting":
        """Read `sort=name` or `sort=-name` from the address; the first of `allowed` else."""
        text = args.get("sort", "")
        key = text.removeprefix("-")
        return cls(key, text.startswith("-")) if key in allowed else cls(allowed[0])

    def next_for(self, key: str) -> str:
        """Return what the address must say to sort by `key`; a second time turns the order."""
        return f"-{key}" if key == self.key and not self.descending else key


def address(**changes: str | int | None) -> str:
    """Return the address of this page with parts of its query changed; None takes a part out."""
    query: dict[str, Any] = request.args.to_dict(flat=False) | dict(changes)
    assert request.endpoint is not None, "only pages that were found have an address"
    here = request.view_args
    path = url_for(request.endpoint, **here) if here else address_of(request.endpoint)
    return _with_query(path, query)


def file_address(endpoint: str, ending: str) -> str:
    """Return where this list is had as a file, narrowed and in order as it is on the page."""
    query = {name: values for name, values in request.args.lists() if name != "page"}
    return _with_query(url_for(endpoint, ending=ending), query)


def _with_query(path: str, query: Mapping[str, Any]) -> str:
    """Return an address with a query; by hand, since `url_for` gives some names a meaning."""
    kept = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path
