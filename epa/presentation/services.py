"""Signing the mark sheet of a presentation, with the facts of its day held to the plan."""

from __future__ import annotations

from datetime import datetime

from epa.judgements import services
from epa.judgements.models import MarkSheet
from epa.people.models import Person
from epa.presentation.rules import PresentationConduct


def sign(sheet: MarkSheet, *, actor: Person, at: datetime, seen: str | None = None) -> None:
    """Sign the sheet; see ``epa.judgements.services.sign``."""
    conduct = PresentationConduct.model_validate(sheet.conduct)
    services.sign(sheet, conduct, actor=actor, at=at, seen=seen)
