"""Rich text from outside: made safe by an allow-list, and brought into one form.

A text in this form comes back unchanged from every format that carries markup: its characters are
those XML can hold, its white space is single, its attributes are ordered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final
from xml.etree.ElementTree import Element, SubElement  # builds only; parsing is safe_xml's

import nh3

from question_bank.interchange.faults import DEEPEST, LARGEST_PICTURE, LONGEST_TEXT, Unfit
from question_bank.interchange.pictures import Album, PictureMissing

VOID: Final = frozenset({"br", "col", "hr", "img"})
TAGS: Final = (
    VOID
    | {"b", "blockquote", "caption", "code", "colgroup", "dd", "del", "div", "dl", "dt", "em"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s"}
    | {"samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"}
    | {"thead", "tr", "u", "ul", "var"}
)
_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_SAFE: Final = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    clean_content_tags={"script", "style", "title"},
    url_schemes={"data", "http", "https"},
    link_rel=None,
)
# What would be lost with its element, and what to call it.
LOSSES: Final = {
    "applet": "an applet",
    "audio": "a recording",
    "canvas": "a drawing",
    "embed": "an embedded object",
    "iframe": "an embedded page",
    "math": "a formula",
    "object": "an embedded object",
    "svg": "a drawing",
    "video": "a film",
}
# An opening tag of these ends the one before, so that none of them counts as nesting.
_SELF_ENDING: Final = VOID | {"p", "li", "dd", "dt", "td", "th", "tr", "option", "input", "source"}
# Characters that XML cannot hold.
_UNHOLDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS: Final = " \t\n\r\f"
_WHITE: Final = re.compile(f"[{_BLANKS}]+")
_ROUNDS: Final = 6
_WRAPPERS: Final = frozenset({"div", "p", "span"})
# What the sanitiser writes in other ways than the one form: attributes, wide white space, and what
# no text may hold. Most texts have none of these.
_UNSETTLED: Final = re.compile(
    "=|&nbsp;|<(div|p|span)> ?</|<pre|[\t\n\r\f\xa0]|  |" + _UNHOLDABLE.pattern
)
# Marks the list that a guide's points are written as.
GUIDE_CLASS: Final = "plumbline-guide"
_TAG: Final = re.compile("<[^>]*>")  # in markup whose attributes hold no angle brackets
# A tag, with as much behind its name as a link or a type may take.
_TAG_BEGINS: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]{0,500})")
_LINK: Final = re.compile(r"""href\s?=\s?["']?([^"'\s]*)""", re.IGNORECASE)
# Links to these are only left out; a link to anything else is to a file of the package.
_ELSEWHERE: Final = ("http:", "https:", "mailto:", "javascript:", "#")


def holdable(text: str) -> str:
    """The text without the characters that XML, a database or a terminal cannot hold."""
    return _UNHOLDABLE.sub("", text)


def one_line(text: str, longest: int | None = None) -> str:
    """A plain text on one line, shortened with an ellipsis where it is too long."""
    line = " ".join(holdable(text).split())
    return line if longest is None or len(line) <= longest else line[: longest - 1].rstrip() + "…"


def from_text(text: str) -> str:
    """Plain text as markup: escaped, its line ends kept."""
    return safe(escape(text.strip(), quote=False).replace("\n", "<br>"))


def from_either(text: str) -> str:
    """Text that may or may not be markup: it is, if it holds a tag."""
    return text if nh3.is_html(text) else escape(text.strip(), quote=False).replace("\n", "<br>")


def plain(markup: str) -> str:
    """A safe text without its markup, on one line."""
    return " ".join(" ".join(tree_of(markup).itertext()).split())


def safe(markup: str, album: Album | None = None, lost: Callable[[str], None] | None = None) -> str:
    """Make markup safe and bring it into the one form; what shows nothing is empty.

    Args:
        markup: from anywhere.
        album: takes the pictures in; without one there are none.
        lost: is told in words of everything that could not be kept.

    Raises:
        Unfit: it is too long or too deep to be read.
    """
    markup = holdable(markup)
    longest = LONGEST_TEXT + ("data:" in markup) * LARGEST_PICTURE
    if len(markup) > longest:
        raise Unfit(f"a text is longer than {longest:,} characters")
    if "<" not in markup and "&" not in markup:
        return _seen(_WHITE.sub(" ", escape(markup, quote=False)).strip(" "))
    tell = lost or (lambda _: None)
    for loss in _looked_at(markup):
        tell(f"{loss} could not be taken over")
    cleaned = _SAFE.clean(markup)
    if not _UNSETTLED.search(cleaned):
        return _seen(cleaned.strip(" "))
    tree = tree_of(cleaned)
    _place_pictures(tree, album, tell)
    text = _seen(markup_of(_tidied(tree)))
    for _ in range(_ROUNDS):
        cleaned = _SAFE.clean(text)
        again = text if cleaned == text else markup_of(_tidied(tree_of(cleaned)))
        if again == text:
            return text
        text = again
    return escape(" ".join(tree_of(text).itertext()), quote=False)  # never settles: keep the words


def passage(page: str) -> tuple[Element, list[str]]:
    """The elements of a page from outside, cleaned; its pictures are still under their addresses.

    Returns:
        The elements, below one that stands for the whole, and in words what was lost.

    Raises:
        Unfit: it is too long or too deep to be read.
    """
    page = holdable(page)
    if len(page) > LONGEST_TEXT:
        raise Unfit(f"a text is longer than {LONGEST_TEXT:,} characters")
    losses = _looked_at(page)
    return tree_of(_SAFE.clean(page)), losses


def shows(markup: str) -> bool:
    """Whether well-written markup shows anything: a word or a picture."""
    return "<img" in markup or "<object" in markup or bool(_TAG.sub("", markup).strip())


def _seen(markup: str) -> str:
    """The text, unless there is nothing in it to see."""
    return markup if shows(markup) else ""


def tree_of(markup: str) -> Element:
    """The elements of a safe text, below one that stands for the whole."""
    builder = _Builder()
    if "<" not in markup:
        builder.root.text = unescape(markup)
        return builder.root
    builder.feed(markup)
    builder.close()
    return builder.root


def markup_of(tree: Element) -> str:
    """The text of such a tree."""
    return "".join(_written(tree))


def points(markup: str) -> tuple[str, ...]:
    """The points of a marking guide: the entries where it is one list, else the whole."""
    if "<li" not in markup:
        return (markup,) if markup else ()
    tree = tree_of(markup)
    while len(tree) == 1 and tree[0].tag == "div" and not _has_words(tree):
        tree = tree[0]
    if len(tree) and not _has_words(tree) and all(child.tag in {"ol", "ul"} for child in tree):
        entries = [markup_of(entry).strip(" ") for child in tree for entry in child]
        return tuple(entry for entry in entries if entry)
    return (markup,) if markup else ()


def listed(markup: str) -> list[str]:
    """The entries of a list that we wrote ourselves, as they were before it.

    A list read as any other might come out differently: an entry may itself begin with one.
    """
    tree = tree_of(markup)
    return [markup_of(entry) for entry in tree[0]] if len(tree) else []


def _has_words(tree: Element) -> bool:
    """Whether a text stands beside the children."""
    return bool((tree.text or "").strip() or any((child.tail or "").strip() for child in tree))


def _looked_at(markup: str) -> list[str]:
    """Look at markup before anything is built of it: how deep it may go, what would be lost.

    Tags are found by their beginnings alone, in one pass: a parser of broken markup can be made to
    take minutes. What is counted too much, as in a remark, errs on the safe side.

    Returns:
        In words, what would be lost.

    Raises:
        Unfit: it goes too deep.
    """
    is_open: Counter[str] = Counter()
    depth, losses = 0, []
    for match in _TAG_BEGINS.finditer(markup):
        closing, tag, rest = match[1], match[2].lower(), match[3]
        if closing and is_open[tag]:  # an end without a beginning ends nothing
            is_open[tag] -= 1
            depth -= 1
        elif not closing and tag not in _SELF_ENDING:
            is_open[tag] += 1
            depth += 1
        if depth > DEEPEST:
            raise Unfit(f"a text is nested more than {DEEPEST} deep")
        if not closing and (loss := _loss(tag, rest)):
            losses.append(loss)
    return losses


def _loss(tag: str, rest: str) -> str | None:
    """What is lost with a tag, given what follows its name."""
    if tag == "a":
        link = _LINK.search(rest)
        return "a linked file" if link and not link[1].lower().startswith(_ELSEWHERE) else None
    if tag == "object" and "image/" in rest:
        return None
    return LOSSES.get(tag)


class _Builder(HTMLParser):
    """Builds elements from what the sanitiser wrote, which closes what it opens."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("text")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        child = SubElement(self._open[-1], tag, named)
        if tag not in VOID:
            self._open.append(child)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def _place_pictures(tree: Element, album: Album | None, tell: Callable[[str], None]) -> None:
    """Give each picture its name; one that is missing leaves its place, and word of it."""
    for picture in list(tree.iter("img")):
        address = picture.attrib.pop("src", "")
        try:
            picture.set("src", (album or Album()).add(address))
        except PictureMissing as missing:
            tell(str(missing))
    for parent in list(tree.iter()):
        _leave_out(parent, lambda child: child.tag == "img" and "src" not in child.attrib)


def _leave_out(parent: Element, is_unwanted: Callable[[Element], bool]) -> None:
    """Take children out; the text behind each stays, and what describes a picture."""
    kept: list[Element] = []
    for child in parent:
        if not is_unwanted(child):
            kept.append(child)
            continue
        described = child.get("alt", "").strip()
        left = (f"[{described}]" if described else "") + (child.tail or "")
        if kept:
            kept[-1].tail = (kept[-1].tail or "") + left
        else:
            parent.text = (parent.text or "") + left
    parent[:] = kept


def _tidied(tree: Element) -> Element:
    """Single white space outside preformatted text, none at the ends, no odd characters."""
    _prune(tree)
    _tidy(tree, is_kept=False)
    tree.text = (tree.text or "").lstrip(" ")
    if len(tree):
        tree[-1].tail = (tree[-1].tail or "").rstrip(" ")
    else:
        tree.text = tree.text.rstrip(" ")
    return tree


def _tidy(element: Element, *, is_kept: bool) -> None:
    is_inside_kept = is_kept or element.tag == "pre"
    element.text = _single(element.text, is_kept=is_inside_kept)
    for name, value in element.attrib.items():
        element.set(name, one_line(value))
    for child in element:
        _tidy(child, is_kept=is_inside_kept)
        child.tail = _single(child.tail, is_kept=is_inside_kept)


def _prune(parent: Element) -> None:
    """Take out what only wraps nothing, as editors and page layouts leave it."""
    for child in parent:
        _prune(child)
    _leave_out(parent, _wraps_nothing)


def _wraps_nothing(element: Element) -> bool:
    is_empty = not len(element) and not holdable(element.text or "").strip(_BLANKS)
    return is_empty and element.tag in _WRAPPERS


def _single(text: str | None, *, is_kept: bool) -> str:
    text = holdable(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return text if is_kept else _WHITE.sub(" ", text)


def _written(element: Element) -> Iterator[str]:
    text = element.text or ""
    # The parser drops a line end right after <pre>; one more keeps one.
    yield "\n" if element.tag == "pre" and text.startswith("\n") else ""
    yield escape(text, quote=False)
    for child in element:
        names = sorted(child.attrib)
        attributes = "".join(f' {name}="{escape(child.attrib[name])}"' for name in names)
        yield f"<{child.tag}{attributes}>"
        if child.tag not in VOID:
            yield from _written(child)
            yield f"</{child.tag}>"
        yield escape(child.tail or "", quote=False)
