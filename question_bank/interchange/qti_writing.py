"""QTI packages, 2.2 or 3.0, written from items one after the other."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from xml.etree.ElementTree import Element, SubElement, tostring  # writing only
from xml.sax.saxutils import quoteattr

from question_bank.interchange.item import MULTIPLE_CHOICE, Item
from question_bank.interchange.markup import GUIDE_CLASS, tree_of
from question_bank.interchange.qti_item import ANSWER_CLASS
from question_bank.interchange.qti_reading import MANIFEST
from question_bank.interchange.qti_tree import TEXT_CLASS

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LOM: Final = "http://ltsc.ieee.org/xsd/LOM"
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_IDENTIFIER_DIGEST: Final = 16
_SPOOLED: Final = 1_000_000  # bytes of a manifest kept in memory
_WHEN: Final = (1980, 1, 1, 0, 0, 0)  # the same bank gives the same bytes
_TO_PICTURES: Final = "../"  # items lie in a folder of their own
_CAPITAL: Final = re.compile(r"(?<!^)([A-Z])")


@dataclass(frozen=True)
class Version:
    """What a version of QTI calls things."""

    item_namespace: str
    package_namespace: str
    schema: str
    schema_version: str
    item_type: str
    is_hyphenated: bool

    def name(self, plain: str) -> str:
        """An element's name, from that of 2.x."""
        return f"qti-{self.attribute(plain)}" if self.is_hyphenated else plain

    def attribute(self, plain: str) -> str:
        """An attribute's name, from that of 2.x."""
        return _CAPITAL.sub(r"-\1", plain).lower() if self.is_hyphenated else plain


QTI_2_2: Final = Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "QTIv2.2 Package",
    "1.0.0",
    "imsqti_item_xmlv2p2",
    is_hyphenated=False,
)
QTI_3_0: Final = Version(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "QTI Package",
    "3.0.0",
    "imsqti_item_xmlv3p0",
    is_hyphenated=True,
)


def write_package(items: Iterable[Item], out: IO[bytes], version: Version) -> None:
    """Write a package.

    Args:
        items: one after the other; memory does not grow with their number.
        out: where to; it must be able to seek.
        version: which QTI.
    """
    pictures: set[str] = set()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
        SpooledTemporaryFile(_SPOOLED) as resources,
    ):
        for number, item in enumerate(items, start=1):
            name = f"items/{number:06}.xml"
            package.writestr(_entry(name), _document(item_element(item, version)))
            for picture in item.pictures:
                if picture.name not in pictures:
                    pictures.add(picture.name)
                    package.writestr(_entry(picture.name), picture.data)
            resources.write(tostring(_resource(item, name, version)))
        resources.seek(0)
        with package.open(_entry(MANIFEST), "w") as manifest:
            manifest.write(_manifest_head(version))
            while piece := resources.read(_SPOOLED):
                manifest.write(piece)
            manifest.write(b"</resources></manifest>")


def identifier_of(item: Item) -> str:
    """The item's reference where XML can use it as an identifier, else one made from it."""
    if _IDENTIFIER.fullmatch(item.reference):
        return item.reference
    return "item-" + sha256(item.reference.encode()).hexdigest()[:_IDENTIFIER_DIGEST]


def item_element(item: Item, version: Version) -> Element:
    """One item as an assessment item."""
    return _Writer(item, version).root


class _Writer:
    def __init__(self, item: Item, version: Version) -> None:
        self.item, self.version = item, version
        given = {
            "identifier": identifier_of(item),
            "title": item.title,
            "adaptive": "false",
            "timeDependent": "false",
        }
        self.root = Element(version.name("assessmentItem"), {"xmlns": version.item_namespace})
        self.root.attrib.update(self._attributes(given))
        is_choice = item.type_code == MULTIPLE_CHOICE
        self._response(is_choice=is_choice)
        self._outcomes(is_choice=is_choice)
        self._body(is_choice=is_choice)
        if is_choice:
            self._processing()
            self._rationales()

    def _add(self, parent: Element, name: str, given: Mapping[str, str] | None = None) -> Element:
        return SubElement(parent, self.version.name(name), self._attributes(given or {}))

    def _attributes(self, given: Mapping[str, str]) -> dict[str, str]:
        return {self.version.attribute(name): value for name, value in given.items()}

    def _response(self, *, is_choice: bool) -> None:
        base = "identifier" if is_choice else "string"
        declaration = self._add(
            self.root,
            "responseDeclaration",
            {"identifier": "RESPONSE", "cardinality": "single", "baseType": base},
        )
        if self.item.key is not None:
            correct = self._add(declaration, "correctResponse")
            self._add(correct, "value").text = _choice(self.item.key)

    def _outcomes(self, *, is_choice: bool) -> None:
        score = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
        if self.item.marks is not None:
            score["normalMaximum"] = f"{self.item.marks:g}"
        if not is_choice:
            score["externalScored"] = "human"
        self._add(self.root, "outcomeDeclaration", score)
        if self.item.marks is not None:
            given = {"identifier": "MAXSCORE", "cardinality": "single", "baseType": "float"}
            highest = self._add(self.root, "outcomeDeclaration", given)
            default = self._add(highest, "defaultValue")
            self._add(default, "value").text = f"{self.item.marks:g}"
        if is_choice:
            given = {"identifier": "FEEDBACK", "cardinality": "single", "baseType": "identifier"}
            self._add(self.root, "outcomeDeclaration", given)

    def _body(self, *, is_choice: bool) -> None:
        body = self._add(self.root, "itemBody")
        self._fill(self._text(body), self.item.stem)
        if is_choice:
            self._choices(body)
        else:
            self._add(body, "extendedTextInteraction", {"responseIdentifier": "RESPONSE"})
        if self.item.guide:
            entries = SubElement(self._rubric(body, GUIDE_CLASS), "ul")
            for point in self.item.guide:
                self._fill(SubElement(entries, "li"), point)
        if self.item.model_answer:
            holder = self._text(self._rubric(body, ANSWER_CLASS))
            self._fill(holder, self.item.model_answer)

    def _choices(self, body: Element) -> None:
        shuffled = "false" if self.item.keep_order else "true"
        given = {"responseIdentifier": "RESPONSE", "shuffle": shuffled, "maxChoices": "1"}
        interaction = self._add(body, "choiceInteraction", given)
        fixed = {"fixed": "true"} if self.item.keep_order else {}
        for number, option in enumerate(self.item.options):
            choice = self._add(interaction, "simpleChoice", {"identifier": _choice(number)} | fixed)
            self._fill(choice, option.text)

    def _rubric(self, body: Element, class_name: str) -> Element:
        """A part that only who marks may see."""
        given = {"view": "scorer", "use": "scoring", "class": class_name}
        return self._content(self._add(body, "rubricBlock", given))

    def _content(self, parent: Element) -> Element:
        """Where the text goes: QTI 3 wants one more element around it."""
        return self._add(parent, "contentBody") if self.version.is_hyphenated else parent

    def _text(self, parent: Element) -> Element:
        """An element around a text, which a reader of ours takes off again."""
        return SubElement(parent, "div", {"class": TEXT_CLASS})

    def _processing(self) -> None:
        processing = self._add(self.root, "responseProcessing")
        feedback = self._add(processing, "setOutcomeValue", {"identifier": "FEEDBACK"})
        self._add(feedback, "variable", {"identifier": "RESPONSE"})
        if self.item.key is None:
            return
        condition = self._add(self._add(processing, "responseCondition"), "responseIf")
        match = self._add(condition, "match")
        self._add(match, "variable", {"identifier": "RESPONSE"})
        self._add(match, "correct", {"identifier": "RESPONSE"})
        score = self._add(condition, "setOutcomeValue", {"identifier": "SCORE"})
        marks = 1 if self.item.marks is None else self.item.marks
        self._add(score, "baseValue", {"baseType": "float"}).text = f"{marks:g}"

    def _rationales(self) -> None:
        for number, option in enumerate(self.item.options):
            if option.rationale:
                given = {
                    "outcomeIdentifier": "FEEDBACK",
                    "identifier": _choice(number),
                    "showHide": "show",
                }
                modal = self._content(self._add(self.root, "modalFeedback", given))
                self._fill(self._text(modal), option.rationale)

    def _fill(self, parent: Element, markup: str) -> None:
        """Put a safe text into an element."""
        tree = tree_of(markup)
        parent.text = tree.text
        parent.extend(list(tree))
        for element in parent.iter():
            if "lang" in element.attrib:
                element.set(_LANG, element.attrib.pop("lang"))
            if element.tag == "img":
                element.set("src", _TO_PICTURES + element.get("src", ""))
                element.attrib.setdefault("alt", "")


def _choice(number: int) -> str:
    return f"option-{number + 1}"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _document(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root)


def _manifest_head(version: Version) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<manifest xmlns={quoteattr(version.package_namespace)} identifier={quoteattr('plumbline')}>"
        f"<metadata><schema>{version.schema}</schema>"
        f"<schemaversion>{version.schema_version}</schemaversion></metadata>"
        "<organizations /><resources>"
    )
    return head.encode()


def _resource(item: Item, name: str, version: Version) -> Element:
    """How the manifest describes an item: where it stands, what it is filed under."""
    resource = Element(
        "resource", {"identifier": identifier_of(item), "type": version.item_type, "href": name}
    )
    labels = item.labels()
    if identifier_of(item) != item.reference:
        labels.append(f"reference={item.reference}")
    if labels:
        lom = SubElement(SubElement(resource, "metadata"), "lom", {"xmlns": _LOM})
        general = SubElement(lom, "general")
        for label in labels:
            keyword = SubElement(general, "keyword")
            SubElement(keyword, "string", {"language": "en"}).text = label
    SubElement(resource, "file", {"href": name})
    for picture in item.pictures:
        SubElement(resource, "file", {"href": picture.name})
    return resource
