"""The mark sheet of an observation: the addresses of every sheet, with an observation's own parts."""

from __future__ import annotations

from flask import Blueprint

from epa.judgements.board import SheetMethod
from epa.judgements.routes import Address, give_sheet
from epa.observation import queries, saving, services
from epa.observation.forms import ObservationConductForm
from epa.observation.rules import METHOD, ObservationConduct
from epa.people.rules import Permission

bp = Blueprint("observation", __name__)
give_sheet(
    bp,
    SheetMethod(
        METHOD,
        ObservationConduct,
        ObservationConductForm,
        services.sign,
        prompts=queries.prompts_of,
        note_prompts=services.note_prompts,
    ),
    Address("prompt", "/prompts", Permission.JUDGE, ("POST",), saving.prompt),
)
