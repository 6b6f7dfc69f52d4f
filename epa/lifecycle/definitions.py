"""The definition an assessment is pinned to, read once per process."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from epa.lifecycle.models import EndPointAssessment
from frameworks import (
    AssessmentPlan,
    DefinitionFaults,
    Framework,
    available_frameworks,
    load_framework,
    load_plan,
)


class _Folders:
    """Where the EPAO's own definitions are kept, beside those that come with Plumbline."""

    own: tuple[Path, ...] = ()


def use_folder(folder: Path) -> None:
    """Read the EPAO's own definitions from this folder too."""
    _Folders.own = (folder,) if folder.is_dir() else ()
    _load.cache_clear()
    _load_any.cache_clear()


@lru_cache(maxsize=64)
def _load(code: str, version: str | None) -> AssessmentPlan:
    return load_plan(code, version, directories=_Folders.own)


def framework_of(assessment: EndPointAssessment) -> AssessmentPlan:
    """The definition, in the version this assessment is pinned to."""
    return _load(assessment.framework_code, assessment.framework_version)


def definition(code: str, version: str) -> AssessmentPlan:
    """One version of a definition, by name."""
    return _load(code, version)


def latest(code: str) -> AssessmentPlan:
    """The newest version of a definition: for those whose gateway is accepted from now on."""
    return _load(code, None)


@lru_cache(maxsize=64)
def _load_any(code: str, version: str) -> Framework:
    return load_framework(code, version, directories=_Folders.own)


def any_definition(code: str, version: str) -> Framework:
    """One version of a definition of any kind, by name."""
    return _load_any(code, version)


def every_definition() -> list[Framework]:
    """Every version of every definition that loads, of whatever kind, by code and version."""
    found = []
    for one in available_frameworks(_Folders.own):
        with suppress(DefinitionFaults):
            found.append(_load_any(one.code, one.version))
    return found
