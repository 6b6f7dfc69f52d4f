"""Which tests of a parallel run go to one process: those of a file, and those that share a world.

The library's own groups are lost with this version of pytest (pytest-xdist issue 1386): every
process would build both worlds of the access tests and ask for every page in each.
"""

from xdist.scheduler import LoadScopeScheduling


class Sharing(LoadScopeScheduling):
    """Gives out whole files in their order, so that the long ones of `access` come first."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid):
        return group_of(nodeid)


def is_short(nodeid):
    """Whether a test is of a short group; the two worlds, which are long, are begun with."""
    return not nodeid.startswith("tests/access/")


def group_of(nodeid):
    """The file of a test; of those that ask in a world, which of the two."""
    file = nodeid.partition("::")[0]
    if is_short(nodeid):
        return file
    return "the world on PostgreSQL" if "[postgresql" in nodeid else "the world on SQLite"
