"""What is typed when a grade is released."""

from __future__ import annotations

from epa.web.forms import PlumblineForm


class ReleaseForm(PlumblineForm):
    """Nothing but the decision itself."""
