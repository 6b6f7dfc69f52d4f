"""``make bench``: questions, lists of clients, and both databases; kept in ``var/bench.txt``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from bench import quality, question_bank
from bench.databases import KINDS, new_database
from bench.report import OVER, table
from bench.running import run_on

KEPT: Final = Path(__file__).resolve().parents[1] / "var" / "bench.txt"
_APPRENTICES, _FEW_IN, _ROUNDS = 10_000, 10, 30


def main() -> int:
    """Run on both databases; 1 when something costs more than it may."""
    apprentices = int(os.environ.get("BENCH_APPRENTICES", _APPRENTICES))
    rounds = int(os.environ.get("BENCH_ROUNDS", _ROUNDS))
    kinds = os.environ.get("BENCH_DATABASES", " ".join(KINDS)).split()
    said: list[str] = []
    for text in table("The question bank; milliseconds", question_bank.lines(rounds)):
        print(text, flush=True)  # noqa: T201 (what it is for)
        said.append(text)
    for kind in kinds:
        title = (
            f"{kind}, {apprentices:,} apprentices; milliseconds;"
            f" queries and rows read with {apprentices // _FEW_IN:,} and with {apprentices:,}"
        )
        with new_database(kind) as environ, run_on(environ, apprentices) as run:
            for text in table(title, run.lines(rounds, few=apprentices // _FEW_IN)):
                print(text, flush=True)  # noqa: T201 (what it is for)
                said.append(text)
    for text in quality.lines(
        min(quality.CLIENTS, 10 * apprentices), min(quality.REVIEWS, apprentices)
    ):
        print(text, flush=True)  # noqa: T201 (what it is for)
        said.append(text)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(said) + "\n", encoding="utf-8")
    return 1 if any(text.endswith(OVER) for text in said) else 0


if __name__ == "__main__":
    sys.exit(main())
