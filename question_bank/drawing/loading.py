"""Blueprints from files, checked against the plan whose test they compose."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from frameworks import AssessmentPlan, Fault, Faults, MarkedMethod
from question_bank.drawing.paper import DrawBlueprint, DrawCell

Count = Annotated[int, Field(ge=0, strict=True)]


class _Row(BaseModel):
    """One KSB of a blueprint; every further key is a kind of question and how many."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Count]
    ksb: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    framework: str
    method: str
    target: Annotated[float, Field(ge=0)] | None = None
    tolerance: Annotated[float, Field(gt=0)] = 1.0
    exposure_cap: Annotated[int, Field(ge=1)] | None = None
    cells: list[_Row] = Field(min_length=1)


def default_blueprint(framework: str) -> DrawBlueprint:
    """The blueprint that comes with a framework, such as `st0663`.

    Raises:
        Faults: there is none of this name.
    """
    folder = resources.files("question_bank.drawing") / "blueprints"
    path = folder / f"{framework}.toml"
    if not framework.isidentifier() or not path.is_file():
        known = sorted(one.name.removesuffix(".toml") for one in folder.iterdir())
        problem = f"no blueprint has this name; expected one of {', '.join(known)}"
        raise Faults([Fault("", framework, problem)])
    return blueprint_from(path.read_text(encoding="utf-8"), f"{framework}.toml")


def read_blueprint(path: Path) -> DrawBlueprint:
    """The blueprint of a file.

    Raises:
        Faults: it cannot be read, or is of the wrong shape; every fault is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Faults(
            [Fault(str(path), "", "UTF-8 text was expected in a readable file")]
        ) from error
    return blueprint_from(text, str(path))


def blueprint_from(text: str, file: str) -> DrawBlueprint:
    """The blueprint that a TOML text describes.

    Kinds of question keep the order in which they are first named, for all KSBs.

    Raises:
        Faults: the text is of the wrong shape; every fault is named.
    """
    try:
        read = _File.model_validate(tomllib.loads(text))
        cells = [
            DrawCell(row.ksb, kind, count)
            for row in read.cells
            for kind, count in (row.model_extra or {}).items()
            if count
        ]
        return DrawBlueprint(
            read.name, tuple(cells), read.target, read.tolerance, read.exposure_cap
        )
    except ValidationError as error:
        faults = [
            Fault(file, ".".join(map(str, one["loc"])), one["msg"][:1].lower() + one["msg"][1:])
            for one in error.errors()
        ]
        raise Faults(faults) from error
    except ValueError as error:
        raise Faults([Fault(file, "", str(error))]) from error


def differences(blueprint: DrawBlueprint, plan: AssessmentPlan, method_code: str) -> list[str]:
    """Say where a blueprint is not what the plan's test must be; an EPAO may still mean it.

    Args:
        blueprint: the blueprint.
        plan: the plan.
        method_code: its marked method.

    Returns:
        A sentence a difference: another number of a kind of question, an unknown kind, a KSB that
        the method does not grade, a KSB without a question, a target no paper can have.
    """
    method = plan.methods[method_code]
    assert isinstance(method, MarkedMethod)
    graded = set(plan.descriptors.get(method_code, ()))
    return [*_of_kinds(blueprint, method), *_of_ksbs(blueprint, graded)]


def _of_kinds(blueprint: DrawBlueprint, method: MarkedMethod) -> Iterator[str]:
    wanted = {kind.code: kind.count for kind in method.question_types}
    found = dict.fromkeys(wanted, 0)
    for cell in blueprint.cells:
        found[cell.type_code] = found.get(cell.type_code, 0) + cell.count
    for kind, count in found.items():
        name = kind.replace("_", " ")
        if kind not in wanted:
            yield f"The plan knows no {name} questions."
        elif count != wanted[kind]:
            yield f"The plan asks for {wanted[kind]} {name} questions, the blueprint for {count}."
    if blueprint.target is not None and blueprint.target > method.marks_max:
        yield f"The target is above the {method.marks_max} marks of a paper."


def _of_ksbs(blueprint: DrawBlueprint, graded: set[str]) -> Iterator[str]:
    asked = {cell.ksb for cell in blueprint.cells if cell.count}
    for ksb in sorted(asked - graded):
        yield f"{ksb} is not graded by this method."
    for ksb in sorted(graded - asked):
        yield f"{ksb} is graded by this method, but no question is on it."
