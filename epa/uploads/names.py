"""Names of files as people gave them, made fit to be shown."""

import unicodedata

LONGEST = 120
# Joiners shape words in Persian and Indic scripts; every other format character can deceive.
JOINERS = "\u200c\u200d"


def display_name(filename: str) -> str:
    """The last part of a file's name in any script, without what hides or reorders letters.

    Control, direction and surrogate characters are removed, spaces joined, the length cut to 120
    characters with the extension kept. Empty when nothing is left.
    """
    last = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c in JOINERS or c.isspace() or not _deceives(c))
    name = unicodedata.normalize("NFC", " ".join(kept.split())).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST and dot and len(extension) <= LONGEST // 2:
        return stem[: LONGEST - len(extension) - 1].rstrip() + dot + extension
    return name[:LONGEST]


def extension_of(name: str) -> str:
    """The extension in lower case without the dot; `jpeg` is said `jpg`."""
    stem, dot, extension = name.rpartition(".")
    lower = extension.lower() if dot and stem else ""
    return "jpg" if lower == "jpeg" else lower


def _deceives(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
