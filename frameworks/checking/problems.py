"""What checking finds, in one shape, and how a repeated code is told."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """One thing a check found: an error, or a contradiction with our reading of it."""

    framework: str
    where: str
    problem: str
    kind: Literal["error", "contradiction"]
    interpretation: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding under the keys of `frameworks check --json`."""
        return {
            "framework": self.framework,
            "where": self.where,
            "problem": self.problem,
            "kind": self.kind,
            "interpretation": self.interpretation,
        }


# Where it is, and what is wrong there.
Problem = tuple[str, str]


def repeated(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    """Find each code that stands more than once."""
    for code, times in Counter(codes).items():
        if times > 1:
            yield where, f"the code '{code}' stands {times} times; each code may stand once"
