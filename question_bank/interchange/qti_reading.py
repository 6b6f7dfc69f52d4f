"""QTI packages and single items: the manifest followed, each item read or refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final
from xml.etree.ElementTree import Element  # the type only; parsing is safe_xml's

from question_bank.interchange.faults import MOST_TEXTS, Unfit, Unreadable
from question_bank.interchange.markup import passage
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.package import Package
from question_bank.interchange.qti_item import read_item
from question_bank.interchange.qti_tree import children, first, in_one_dialect, text_of
from question_bank.interchange.safe_xml import elements, local_name, parsed

MANIFEST: Final = "imsmanifest.xml"
ITEM_ROOTS: Final = frozenset({"assessmentItem", "qti-assessment-item"})
_QTI_1: Final = "questestinterop"
_BEGINNING: Final = 4096  # bytes in which a document's first element stands
_PAGE: Final = "text/html"
_TOO_OLD: Final = "QTI 1 is not supported; export it as QTI 2.1 or later"


@dataclass(frozen=True)
class _Resource:
    """One entry of a manifest: where a file stands and how it is described."""

    identifier: str
    kind: str
    name: str
    labels: tuple[str, ...]

    @property
    def reference(self) -> str:
        return self.identifier or self.name


def read_single(content: bytes) -> Iterator[Read | Refused]:
    """Read one item that comes without a package, so without its pictures.

    Raises:
        Unreadable: it is no QTI item.
    """
    root = parsed(content)
    name = local_name(root.tag)
    if name == _QTI_1:
        raise Unreadable(_TOO_OLD)
    if name not in ITEM_ROOTS:
        raise Unreadable(f"a QTI item was expected; the document is a {name!r}")
    yield _read_root(root, root.get("identifier", ""), None)


def read_package(stream: IO[bytes]) -> Iterator[Read | Refused]:
    """Read the items of a package, in the order of its manifest.

    Raises:
        Unreadable: it is no package, or not a safe one.
    """
    package = Package(stream)
    manifest = _manifest(package)
    resources = _resources(package, manifest) if manifest else _without_manifest(package)
    for resource in resources:
        entry = _read_resource(package, resource)
        if entry is not None:
            yield entry


def _manifest(package: Package) -> str | None:
    """The manifest nearest the top."""
    found = [name for name in package.names if name.rpartition("/")[2].lower() == MANIFEST]
    return min(found, key=lambda name: (name.count("/"), name), default=None)


def _resources(package: Package, manifest: str) -> Iterator[_Resource]:
    with package.opened(manifest) as stream:
        for element in elements(stream, "resource", "manifest"):
            resource = in_one_dialect(element)
            address = resource.get("href") or next(
                (one.get("href", "") for one in children(resource, "file")), ""
            )
            name = package.resolved(address, manifest)
            identifier = resource.get("identifier", "")
            kind = resource.get("type", "")
            if name is not None:
                yield _Resource(identifier, kind, name, tuple(_labels(resource)))
            elif "item" in kind:
                yield _Resource(identifier, kind, address, ())


def _without_manifest(package: Package) -> Iterator[_Resource]:
    """Every item that lies in the zip; a zip without any is no package."""
    count = 0
    for name in package.names:
        if name.lower().endswith(".xml") and _may_be_item(package, name):
            count += 1
            yield _Resource("", "", name, ())
    if not count:
        raise Unreadable(f"it holds no {MANIFEST} and no QTI item")


def _may_be_item(package: Package, name: str) -> bool:
    with package.opened(name) as stream:
        beginning = stream.read(_BEGINNING)
    return any(root.encode() in beginning for root in ITEM_ROOTS)


def _labels(resource: Element) -> Iterator[str]:
    """The key words of a resource, and the codes it is classified under."""
    for keyword in resource.iter("keyword"):
        for word in [*keyword] or [keyword]:
            yield text_of(word)
    for taxon in resource.iter("taxon"):
        code = first(taxon, "id")
        yield text_of(code)


def _read_resource(package: Package, resource: _Resource) -> Read | Refused | None:
    """Read what a resource stands for; None where it is no item, as with a picture or a test."""
    is_said_to_be_item = "item" in resource.kind
    if not is_said_to_be_item and not resource.name.lower().endswith(".xml"):
        return None
    try:
        return _read_document(package, resource, is_wanted=is_said_to_be_item)
    except Unreadable as fault:
        is_open = is_said_to_be_item or not resource.kind
        return Refused(resource.reference, str(fault)) if is_open else None


def _read_document(
    package: Package, resource: _Resource, *, is_wanted: bool
) -> Read | Refused | None:
    content = package.read(resource.name)
    if content is None:
        raise Unreadable(f"the package holds no file {resource.name[:100]!r}")
    root = parsed(content)
    name = local_name(root.tag)
    if name in ITEM_ROOTS:
        return _read_root(root, resource.reference, package, resource)
    if name == _QTI_1:
        return Refused(resource.reference, _TOO_OLD)
    if is_wanted:
        raise Unreadable(f"a QTI item was expected; the document is a {name!r}")
    return None


def _read_root(
    root: Element, reference: str, package: Package | None, resource: _Resource | None = None
) -> Read | Refused:
    in_one_dialect(root)
    name = root.get("identifier") or reference
    beside = resource.name if resource else ""

    places = [beside]

    def fetch(address: str) -> bytes | None:
        found = [package.resolved(address, place) for place in places] if package else []
        named = next(filter(None, found), None)
        return package.read(named) if package and named else None

    try:
        stimulus, missing = _stimulus(root, package, places)
        missing += _passages(root, package, places)
        read = read_item(root, resource.labels if resource else (), fetch, stimulus)
    except (Unfit, Unreadable) as fault:
        return Refused(name, str(fault))
    return Read(read.item, (*read.lacks, *missing), read.notes)


def _passages(root: Element, package: Package | None, places: list[str]) -> list[str]:
    """Put the pages that an item shows in their places; where one is missing, it stays a loss.

    Where they stand is added to the places from which addresses are meant.

    Returns:
        In words, what was lost of them.

    Raises:
        Unfit: there are too many, or one is too long or too deep.
    """
    lost = []
    for shown in _not_too_many([one for one in root.iter("object") if one.get("type") == _PAGE]):
        name = package.resolved(shown.get("data", ""), places[0]) if package else None
        content = package.read(name) if package and name else None
        if content is None or name is None:
            continue
        tree, losses = passage(content.decode("utf-8", "replace"))
        lost += [f"{loss} could not be taken over" for loss in losses]
        shown.tag, shown.text = "div", tree.text
        shown.attrib.clear()
        shown[:] = list(tree)
        places.append(name)
    return lost


def _not_too_many(shown: list[Element]) -> list[Element]:
    """The places at which an item shows other files: each of them is read anew."""
    if len(shown) > MOST_TEXTS:
        raise Unfit(f"it shows more than {MOST_TEXTS} other texts")
    return shown


def _stimulus(
    root: Element, package: Package | None, places: list[str]
) -> tuple[list[Element], list[str]]:
    """The bodies of the texts that an item refers to, and a word on each that is missing.

    Where they stand is added to the places from which addresses are meant.
    """
    bodies, missing = [], []
    for reference in _not_too_many(list(children(root, "assessmentStimulusRef"))):
        address = reference.get("href", "")
        name = package.resolved(address, places[0]) if package else None
        content = package.read(name) if package and name else None
        body = first(in_one_dialect(parsed(content)), "stimulusBody") if content else None
        if body is None or name is None:
            missing.append(f"the text {address[:100]!r} that it refers to is not in the file")
        else:
            bodies.append(body)
            places.append(name)
    return bodies, missing
