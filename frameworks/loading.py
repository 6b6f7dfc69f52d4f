"""TOML to Framework: a definition loads whole, or every fault is named and nothing loads."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from frameworks.assessment_plan import AssessmentPlan
from frameworks.checking import check
from frameworks.faults import DefinitionFaults, Fault, unreadable
from frameworks.quality_framework import (
    CriteriaMet,
    Maturity,
    NarrativeProgress,
    QualityFramework,
    WeightedFidelity,
)
from frameworks.schema import Framework

DEFINITIONS = Path(__file__).parent / "definitions"
LARGEST_DEFINITION_BYTES = 4_000_000

# Adding a scheme adds a line here, in `checking.SCHEME_CHECKS` and in `scoring.SCHEMES`.
MODELS: Mapping[str, type[Framework]] = {
    "grading": AssessmentPlan,
    "weighted_fidelity": WeightedFidelity,
    "maturity": Maturity,
    "criteria_met": CriteriaMet,
    "narrative_progress": NarrativeProgress,
}


@dataclass(frozen=True)
class Available:
    """A definition file that was found under its code and version; it is not read yet.

    `rivals` are files elsewhere with the same code and version and other words. While there
    is one, none of them loads: a changed definition needs a version of its own.
    """

    code: str
    version: str
    path: Path
    rivals: tuple[Path, ...] = ()

    def digest(self) -> str:
        """Return the SHA-256 of the file, by which a published version is held to its words."""
        return sha256(self.path.read_bytes()).hexdigest()


def available_frameworks(directories: Iterable[Path | str] = ()) -> tuple[Available, ...]:
    """Return every definition by code, oldest version first, in our folder and in the others.

    Args:
        directories: further folders that hold `CODE/VERSION.toml`. One that does not exist
            holds nothing.
    """
    found: dict[tuple[str, str], Available] = {}
    for directory in (DEFINITIONS, *map(Path, directories)):
        for path in sorted(directory.glob("*/*.toml")):
            place = (path.parent.name, path.stem)
            first = found.setdefault(place, Available(*place, path))
            if first.path != path and not _same_words(first.path, path):
                found[place] = replace(first, rivals=(*first.rivals, path))
    return tuple(sorted(found.values(), key=_order))


def _order(one: Available) -> tuple[str, Any, str]:
    return one.code, version_order(one.version), one.version


def _same_words(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts 2022.2 before 2022.10, and a suffixed version after its base."""
    parts = re.findall(r"\d+|[^\d._-]+", version)
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts)


def find_framework(
    code: str, version: str | None = None, directories: Iterable[Path | str] = ()
) -> Available:
    """Return the definition of this code and version, the newest when no version is named.

    Raises:
        DefinitionFaults: there is no such code or version; the message lists those there are.
    """
    available = available_frameworks(directories)
    versions = [one for one in available if one.code == code]
    if not versions:
        raise DefinitionFaults([unknown_framework(code, available)])
    if version is None:
        return versions[-1]
    for one in versions:
        if one.version == version:
            return one
    listed = ", ".join(one.version for one in versions)
    raise DefinitionFaults(
        [Fault("", "version", f"{code} has no version '{version}'; there is: {listed}")]
    )


def unknown_framework(code: str, available: Iterable[Available]) -> Fault:
    """Return the fault of asking for a framework that is not there."""
    codes = ", ".join(dict.fromkeys(one.code for one in available))
    return Fault("", "framework", f"there is no framework '{code}'; there is: {codes}")


def load_framework(
    code: str, version: str | None = None, directories: Iterable[Path | str] = ()
) -> Framework:
    """Return a framework, checked: the version named, or the newest.

    Args:
        code: for example `st0663`.
        version: for example `2022.1`; an assessment keeps the one it started under.
        directories: further folders that hold `CODE/VERSION.toml`.

    Raises:
        DefinitionFaults: it is unknown, unreadable or wrong; all its faults are listed.
    """
    found = find_framework(code, version, directories)
    framework = read_file(found.path)
    faults = [*place_faults(found, framework), *_check_faults(found.path, framework)]
    if faults:
        raise DefinitionFaults(faults)
    return framework


def place_faults(found: Available, framework: Framework) -> Iterator[Fault]:
    """Find what is wrong with where a definition stands, rather than with what it says."""
    for field, said, placed in (
        ("code", framework.code, found.code),
        ("version", framework.version, found.version),
    ):
        if said != placed:
            problem = f"it says '{said}' and the file's place says '{placed}'"
            yield Fault(str(found.path), field, problem)
    for rival in found.rivals:
        problem = f"{found.path} has the same code and version and other words"
        yield Fault(str(rival), "version", f"{problem}; a change needs a new version")


def load_plan(
    code: str, version: str | None = None, directories: Iterable[Path | str] = ()
) -> AssessmentPlan:
    """Return an end-point assessment plan: `load_framework` for a framework that grades.

    Raises:
        DefinitionFaults: as `load_framework`, and when the framework is no assessment plan.
    """
    framework = load_framework(code, version, directories)
    if not isinstance(framework, AssessmentPlan):
        raise DefinitionFaults([Fault("", "scheme", f"{code} is no end-point assessment plan")])
    return framework


def load_quality_framework(
    code: str, version: str | None = None, directories: Iterable[Path | str] = ()
) -> QualityFramework:
    """Return what a provider is reviewed against: `load_framework` for any but a plan.

    Raises:
        DefinitionFaults: as `load_framework`, and when the framework is an assessment plan.
    """
    framework = load_framework(code, version, directories)
    if not isinstance(framework, QualityFramework):
        raise DefinitionFaults([Fault("", "scheme", f"{code} is no quality framework")])
    return framework


def load_file(path: Path | str) -> Framework:
    """Return the framework one file defines, checked; its place on disk does not matter.

    Raises:
        DefinitionFaults: it is unreadable or wrong; all its faults are listed.
    """
    framework = read_file(path)
    faults = tuple(_check_faults(Path(path), framework))
    if faults:
        raise DefinitionFaults(faults)
    return framework


def _check_faults(path: Path, framework: Framework) -> Iterator[Fault]:
    for finding in check(framework):
        if finding.kind == "error":
            yield Fault(str(path), finding.where, finding.problem)


def read_file(path: Path | str) -> Framework:
    """Return the framework one file defines, of the right shape but not cross-checked.

    Raises:
        DefinitionFaults: it is unreadable or of the wrong shape; all its faults are listed.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_DEFINITION_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DefinitionFaults([unreadable(str(path), error)]) from error
    try:
        return _parsed(content)
    except DefinitionFaults as error:
        raise DefinitionFaults(fault.in_file(str(path)) for fault in error.faults) from error


@lru_cache(maxsize=64)
def _parsed(content: bytes) -> Framework:
    """Return the framework written here; the same bytes give the same frozen object."""
    if len(content) > LARGEST_DEFINITION_BYTES:
        raise DefinitionFaults(
            [Fault("", "", f"the file is larger than {LARGEST_DEFINITION_BYTES} bytes")]
        )
    try:
        written = _tuples(tomllib.loads(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise DefinitionFaults(
            [Fault("", f"byte {error.start + 1}", "UTF-8 text was expected")]
        ) from error
    except (ValueError, RecursionError) as error:
        raise DefinitionFaults([Fault("", "", f"TOML was expected: {error}")]) from error
    model = MODELS.get(str(written.get("scheme")))
    if model is None:
        raise DefinitionFaults([Fault("", "scheme", f"one of {', '.join(MODELS)} was expected")])
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise DefinitionFaults(_shape_faults(error.errors(), written)) from error


def _tuples(value: Any) -> Any:
    """Return the value with tuples for lists, which is what the frozen models hold."""
    if isinstance(value, dict):
        return {key: _tuples(one) for key, one in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(one) for one in value)
    return value


def _shape_faults(errors: Iterable[ErrorDetails], written: Any) -> Iterator[Fault]:
    for error in errors:
        message = error["msg"][:1].lower() + error["msg"][1:]
        given = error["input"]
        if isinstance(given, str | int | float):
            message = f"{message}; it says {given!r}"
        yield Fault("", _path(error["loc"], written), message)


def _path(location: tuple[int | str, ...], written: Any) -> str:
    """Return a place as `criteria.K3.title`: an entry of a list goes by its code."""
    names = []
    for position, step in enumerate(location, start=1):
        if isinstance(written, dict) and step not in written and position < len(location):
            continue  # pydantic names the kind of method it chose; the file has no such key
        written = _inside(written, step)
        code = written.get("code") if isinstance(written, dict) else None
        names.append(code if isinstance(step, int) and isinstance(code, str) else str(step))
    return ".".join(names)


def _inside(written: Any, step: int | str) -> Any:
    if isinstance(written, dict):
        return written.get(step)
    if isinstance(written, tuple) and isinstance(step, int):
        return written[step]
    return None
