import pytest

from epa.lifecycle import definitions
from tests.factories.marking import keep_short_plan


@pytest.fixture
def short_plan(app, tmp_path, monkeypatch):
    """Tests of three questions, by a plan that says so; the application has set its own before."""
    monkeypatch.setattr(definitions._Folders, "own", definitions._Folders.own)
    keep_short_plan(tmp_path / "plans")
    yield
    definitions._load.cache_clear()
    definitions._load_any.cache_clear()
