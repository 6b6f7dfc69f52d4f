"""The intake check's two answers."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.people.models import Person
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus


def accept(version: PortfolioVersion, *, actor: Person, at: datetime) -> None:
    """Accept a submitted version."""
    version.status, version.decided_at = PortfolioStatus.ACCEPTED, at
    version.decided_by = actor
    record(actor, "portfolio accepted", version, at=at)


def return_for(version: PortfolioVersion, reason: str, *, actor: Person, at: datetime) -> None:
    """Return a submitted version."""
    version.status, version.decided_at = PortfolioStatus.RETURNED, at
    version.decided_by, version.reason = actor, reason
    record(actor, "portfolio returned", version, at=at)
