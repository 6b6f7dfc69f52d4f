"""What is typed when a grade is released."""

from __future__ import annotations

from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm


class ReleaseForm(PlumblineForm):
    """Nothing but the decision itself."""


class ReleaseMethodForm(VersionedForm):
    """The same for one method's grade, which may be corrected meanwhile: with what was seen."""
