"""Adjustments in the demonstration: one granted while dates were set, one that waits for the panel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from epa.adjustments.rules import Asked, Ruling
from epa.adjustments.services import ask, decide
from epa.allowances.rules import AdjustmentKind, Granted
from epa.clock import london_instant
from epa.demonstration.company import Company
from epa.demonstration.stories import OBSERVATION, PRESENTATION, TEST
from epa.lifecycle.models import EndPointAssessment
from epa.people.rules import Role

_GRANTED: Final = Asked(
    (PRESENTATION, TEST),
    "More time to read the questions, and somebody to read them aloud. My college gave me both.",
    "I read slowly, and more slowly when the clock runs. My assessment at college says the same.",
)
_WAITING: Final = Asked(
    (OBSERVATION,),
    "A break after each hour, and no stairs between the rooms.",
    "He is back at work after an operation and still tires quickly.",
)
_REASON: Final = (
    "Matches what was agreed in training for two years; it leaves what is assessed as it is."
)
_QUARTER: Final = 25
_READER: Final = "reads the questions aloud when asked to, without explaining them"


def adjust(company: Company, lives: Mapping[str, EndPointAssessment]) -> None:
    """Siân’s is granted two days ago, with both dates set; Daniel’s employer asked the day after."""
    sian, daniel = lives["sian.prosser"], lives["daniel.osei"]
    at = {on: london_instant(company.days.day(on), time(10, 20)) for on in (-5, -2, -1)}
    asked = ask(sian, _GRANTED, actor=sian.apprenticeship.person, at=at[-5])
    reader = {AdjustmentKind.READER: _READER}
    for method, granted in (
        (TEST, Granted(_QUARTER, details=reader)),
        (PRESENTATION, Granted(_QUARTER)),
    ):
        ruling = Ruling((method,), granted, is_granted=True, reason=_REASON)
        decide(asked, ruling, actor=company.people["angela"], at=at[-2])
    ask(daniel, _WAITING, actor=company.contact("tidewell", Role.EMPLOYER), at=at[-1])
