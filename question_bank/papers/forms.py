"""The forms of a draw and of a blueprint."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from epa.errors import RuleBroken
from epa.web.fields import ChoiceField, DecimalNumber, SelectBox, TextField, WholeNumber
from epa.web.forms import PlumblineForm
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.papers.rules import PURPOSE_TITLES, PaperPurpose

_LARGEST_SEED: Final = 10**15
_MOST_OF_A_CELL: Final = 50
_MOST_MARKS: Final = 1000
_DIGITS: Final = 9  # no bank has a thousand million papers, and a database no number for them


class DrawForm(PlumblineForm):
    """What to draw a paper by, and what for."""

    blueprint = SelectBox("Blueprint", called="The blueprint")
    purpose = ChoiceField(
        "What it is for",
        choices=[
            (PaperPurpose.PRACTICE, PURPOSE_TITLES[PaperPurpose.PRACTICE], "Counts as no use"),
            (
                PaperPurpose.LIVE,
                PURPOSE_TITLES[PaperPurpose.LIVE],
                "Its questions count as used once more",
            ),
        ],
    )
    without = TextField(
        "Papers whose questions are left out",
        called="The papers",
        optional=True,
        width="short",
        hint="For a re-sit: the numbers of the papers that this person has sat, for example 3, 7",
    )
    seed = WholeNumber(
        "Seed",
        most=_LARGEST_SEED,
        optional=True,
        hint="Left empty, it is taken at random. The same seed and the same bank give the same"
        " paper, so a seed is a secret until the paper is sat.",
    )

    @property
    def papers_left_out(self) -> list[int]:
        """The numbers of the papers whose questions are left out.

        Raises:
            RuleBroken: something else was typed.
        """
        typed = (self.without.data or "").replace(",", " ").replace(";", " ").split()
        if not all(one.isascii() and one.isdecimal() and len(one) <= _DIGITS for one in typed):
            raise RuleBroken(
                "papers-left-out",
                "The papers must be given by their numbers, for example 3, 7",
                "without",
            )
        return [int(one) for one in typed]

    def offer(self, names: Collection[str]) -> None:
        """Offer the blueprints there are; where there is one, it is chosen already."""
        self.blueprint.choices = [(name, name) for name in names]
        if len(names) == 1 and not self.is_submitted():
            self.blueprint.process_data(next(iter(names)))


class BlueprintForm(PlumblineForm):
    """What papers must be; `blueprint_form` adds a box for each cell."""

    name = TextField("Name", most_letters=100, width="medium")
    target = DecimalNumber(
        "Predicted mark that papers should have",
        called="The predicted mark",
        least=0,
        most=_MOST_MARKS,
        places=1,
        unit="marks",
        optional=True,
        hint="The sum of each question’s marks times the share of candidates who get it right",
    )
    tolerance = DecimalNumber(
        "How far from it a paper may be",
        called="The tolerance",
        least=0,
        most=_MOST_MARKS,
        places=1,
        unit="marks",
    )
    exposure_cap = WholeNumber(
        "A question rests after",
        called="The limit of uses",
        least=1,
        most=100_000,
        unit="papers",
        optional=True,
        hint="Left empty, it never rests",
    )

    def wanted(self, codes: Sequence[str], kinds: Sequence[str]) -> DrawBlueprint:
        """The blueprint that was typed; only of a form that is valid."""
        cells = [
            DrawCell(code, kind, self[cell_name(code, kind)].data)
            for code in codes
            for kind in kinds
            if self[cell_name(code, kind)].data
        ]
        return DrawBlueprint(
            self.name.data,
            tuple(cells),
            None if self.target.data is None else float(self.target.data),
            float(self.tolerance.data),
            self.exposure_cap.data,
        )


def cell_name(code: str, kind: str) -> str:
    """The name of a cell's box."""
    return f"cell_{code}_{kind}"


def blueprint_form(
    codes: Sequence[str], kinds: Mapping[str, str], shown: DrawBlueprint | None
) -> BlueprintForm:
    """The form with a box for every KSB and kind of question.

    Args:
        codes: the KSBs.
        kinds: the kinds of question with their titles.
        shown: what stands in the boxes at first.
    """
    fields = {
        cell_name(code, kind): WholeNumber(
            f"{code}: {title.lower()}", most=_MOST_OF_A_CELL, optional=True
        )
        for code in codes
        for kind, title in kinds.items()
    }
    values: dict[str, Any] = {"tolerance": Decimal(1)}
    if shown is not None:
        values = {
            "name": shown.name,
            "target": None if shown.target is None else _decimal(shown.target),
            "tolerance": _decimal(shown.tolerance),
            "exposure_cap": shown.exposure_cap,
        }
        values |= {cell_name(cell.ksb, cell.type_code): cell.count for cell in shown.cells}
    form: BlueprintForm = type("CellsForm", (BlueprintForm,), fields)(data=values)
    return form


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number)).quantize(Decimal("0.1"))
