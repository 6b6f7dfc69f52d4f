"""Templates: each is used, none carries styles or scripts, and the field's words are labels."""

import re

import pytest

from tests.architecture import tree

TEMPLATES = [name for name in tree.tracked() if name.startswith("templates/")]
NAMED = re.compile(r"""["']((?:epa|question_bank|macros|errors)/[\w/]+\.html|base\w*\.html)["']""")
PICKED = re.compile(r"""f["']((?:epa|question_bank)/\w+)/{\w+}\.html["']""")
PICKED_ROOM = re.compile(r"""f["']epa/{[\w.]+}/(\w+\.html)["']""")
# What the templates must not spell, because the field is renaming its terms (config.LABELS).
LABELLED = re.compile(r"\b(apprentices?|gateways?|KSBs?|EPAO?s?|assessors?)\b", re.IGNORECASE)
NOT_TEXT = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)


def text_of(name):
    return (tree.ROOT / name).read_text(encoding="utf-8")


def test_it_uses_every_template():
    named = {"errors/layout.html"}
    for name in [*TEMPLATES, *tree.python("epa", "question_bank")]:
        named |= set(NAMED.findall(text_of(name)))
    # The pages for what goes wrong are chosen by their number in epa/web/errors.py.
    named |= _chosen_by_name()
    unused = {
        name.removeprefix("templates/")
        for name in TEMPLATES
        if not re.fullmatch(r"templates/errors/\d{3}\.html", name)
    } - named
    assert unused == set()


def _chosen_by_name():
    """Templates of a room that picks them by a name, which stands as a word in its code."""
    chosen = set()
    for name in tree.python("epa", "question_bank"):
        for room in PICKED.findall(text_of(name)):
            code = "".join(text_of(one) for one in tree.python() if one.startswith(f"{room}/"))
            chosen |= {
                one.removeprefix("templates/")
                for one in TEMPLATES
                if one.startswith(f"templates/{room}/") and f'"{one.split("/")[-1][:-5]}"' in code
            }
        for page in PICKED_ROOM.findall(text_of(name)):
            chosen |= {one.removeprefix("templates/") for one in TEMPLATES if f"/{page}" in one}
    return chosen


def test_it_names_no_template_that_is_missing():
    there = {name.removeprefix("templates/") for name in TEMPLATES}
    named = {
        found
        for name in [*TEMPLATES, *tree.python("epa", "question_bank")]
        for found in NAMED.findall(text_of(name))
    }
    assert named - there == set()


@pytest.mark.parametrize("wrong", [r"\sstyle=", r"<style\b", r"\son\w+=\"", r"javascript:"])
def test_it_has_no_inline_style_or_script(wrong):
    # The base of printed documents carries its stylesheet in itself: a PDF engine fetches nothing.
    printed = {"templates/base_document.html"} if wrong.startswith("<style") else set()
    assert [name for name in TEMPLATES if re.search(wrong, text_of(name))] == sorted(printed)


def test_it_loads_scripts_from_files_only():
    inline = [
        name
        for name in TEMPLATES
        if re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text_of(name)) is not None
    ]
    assert inline == []


def test_it_never_turns_escaping_off():
    raw = [name for name in TEMPLATES if re.search(r"\|\s*safe\b|autoescape", text_of(name))]
    assert raw == []


def test_it_leaves_the_words_that_change_to_the_labels():
    spelled = {}
    for name in TEMPLATES:
        shown = NOT_TEXT.sub(lambda gap: "\n" * gap.group().count("\n"), text_of(name))
        for number, line in enumerate(shown.split("\n"), start=1):
            if found := LABELLED.findall(line):
                spelled[f"{name}:{number}"] = found
    assert spelled == {}
