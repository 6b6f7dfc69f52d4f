"""The mark sheet of an observation: the addresses of every sheet, with an observation's own parts."""

from __future__ import annotations

from flask import Blueprint

from epa.judgements.board import SheetMethod
from epa.judgements.routes import give_sheet
from epa.observation import services
from epa.observation.forms import ObservationConductForm
from epa.observation.rules import METHOD, ObservationConduct

bp = Blueprint("observation", __name__)
give_sheet(bp, SheetMethod(METHOD, ObservationConduct, ObservationConductForm, services.sign))
