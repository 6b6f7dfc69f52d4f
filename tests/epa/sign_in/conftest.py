import pytest
from argon2 import PasswordHasher

from epa.sign_in import sealing


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashes that cost little: these tests try passwords by the hundred."""
    monkeypatch.setattr(sealing, "_hasher", PasswordHasher(time_cost=1, memory_cost=256))
    sealing._nobody.cache_clear()
    yield
    sealing._nobody.cache_clear()
