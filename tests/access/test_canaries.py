"""What must not be seen: words that stand for it turn up in no answer to anybody who may not."""

import pytest

from tests.access.reach import may_see
from tests.access.readers import READERS
from tests.access.sweep import sweep

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("name", READERS)
def test_it_shows_nothing_that_a_reader_may_not_see(asker, name):
    world, faults = asker.world, []
    reader = world.readers[name]
    for one in sweep(asker, name):
        raw = one.answer.raw
        faults += [
            f"{one.answer}: shows {token}"
            for token in world.tokens.found_in(raw)
            if not may_see(world, reader, token)
        ]
        faults += [f"{one.answer}: shows a secret" for secret in world.secrets if secret in raw]
    assert not faults, f"{len(faults)} wrong:\n" + "\n".join(faults[:60])
