"""What is set: one function for everybody who reads a setting, and the history for its page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from config import LABELS
from epa.database import ask, db
from epa.files.models import StoredFile
from epa.settings.models import SettingVersion
from epa.settings.rules import LABEL, Setting, SettingGroup, groups

CACHE: Final = "settings"
_STORED: Final = select(SettingVersion.name, SettingVersion.value).order_by(SettingVersion.version)


def value(name: str) -> Any:
    """What a setting is set to now; asked of the database once a request.

    Raises:
        KeyError: there is no such setting.
    """
    return current()[name]


def current() -> Mapping[str, Any]:
    """Every setting's value, by name. What is stored and no longer fits gives way to the default."""
    kept: Mapping[str, Any] | None = db.session.info.get(CACHE)
    if kept is None:
        stored = {
            name: stored
            for name, stored in ask(_STORED)
            if name in schema() and schema()[name].fault_of(stored) is None
        }
        kept = {name: stored.get(name, one.default) for name, one in schema().items()}
        db.session.info[CACHE] = kept
    return kept


def labels() -> dict[str, str]:
    """The words of the interface, by their keys."""
    every = current()
    return {key: every[LABEL + key] for key in LABELS}


@cache
def all_groups() -> tuple[SettingGroup, ...]:
    """Every group with its settings, in the order of the pages."""
    return groups(LABELS)


@cache
def schema() -> Mapping[str, Setting]:
    """Every setting by its name."""
    return {one.name: one for group in all_groups() for one in group.setting}


def last_version(names: Collection[str]) -> int:
    """How many changes these settings have had: what a page is compared with when it is sent."""
    query = select(func.count()).where(SettingVersion.name.in_(names))
    return db.session.scalar(query) or 0


def history(names: Collection[str], most: int) -> Sequence[SettingVersion]:
    """The latest changes of some settings, the newest first."""
    query = (
        select(SettingVersion)
        .where(SettingVersion.name.in_(names))
        .order_by(SettingVersion.changed_at.desc(), SettingVersion.name, SettingVersion.id)
    )
    return db.session.scalars(query.limit(most)).all()


def logo() -> StoredFile | None:
    """The picture at the top of every page, if there is one."""
    known = value("logo")
    return db.session.get(StoredFile, UUID(known)) if known else None
