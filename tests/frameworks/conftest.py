"""The definition under test, and ways to write a changed copy of it."""

import tomllib
from pathlib import Path

import pytest

from frameworks import load_plan
from frameworks.loading import DEFINITIONS

EXAMPLES = Path(__file__).parent / "worked_examples"


@pytest.fixture(scope="session")
def plan():
    return load_plan("st0663", "2022.1")


@pytest.fixture(scope="session")
def examples():
    return tomllib.loads((EXAMPLES / "st0663.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def text():
    return (DEFINITIONS / "st0663" / "2022.1.toml").read_text("utf-8")


@pytest.fixture
def own_folder(tmp_path):
    """An EPAO's folder of definitions, empty at first."""
    folder = tmp_path / "frameworks"
    folder.mkdir()
    return folder


@pytest.fixture
def write(own_folder, text):
    """Write a copy of ST0663 with some words exchanged, as version 2022.1-own."""

    def write(*exchanges, code="st0663", version="2022.1-own"):
        changed = text
        for old, new in (('version = "2022.1"', f'version = "{version}"'), *exchanges):
            assert old in changed, old
            changed = changed.replace(old, new)
        path = own_folder / code / f"{version}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(changed, "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def judged_as(plan):
    """Ratings for a whole judged method, so many of them at Distinction."""

    def judged_as(method, distinctions=0, **exceptions):
        ksbs = plan.ksbs_of(method)
        ratings = {
            ksb: "distinction" if index < distinctions else "pass" for index, ksb in enumerate(ksbs)
        }
        return ratings | exceptions

    return judged_as
