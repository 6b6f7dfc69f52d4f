"""Whom an address is asked by on PostgreSQL, where others are refused for the same reason.

On SQLite every reader tries every address on every record. What the database has a part in is who
reaches which record. What somebody is refused for does not depend on the address: it is the
permission that a view declares, or the loader that looks for its record. So of those who are refused
each tries one address of a permission, and one of a loader on every record, each reader another one
in turn.
"""

from collections import defaultdict
from functools import cached_property

from epa.web.access import declared, is_brief
from tests.access import addresses
from tests.access.reach import NO_SUCH, SEES_NONE, expected, reached
from tests.access.readers import ONE_OF_EACH


def lacks_permission(world, reader, endpoint):
    """Whether somebody who is signed in is refused before any record is looked for."""
    return reader.is_in and expected(world, reader, endpoint, "unknown") == SEES_NONE


class Turns:
    """The readers of PostgreSQL in their order, and which of them are asked for what."""

    def __init__(self, app, world):
        self._views, self._world = app.view_functions, world
        self._readers = [one for one in world.readers.values() if one.name in ONE_OF_EACH]

    def is_asked(self, reader, endpoint, record):
        """Whether a reader tries an address on a record."""
        if not reader.is_in:
            return self._has_turn(reader, endpoint, _asks)
        if lacks_permission(self._world, reader, endpoint):
            # The database is asked for nothing but who they are.
            return not reader.hats and self._has_turn(reader, endpoint, _asks)
        if expected(self._world, reader, endpoint, record) != NO_SUCH:
            return True
        if self._was_none_before(reader, endpoint, record):
            return False
        return reached(self._world, reader, endpoint, record) or self._has_turn(
            reader, endpoint, _looks_up
        )

    def _was_none_before(self, reader, endpoint, record):
        """Whether a record is no more there for the first reader with the same roles, who was asked.

        Somebody else with these roles is asked for what is theirs, and for what is that reader's.
        """
        first = self._first_like(reader)
        return first is not reader and expected(self._world, first, endpoint, record) == NO_SUCH

    def _first_like(self, reader):
        """The first reader with the same roles."""
        roles = {hat.role for hat in reader.hats}
        alike = (one for one in self._readers if one.is_in)
        return next(one for one in alike if {hat.role for hat in one.hats} == roles)

    def _has_turn(self, reader, endpoint, likeness):
        alike = self._alike[likeness][likeness(endpoint, self._views[endpoint])]
        return alike[self._readers.index(reader) % len(alike)] == endpoint

    @cached_property
    def _alike(self):
        """The addresses with the same permission, and those with the same loader."""
        groups = {_asks: defaultdict(list), _looks_up: defaultdict(list)}
        for endpoint in sorted(addresses.ENDPOINTS):
            for likeness, group in groups.items():
                group[likeness(endpoint, self._views[endpoint])].append(endpoint)
        return groups


def _asks(_endpoint, view):
    """Who somebody is, and what they may do, is read in one of two ways."""
    return declared(view).permission, is_brief(view)


def _looks_up(endpoint, view):
    """A method's own pages are tried on that method's attempts."""
    method = addresses.METHOD_OF.get(endpoint.partition(".")[0])
    return *_asks(endpoint, view), declared(view).record, declared(view).loader, method
