"""Documents say what is so: every word, setting and folder; and nothing of anybody's machine."""

import ast
import inspect
import re
import sys
from importlib import import_module

from epa.cli import COMMANDS
from epa.database import Base
from epa.people.rules import ROLE_TITLES
from tests.architecture import tree

# Parts are joined so that this file does not find itself.
ADDRESSES = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "--extra-" + "index-url"]
MACHINE_PATHS = [r"/wor" + r"k/\w", r"/hom" + r"e/\w", r"/roo" + r"t/\w", r"/tm" + r"p/\w"]

ENUMS = {"Enum", "IntEnum", "StrEnum"}


def text_of(name):
    return (tree.ROOT / name).read_text(encoding="utf-8")


def glossary():
    return text_of("docs/glossary.md")


def test_it_explains_every_model(app):
    models = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert {name for name in models if f"`{name}`" not in glossary()} == set()


def test_it_explains_every_enumeration():
    # Read from the files: which modules are loaded depends on what ran before.
    found = {
        node.name
        for package in tree.PACKAGES
        for path in (tree.ROOT / package).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        if any(isinstance(base, ast.Name) and base.id in ENUMS for base in node.bases)
    }
    assert found
    assert {name for name in found if f"`{name}`" not in glossary()} == set()


def test_it_explains_every_role():
    assert {title for title in ROLE_TITLES.values() if title not in glossary()} == set()


def test_it_explains_nothing_that_is_gone(app):
    """A name in the glossary's second column is a class that exists."""
    named = set(re.findall(r"^\|[^|]*\| `([A-Z]\w+)`", glossary(), re.MULTILINE))
    for name in tree.python("epa", "question_bank"):
        if name != "epa/wsgi.py":  # it makes an application when it is imported
            import_module(name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    there = {
        name
        for module in list(sys.modules.values())
        if module.__name__.split(".")[0] in tree.PACKAGES
        for name, kind in vars(module).items()
        if inspect.isclass(kind)
    }
    assert named - there == set()


def test_it_lists_every_setting_and_no_other():
    read = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', text_of("config.py")))
    table = text_of("README.md").split("## Settings")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert read - listed == set(), "read in config.py, not in the README"
    assert listed - read == set(), "in the README, never read"


def test_it_names_every_command():
    readme = text_of("README.md")
    assert [name for name in COMMANDS if f"plumbline {name}" not in readme] == []


def test_it_says_what_each_top_level_folder_is_for():
    folders = {name.split("/")[0] for name in tree.tracked() if "/" in name}
    contributing = text_of("CONTRIBUTING.md")
    assert {folder for folder in folders if f"`{folder}/`" not in contributing} == set()


def test_it_says_what_each_feature_is_for():
    contributing = text_of("CONTRIBUTING.md")
    missing = {name for name in tree.features() if f"`{name.split('.')[1]}`" not in contributing}
    assert missing == set()


def test_it_records_decisions_in_one_shape():
    decisions = [name for name in tree.tracked() if name.startswith("docs/decisions/")]
    numbers = [int(name.split("/")[-1][:4]) for name in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    for name in decisions:
        heads = re.findall(r"^## (\w+)", text_of(name), re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences"], name


def test_it_links_to_files_that_are_there():
    broken = [
        f"{name}: {target}"
        for name in tree.tracked()
        if name.endswith(".md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(name))
        if not (tree.ROOT / name).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_it_keeps_a_changelog():
    assert text_of("CHANGELOG.md").startswith("# Changelog\n")
    assert "## [Unreleased]" in text_of("CHANGELOG.md")


def test_it_names_no_registry_and_no_machine():
    told = []
    for name in tree.tracked():
        try:
            text = text_of(name)
        except UnicodeDecodeError:
            continue  # a picture
        told += [f"{name}: {word}" for word in ADDRESSES if word in text]
        told += [
            f"{name}: {found.group()}"
            for pattern in MACHINE_PATHS
            for found in re.finditer(r"(?<![\w.{}\"'/])" + pattern, text)
        ]
    assert told == []


def test_it_pins_every_requirement_with_a_hash():
    for name in ("requirements.txt", "requirements-test.txt"):
        pinned = re.findall(
            r"^([a-z0-9][\w.\[\]-]*)==", text_of(name), re.MULTILINE | re.IGNORECASE
        )
        blocks = re.split(r"^(?=\w)", text_of(name), flags=re.MULTILINE)[1:]
        assert len(pinned) == len(blocks)
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text_of(name)


def test_every_decision_that_code_points_to_is_there():
    named = set()
    for package in tree.PACKAGES:
        for path in (tree.ROOT / package).rglob("*"):
            if path.suffix in {".py", ".toml", ".txt", ".md"}:
                text = path.read_text(encoding="utf-8")
                named |= set(re.findall(r"decisions/(\d{4}-[a-z0-9-]+\.md)", text))
    there = {path.name for path in (tree.ROOT / "docs" / "decisions").glob("*.md")}
    assert named
    assert named - there == set()
