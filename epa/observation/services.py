"""Signing the mark sheet of an observation, with the facts of its day held to the plan."""

from __future__ import annotations

from datetime import datetime

from epa.judgements import services
from epa.judgements.models import MarkSheet
from epa.observation.rules import ObservationConduct
from epa.people.models import Person


def sign(sheet: MarkSheet, *, actor: Person, at: datetime, seen: str | None = None) -> None:
    """Sign the sheet; see ``epa.judgements.services.sign``."""
    conduct = ObservationConduct.model_validate(sheet.conduct)
    services.sign(sheet, conduct, actor=actor, at=at, seen=seen)
