import pytest

from epa.lifecycle import definitions
from tests.factories.marking import forget_short_plan, keep_short_plan


@pytest.fixture
def short_plan(app, tmp_path, monkeypatch):
    """Tests of three questions, by a plan that says so; the application has set its own before."""
    monkeypatch.setattr(definitions._Folders, "own", definitions._Folders.own)
    keep_short_plan(tmp_path / "plans")
    yield
    forget_short_plan()
