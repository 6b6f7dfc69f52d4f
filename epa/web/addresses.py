"""Addresses of pages that are written once and filled in, since a list has hundreds of them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import current_app, request, url_for

_KEPT: Final = "plumbline_addresses"
_PLACES: Final = tuple(f"00000000-0000-4000-8000-{number:012x}" for number in range(4))


def address_of(endpoint: str, **ids: UUID | str) -> str:
    """The address of a page: as `url_for` writes it, for pages that take identifiers or nothing.

    The route is looked up once for each way in which Plumbline is mounted; a list fills it in row
    by row.

    Args:
        endpoint: such as "record.show".
        **ids: the identifiers in its address by their names, and no part of a query.
    """
    if not ids:
        return _written(endpoint, (), {})
    names = tuple(sorted(ids))
    address = _written(endpoint, names, dict(zip(names, _PLACES, strict=False)))
    for name, place in zip(names, _PLACES, strict=False):
        address = address.replace(place, str(ids[name]))
    return address


def asset(filename: str) -> str:
    """The address of one of the files that browsers keep."""
    return _written("static", (filename,), {"filename": filename})


def _written(endpoint: str, about: tuple[str, ...], values: dict[str, Any]) -> str:
    kept: dict[Any, str] = current_app.extensions.setdefault(_KEPT, {})
    key = request.root_path, endpoint, about
    address = kept.get(key)
    if address is None:
        address = kept[key] = url_for(endpoint, **values)
    return address
