"""Which tests of a parallel run go to one process: those of a file, and those that share a world.

The library's own groups are lost with this version of pytest (pytest-xdist issue 1386): every
process would build both worlds of the access tests and ask for every page in each.
"""

from xdist.scheduler import LoadScopeScheduling

_WORLDS = "tests/access/"
_LONG = (
    _WORLDS,
    "tests/journeys/",
    "tests/drills/",
    "tests/architecture/test_migrations.py",
    "tests/epa/demonstration/",
    "tests/epa/backup/",
)


class Sharing(LoadScopeScheduling):
    """Gives out whole files in their order, so that the long ones come first."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid):
        return group_of(nodeid)


def place_of(nodeid):
    """Where in a run a test comes: what is long is begun with, so that no process is left with it.

    After the two worlds what waits for a browser, a server or a thousand statements; files that
    take a few seconds fill up what is left.
    """
    long_first = (place for place, start in enumerate(_LONG) if nodeid.startswith(start))
    return next(long_first, len(_LONG))


def group_of(nodeid):
    """The file of a test; of those that ask in a world, which of the two."""
    file = nodeid.partition("::")[0]
    if not nodeid.startswith(_WORLDS):
        return file
    return "the world on PostgreSQL" if "[postgresql" in nodeid else "the world on SQLite"
