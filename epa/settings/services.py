"""Changing settings: each change a version, checked against the schema, in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.people.models import Person
from epa.settings import queries
from epa.settings.models import SettingVersion


def change(values: Mapping[str, Any], *, seen: int, actor: Person, at: datetime) -> list[str]:
    """Set settings; what stays as it is makes no version.

    Args:
        values: by name.
        seen: how many changes these settings had when the page was shown.
        actor: the administrator.
        at: when.

    Returns:
        The names of what was changed.

    Raises:
        RuleBroken: a value that will not do, or somebody else changed one of them meanwhile.
    """
    faults = [
        RuleBroken("setting", fault, name)
        for name, new in values.items()
        if (fault := queries.schema()[name].fault_of(new))
    ]
    if faults:
        raise RulesBroken(faults)
    if queries.last_version(values) != seen:
        latest = queries.history(values, 1)[0]
        raise RuleBroken(
            "changed-meanwhile",
            f"{latest.changed_by.name} changed “{queries.schema()[latest.name].title}” meanwhile."
            " What you typed is still here: look at both, and save again.",
        )
    now = queries.current()
    changed = [name for name, new in values.items() if new != now[name]]
    for name in changed:
        _keep(name, values[name], actor=actor, at=at)
    db.session.flush()
    db.session.info.pop(queries.CACHE, None)
    return changed


def _keep(name: str, new: Any, *, actor: Person, at: datetime) -> None:
    last = db.session.scalar(
        select(func.max(SettingVersion.version)).where(SettingVersion.name == name)
    )
    row = SettingVersion(
        name=name, version=(last or 0) + 1, value=new, changed_at=at, changed_by=actor
    )
    db.session.add(row)
    db.session.flush()
    # The value may be an address or a name: the log says which setting, the version says the rest.
    record(actor, "setting changed", row, at=at, setting=name, version=row.version)
