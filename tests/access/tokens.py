"""Words that occur nowhere else: where one turns up, something was shown."""

import re
from dataclasses import dataclass

# Four digits: of fewer, some key against forged requests holds one by chance in every other run.
_SHAPE = re.compile(r"qz[0-9]{4}kx", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """What one word stands for: a kind of matter, of which EPAO, case and method, and whose."""

    kind: str
    tag: str
    case: str | None = None
    method: str | None = None
    organisation: str | None = None
    owner: str | None = None
    word: str = ""


class Tokens:
    """The words given out so far."""

    def __init__(self):
        self._known = {}

    def new(self, kind, **about):
        """A new word for a matter."""
        word = f"qz{1000 + len(self._known)}kx"
        self._known[word] = Token(kind, word=word, **about)
        return word

    def found_in(self, text):
        """What a text shows."""
        words = map(str.lower, _SHAPE.findall(text))
        return {self._known[word] for word in words if word in self._known}
