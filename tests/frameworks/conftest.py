"""The definitions under test, ways to write a changed copy of one, and the command."""

import json
import tomllib
from pathlib import Path

import pytest

from frameworks import load_framework, load_plan
from frameworks.cli import main
from frameworks.loading import DEFINITIONS

EXAMPLES = Path(__file__).parent / "worked_examples"


@pytest.fixture(scope="session")
def plan():
    return load_plan("st0663", "2022.1")


@pytest.fixture(scope="session")
def examples():
    return tomllib.loads((EXAMPLES / "st0663.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def seqf():
    return load_framework("seqf", "2024.1")


@pytest.fixture(scope="session")
def matrix():
    return load_framework("matrix", "1.0")


@pytest.fixture(scope="session")
def qif():
    return load_framework("iep_qif", "1.0")


@pytest.fixture(scope="session")
def scottish():
    return load_framework("scottish_standards", "1.0")


@pytest.fixture(scope="session")
def worked():
    """The worked examples of a framework."""

    def worked(code):
        return tomllib.loads((EXAMPLES / f"{code}.toml").read_text("utf-8"))

    return worked


@pytest.fixture(scope="session")
def rated_as():
    """The same rating for every criterion that is rated, with exceptions by code."""

    def rated_as(framework, rating, **exceptions):
        changed = {code.strip("_").replace("_", "."): one for code, one in exceptions.items()}
        return {criterion.code: rating for criterion in framework.rated} | changed

    return rated_as


@pytest.fixture(scope="session")
def points_as():
    """SEQF ratings that come to so many points in each section, highest ratings first."""

    def points_as(framework, points):
        ratings = {}
        for section, wanted in zip(framework.sections, points, strict=False):
            codes = framework.codes_by_section[section.code]
            for place, code in enumerate(codes):
                ratings[code] = max(0, min(2, wanted - 2 * place))
            assert sum(ratings[code] for code in codes) == wanted
        return ratings

    return points_as


@pytest.fixture
def write_quality(own_folder):
    """Write a copy of a quality framework with some words exchanged, as version own."""

    def write_quality(code, *exchanges):
        (path,) = (DEFINITIONS / code).glob("*.toml")
        changed = path.read_text("utf-8").replace(f'version = "{path.stem}"', 'version = "own"', 1)
        for old, new in exchanges:
            assert old in changed, old
            changed = changed.replace(old, new)
        written = own_folder / code / "own.toml"
        written.parent.mkdir(exist_ok=True)
        written.write_text(changed, "utf-8")
        return written

    return write_quality


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


@pytest.fixture
def run(capsys):
    """Run a command in this process: status, standard output, lines of standard error."""

    def run(*argv):
        status = main([str(word) for word in argv])
        captured = capsys.readouterr()
        return status, captured.out, captured.err.splitlines()

    return run


@pytest.fixture
def run_json(run):
    def run_json(*argv):
        status, out, err = run(*argv, "--json")
        return status, json.loads(out), err

    return run_json


@pytest.fixture
def ratings(tmp_path):
    """Write a file of ratings."""

    def ratings(content):
        path = tmp_path / "ratings.json"
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path.write_bytes(content)
        return path

    return ratings
