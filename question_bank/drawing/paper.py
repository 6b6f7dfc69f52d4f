"""What a draw works with and what it gives: blueprint, pool item, drawn paper, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

# Until then a facility is the setter's estimate (design note on the online test, "The draw").
RESPONSES_FOR_A_FACILITY: Final = 20

CellKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PoolItem:
    """What a draw needs to know of an approved, current version of an item.

    Attributes:
        reference: the item's; one version of an item is in a pool.
        version: which version it is.
        type_code: its kind of question, as the plan's definition names it.
        ksb: the KSB that it is drawn for.
        marks: the most that it may get.
        estimate: the facility that its setter expects, 0 to 1.
        uses: in how many live papers it has been.
        responses: how many answers to it have been marked.
        facility: the facility of those answers, 0 to 1.
        options: how many options it has; 0 for an open question.
        keep_order: whether its options must stay in the order written.
        enemies: references of items that may not stand on the same paper.
    """

    reference: str
    version: int
    type_code: str
    ksb: str
    marks: int
    estimate: float
    uses: int = 0
    responses: int = 0
    facility: float | None = None
    options: int = 0
    keep_order: bool = False
    enemies: tuple[str, ...] = ()

    @property
    def is_measured(self) -> bool:
        """Whether enough answers have been marked to trust their facility."""
        return self.facility is not None and self.responses >= RESPONSES_FOR_A_FACILITY

    @property
    def predicted_mark(self) -> float:
        """The mark that this item is expected to give on average."""
        facility = self.facility if self.is_measured and self.facility is not None else None
        return self.marks * (self.estimate if facility is None else facility)


@dataclass(frozen=True)
class DrawCell:
    """How many questions of one kind a paper asks on one KSB."""

    ksb: str
    type_code: str
    count: int

    @property
    def key(self) -> CellKey:
        """What tells it apart from the other cells of a blueprint."""
        return self.ksb, self.type_code


@dataclass(frozen=True)
class DrawBlueprint:
    """What every paper of a kind must be.

    Attributes:
        name: what people call it.
        cells: the questions wanted, in the order in which kinds stand on the paper.
        target: the predicted mark that papers should have; None to ask for none.
        tolerance: how far from the target a paper may be, in marks.
        exposure_cap: an item that has been in so many papers is drawn no more; None for no cap.
    """

    name: str
    cells: tuple[DrawCell, ...]
    target: float | None = None
    tolerance: float = 1.0
    exposure_cap: int | None = None

    def __post_init__(self) -> None:
        keys = [cell.key for cell in self.cells]
        if len(set(keys)) < len(keys):
            raise ValueError("a blueprint has one cell for each KSB and kind of question")


@dataclass(frozen=True)
class DrawRules:
    """Which rules a draw keeps; all, except where the draw itself is being examined.

    Attributes:
        enemies: no enemies on one paper.
        target: the predicted mark within the tolerance of the target.
    """

    enemies: bool = True
    target: bool = True


@dataclass(frozen=True)
class DrawnItem:
    """One question of a drawn paper.

    Attributes:
        reference: the item's.
        version: the version that was drawn.
        type_code: its kind of question.
        ksb: the KSB that it was drawn for.
        marks: the most that it may get.
        options: for each place on the paper, which option of the item stands there, from 0.
    """

    reference: str
    version: int
    type_code: str
    ksb: str
    marks: int
    options: tuple[int, ...] = ()


@dataclass(frozen=True)
class CellDrawn:
    """How one cell was filled.

    Attributes:
        ksb: the cell's.
        type_code: the cell's.
        count: how many questions were wanted, and drawn.
        ready: how many items could be drawn.
        seen: how many were left out because the candidate has seen them.
        capped: how many were left out because they have been in too many papers.
        beyond_fewest: how many were drawn although others had been used less.
    """

    ksb: str
    type_code: str
    count: int
    ready: int
    seen: int
    capped: int
    beyond_fewest: int


@dataclass(frozen=True)
class DrawnPaper:
    """A paper, with all that is needed to build it again to the letter and to explain it.

    Attributes:
        blueprint: the name of the blueprint.
        seed: what the draw began from.
        items: the questions in the order of the paper.
        predicted_mark: the sum of the items' predicted marks.
        estimated: how many of these rest on the setter's estimate.
        redraws: how many whole papers were set aside before.
        exchanges: how many items were exchanged one by one to reach the target.
        cells: how each cell was filled.
    """

    blueprint: str
    seed: int
    items: tuple[DrawnItem, ...]
    predicted_mark: float
    estimated: int
    redraws: int
    exchanges: int
    cells: tuple[CellDrawn, ...]

    def as_record(self) -> dict[str, Any]:
        """Return plain values to store: `from_record` gives the same paper from them."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> DrawnPaper:
        """Build a stored paper again, letter for letter; nothing is drawn."""
        items = tuple(
            DrawnItem(**{**item, "options": tuple(item["options"])}) for item in record["items"]
        )
        cells = tuple(CellDrawn(**cell) for cell in record["cells"])
        return cls(**{**record, "items": items, "cells": cells})

    def as_json(self) -> dict[str, Any]:
        """Return the paper as `plumbline papers draw --json` prints it."""
        return {
            "seed": self.seed,
            "items": [
                {
                    "reference": item.reference,
                    "version": item.version,
                    "type": item.type_code,
                    "ksb": item.ksb,
                    "marks": item.marks,
                    "options": list(item.options),
                }
                for item in self.items
            ],
            "predicted_mark": self.predicted_mark,
        }


@dataclass(frozen=True)
class Shortfall:
    """What one cell lacks.

    Attributes:
        ksb: the cell's.
        type_code: the cell's.
        count: how many questions are wanted.
        ready: how many items could be drawn.
        lacking: how many more are needed.
        seen: how many were left out because the candidate has seen them.
        capped: how many were left out because they have been in too many papers.
        because_of_enemies: whether there would be enough if enemies might stand together.
    """

    ksb: str
    type_code: str
    count: int
    ready: int
    lacking: int
    seen: int = 0
    capped: int = 0
    because_of_enemies: bool = False

    def __str__(self) -> str:
        name = f"{self.ksb}, {self.type_code.replace('_', ' ')}"
        if self.because_of_enemies:
            return (
                f"{name}: {self.lacking} of {self.count} lacking, since enemies may not stand"
                f" together; {self.ready} items are ready"
            )
        left_out = [
            f"{number} {why}"
            for number, why in ((self.seen, "seen before"), (self.capped, "used too often"))
            if number
        ]
        beside = f" ({', '.join(left_out)})" if left_out else ""
        return f"{name}: {self.lacking} of {self.count} lacking; {self.ready} ready{beside}"


class NoPaper(ValueError):
    """No paper could be drawn; the text says why in words.

    Args:
        reasons: one sentence each.
        shortfalls: which cell lacks how many.
        is_proven: whether there is no such paper at all; otherwise the search was given up.
    """

    def __init__(
        self, reasons: Iterable[str], shortfalls: Iterable[Shortfall] = (), *, is_proven: bool
    ) -> None:
        self.reasons = tuple(reasons)
        self.shortfalls = tuple(shortfalls)
        self.is_proven = is_proven
        super().__init__("\n".join(self.reasons))
