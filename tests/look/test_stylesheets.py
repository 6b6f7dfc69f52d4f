import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SHEETS = sorted(STATIC.glob("css/*.css"))
# The tokens name them; print and documents are measured in what paper is measured in.
FREE = {"tokens.css", "print.css", "document.css"}
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
DEFINED = set(re.findall(r"(--[\w-]+):", TOKENS))


def rules(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@media[^{]*", "", text)


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name not in FREE], ids=lambda s: s.name)
def test_it_names_no_colour_or_size_but_the_tokens(sheet):
    assert (
        re.findall(
            r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl\(|\b\d*\.?\d+(?:px|rem|em|ch)\b", rules(sheet)
        )
        == []
    )


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.name)
def test_it_uses_only_tokens_there_are(sheet):
    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))) <= DEFINED


def test_it_keeps_no_token_that_nothing_uses():
    used = set(
        re.findall(r"var\((--[\w-]+)", "".join(s.read_text(encoding="utf-8") for s in SHEETS))
    )
    assert DEFINED - used == set()


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 14),
        ("soft", "paper", 7),
        ("soft", "slate-wash", 4.5),
        ("ink", "slate-wash", 7),
        ("verdigris", "paper", 7),
        ("sheet", "verdigris", 7),
        ("verdigris-deep", "verdigris-wash", 7),
        ("brass", "brass-wash", 4.5),
        ("oxide", "paper", 7),
        ("oxide", "oxide-wash", 4.5),
        ("plum", "plum-wash", 7),
        ("edge", "sheet", 3),
        ("edge", "paper", 3),
        ("focus", "paper", 3),
        ("brass-line", "paper", 3),
    ],
)
def test_it_keeps_its_contrast(text, ground, least):
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def luminance(token):
    figures = re.search(rf"--{token}: #(\w{{6}});", TOKENS)[1]
    parts = [int(figures[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
