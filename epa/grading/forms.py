"""What is typed when a grade is released."""

from __future__ import annotations

from epa.web.fields import TextBox
from epa.web.forms import PlumblineForm


class ReleaseForm(PlumblineForm):
    """Nothing but the decision itself."""


class ReleaseFailForm(PlumblineForm):
    """For an overall Fail inside the EPA period: why there will be no re-sit."""

    no_resit_reason = TextBox(
        "Why there will be no re-sit",
        hint="For example: the employer and the apprentice have both written that they do not "
        "want one. Leave it empty if the period is over.",
        optional=True,
    )
