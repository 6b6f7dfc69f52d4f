"""The definition an assessment is pinned to, read once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from epa.lifecycle.models import EndPointAssessment
from frameworks import AssessmentPlan, load_plan


class _Folders:
    """Where the EPAO's own definitions are kept, beside those that come with Plumbline."""

    own: tuple[Path, ...] = ()


def use_folder(folder: Path) -> None:
    """Read the EPAO's own definitions from this folder too."""
    _Folders.own = (folder,) if folder.is_dir() else ()
    _load.cache_clear()


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
