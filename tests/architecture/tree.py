"""What stands in the repository, as the tests of its shape read it."""

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("epa", "question_bank", "frameworks")
# Packages that are no features: the kernel, what stands above the features, and the pure libraries
# below those of the question bank.
KERNEL = {
    "background",
    "backup",
    "charts",
    "commands",
    "demonstration",
    "drawing",
    "interchange",
    "pdf",
    "personal_data",
    "starter",
    "uploads",
    "web",
}


@cache
def tracked():
    """Every file of the repository, by its path in it: what git keeps, and what is new to it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def python(*tops):
    """The Python files below some top-level names."""
    return [
        name
        for name in tracked()
        if name.endswith(".py") and name.split("/")[0] in (tops or (*PACKAGES, "config.py"))
    ]


@cache
def parsed(name):
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def lines(name):
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def features():
    """Every feature package, as ``epa.gateway``."""
    return sorted(
        f"{top}.{folder.name}"
        for top in ("epa", "question_bank")
        for folder in (ROOT / top).iterdir()
        if (folder / "__init__.py").is_file() and folder.name not in KERNEL
    )


@cache
def pyproject():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def has_contract(name):
    """Whether there is an import contract of this name."""
    return any(one["name"] == name for one in pyproject()["tool"]["importlinter"]["contracts"])


def contract(beginning):
    """The import contract whose name begins like this."""
    for one in pyproject()["tool"]["importlinter"]["contracts"]:
        if one["name"].startswith(beginning):
            return one
    raise AssertionError(f"pyproject.toml has no import contract {beginning!r}")
