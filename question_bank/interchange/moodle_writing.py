"""Moodle XML written from items one after the other."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import IO, Final
from xml.etree.ElementTree import Element, SubElement, tostring  # writing only

from question_bank.interchange.item import MULTIPLE_CHOICE, OBSERVATION_PROMPT, Item
from question_bank.interchange.markup import GUIDE_CLASS, markup_of, tree_of

_FILE_AREA: Final = "@@PLUGINFILE@@"


def write_moodle(items: Iterable[Item], out: IO[bytes]) -> None:
    """Write a file; multiple choice as `multichoice`, open questions and prompts as `essay`.

    Args:
        items: one after the other; memory does not grow with their number.
        out: where to.
    """
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')
    for item in items:
        out.write(tostring(_question(item)) + b"\n")
    out.write(b"</quiz>\n")


def _question(item: Item) -> Element:
    is_choice = item.type_code == MULTIPLE_CHOICE
    question = Element("question", {"type": "multichoice" if is_choice else "essay"})
    SubElement(SubElement(question, "name"), "text").text = item.title
    _field(question, "questiontext", item.stem, item)
    _field(question, "generalfeedback", item.model_answer, item)
    if item.marks is not None:
        SubElement(question, "defaultgrade").text = f"{item.marks:g}"
    elif item.type_code == OBSERVATION_PROMPT:
        SubElement(question, "defaultgrade").text = "0"  # left out, it would be taken for 1
    SubElement(question, "penalty").text = "0"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.reference
    if is_choice:
        _options(question, item)
    else:
        SubElement(question, "responseformat").text = "plain"
        guide = "".join(f"<li>{point}</li>" for point in item.guide)
        points = f'<ul class="{GUIDE_CLASS}">{guide}</ul>' if guide else ""
        _field(question, "graderinfo", points, item)
    labels = item.labels()
    if labels:
        tags = SubElement(question, "tags")
        for label in labels:
            SubElement(SubElement(tags, "tag"), "text").text = label
    return question


def _options(question: Element, item: Item) -> None:
    SubElement(question, "single").text = "true"
    SubElement(question, "shuffleanswers").text = "false" if item.keep_order else "true"
    SubElement(question, "answernumbering").text = "abc"
    for number, option in enumerate(item.options):
        answer = _field(question, "answer", option.text, item)
        answer.set("fraction", "100" if number == item.key else "0")
        _field(answer, "feedback", option.rationale, item)


def _field(parent: Element, name: str, markup: str, item: Item) -> Element:
    """A text with the files that it shows."""
    field = SubElement(parent, name, {"format": "html"})
    tree = tree_of(markup)
    shown = {image.get("src", "") for image in tree.iter("img")}
    for image in tree.iter("img"):
        image.set("src", f"{_FILE_AREA}/{_file_name(image.get('src', ''))}")
    SubElement(field, "text").text = markup_of(tree)
    for picture in item.pictures:
        if picture.name in shown:
            given = {"name": _file_name(picture.name), "path": "/", "encoding": "base64"}
            SubElement(field, "file", given).text = base64.b64encode(picture.data).decode()
    return field


def _file_name(picture: str) -> str:
    return picture.rpartition("/")[2]
