"""Every address, as everybody, on every record: who gets in, and what a refusal changes."""

import pytest

from epa.web.access import declared
from tests.access import addresses
from tests.access.readers import READERS
from tests.access.sweep import sweep

pytestmark = pytest.mark.both_databases


def test_it_knows_every_address_and_what_each_one_declares(asker):
    """A new page fails here until somebody has written down who may use it."""
    views = asker.app.view_functions
    said = {
        name: (one.permission.value, one.record or "-")
        for name, view in views.items()
        if (one := declared(view)) is not None and not one.is_public
    }
    public = {name for name, view in views.items() if name not in said}
    assert said == addresses.ENDPOINTS
    assert public == addresses.PUBLIC
    assert {name for name in public if declared(views[name]) is None} == {"static"}


@pytest.mark.parametrize("name", READERS)
def test_it_lets_in_those_who_may_and_nobody_else(asker, name):
    faults = [one.fault for one in sweep(asker, name) if one.fault]
    assert not faults, f"{len(faults)} wrong:\n" + "\n".join(faults[:60])


def test_it_names_every_reader_of_the_world(asker):
    assert set(READERS) == set(asker.world.readers)
