"""XML from outside: no document type, no entities, no fetching, no more than so deep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # types and building only

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import XMLParser

from question_bank.interchange.faults import DEEPEST, Unreadable

_PIECE: Final = 65_536  # bytes


class _Parser(XMLParser):
    """Reads no document type, but lets a name without one pass, which some systems write."""

    def __init__(self, target: TreeBuilder) -> None:
        super().__init__(target=target, forbid_dtd=True)

    def defused_start_doctype_decl(
        self,
        name: str,
        sysid: str | None,
        pubid: str | None,
        has_internal_subset: bool,  # noqa: FBT001 (the parser's own signature)
    ) -> None:
        """Refuse a document type that declares something or points somewhere."""
        if sysid or pubid or has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


class _Shallow(TreeBuilder):
    """Builds a tree, up to a depth."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(f"its elements are nested more than {DEEPEST} deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


class _Streaming(_Shallow):
    """Hands over the elements of one name as they are complete, and forgets them."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.complete: list[Element] = []
        self.open: list[Element] = []
        self.root: str | None = None

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        element = super().start(tag, attrs)
        self.root = self.root or local_name(tag)
        self.open.append(element)
        return element

    def end(self, tag: str, /) -> Element:
        element = super().end(tag)
        self.open.pop()
        if local_name(tag) == self.wanted:
            self.complete.append(element)
            if self.open:
                self.open[-1].remove(element)
        return element


def parsed(content: bytes) -> Element:
    """The root of a document.

    Raises:
        Unreadable: it is not well formed, has a document type, or is too deep.
    """
    with _in_words():
        parser = _Parser(_Shallow())
        parser.feed(content)
        root: Element = parser.close()
        return root


def elements(stream: IO[bytes], wanted: str, root: str) -> Iterator[Element]:
    """The elements of one name, one after the other, in memory that does not grow.

    Args:
        stream: the document.
        wanted: the local name of the elements.
        root: what the document's first element must be called.

    Raises:
        Unreadable: as `parsed`, at the place where it is found; or the root has another name.
    """
    builder = _Streaming(wanted)
    with _in_words():
        parser = _Parser(builder)
    while piece := stream.read(_PIECE):
        with _in_words():
            parser.feed(piece)
        if builder.root and builder.root != root:
            raise Unreadable(f"a {root!r} was expected; the document is a {builder.root!r}")
        yield from builder.complete
        builder.complete.clear()
    with _in_words():
        parser.close()


def local_name(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what is wrong with a document in words for a person."""
    try:
        yield
    except DTDForbidden as error:
        raise Unreadable("it has a document type declaration, which is never read") from error
    except DefusedXmlException as error:
        raise Unreadable("it declares entities or points outside, which is never read") from error
    except (ParseError, LookupError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it is not well-formed XML: {error}") from error


class _Found(Exception):
    """No fault: it ends the parsing at the first element."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _First(TreeBuilder):
    def start(self, tag: str, _attrs: dict[str, str], /) -> Element:
        raise _Found(local_name(tag))


def first_name(beginning: bytes) -> str:
    """The local name of the first element of a document that begins like this.

    Raises:
        Unreadable: no element begins here, or a document type does.
    """
    try:
        with _in_words():
            _Parser(_First()).feed(beginning)
    except _Found as found:
        return found.name
    raise Unreadable("it is not XML: no element begins")
