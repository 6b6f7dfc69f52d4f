"""Items for the tests of the interchange, as our own bank would hold them."""

import io
import struct
import zlib

from hypothesis import strategies as st

from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    OBSERVATION_PROMPT,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
)
from question_bank.interchange.outcome import Read
from question_bank.interchange.reading import opened
from question_bank.interchange.writing import ExportFormat, write


def png(shade=0):
    """A picture of one dot."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


PICTURES = {f"dot{shade}.png": png(shade) for shade in range(3)}
# Any character that a person may type or a file may hold, with those that mean something oftener.
CHARACTERS = st.one_of(
    st.sampled_from("<>&\"'=+-@~#{}:\\/%;, \n\t\r'ß\u00a0\u200f\u05d0ا李😀]]>"),
    st.characters(codec="utf-8"),
)
TEXTS = st.text(CHARACTERS, max_size=12)
WORDS = st.text(st.sampled_from("abcdefg ÄÖé"), min_size=1, max_size=12)
TAGS = [
    "p",
    "b",
    "em",
    "div",
    "ul",
    "ol",
    "li",
    "sub",
    "pre",
    "code",
    "table",
    "tr",
    "td",
    "h3",
    "span",
]


@st.composite
def markups(draw, depth=2):
    """Markup as people and programs write it, well formed or not."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["text", "raw", "tag", "picture", "break", "odd"]))
        if kind == "text":
            parts.append(draw(WORDS))
        elif kind == "raw":
            parts.append(draw(TEXTS))
        elif kind == "break":
            parts.append("<br/>")
        elif kind == "odd":
            parts.append(
                draw(
                    st.sampled_from(
                        [
                            "<p>",
                            "</div>",
                            "&nbsp;",
                            "&lt;p&gt;",
                            "<script>x</script>",
                            "<!-- -->",
                            "&#1;",
                        ]
                    )
                )
            )
        elif kind == "picture":
            name = draw(st.sampled_from(sorted(PICTURES)))
            parts.append(f'<img src="{name}" alt="{draw(WORDS)}">')
        elif depth:
            tag = draw(st.sampled_from(TAGS))
            given = draw(
                st.sampled_from(["", ' dir="rtl"', ' lang="ar"', ' class="x" onclick="y"'])
            )
            parts.append(f"<{tag}{given}>{draw(markups(depth - 1))}</{tag}>")
    return "".join(parts)


@st.composite
def items(draw):
    """An item ready for review, or nearly, in its one form."""
    writing = Draft(PICTURES.get)

    def markup(needed=False):
        text = writing.markup(draw(markups()))
        return text or ("x" if needed else "")

    kind = draw(st.sampled_from([MULTIPLE_CHOICE, SHORT_ANSWER, OBSERVATION_PROMPT]))
    is_choice = kind == MULTIPLE_CHOICE
    options = tuple(Option(markup(needed=True), markup()) for _ in range(4 if is_choice else 0))
    guide = [markup(needed=True) for _ in range(0 if is_choice else draw(st.integers(1, 3)))]
    raw = Item(
        reference=draw(TEXTS) or "r",
        title=draw(TEXTS),
        type_code=kind,
        stem=markup(needed=True),
        options=options,
        key=draw(st.integers(0, 3)) if is_choice else None,
        marks=draw(st.sampled_from([1, 2, 0.5])),
        guide=tuple(point for point in guide if point),
        model_answer=markup(),
        ksbs=tuple(draw(st.lists(st.sampled_from(["K9", "S8", "B6"]), max_size=2, unique=True))),
        tags=tuple(draw(st.lists(TEXTS, max_size=2))),
        facility=draw(st.none() | st.floats(0, 1).map(lambda one: round(one, 3))),
        sources=tuple(draw(st.lists(TEXTS, max_size=2))),
        keep_order=draw(st.booleans()) if is_choice else False,
    )
    try:
        return writing.item(raw)
    except Unfit:
        return draw(items())


def written(these, chosen):
    """The bytes of a file of these items."""
    out = io.BytesIO()
    write(these, ExportFormat(chosen), out, 4)
    return out.getvalue()


def entries(path, content, stated=None):
    """What reading a file of this content gives, one after the other."""
    path.write_bytes(content)
    with opened(path, stated) as (_, found):
        return list(found)


def read_items(path, content, stated=None):
    found = entries(path, content, stated)
    assert all(isinstance(entry, Read) for entry in found), found
    return [entry.item for entry in found]
