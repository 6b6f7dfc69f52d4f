"""What is typed when a grade is released."""

from __future__ import annotations

from epa.web.versioned import VersionedForm


class ReleaseForm(VersionedForm):
    """Nothing but the decision itself, with what was seen: a grade may be corrected meanwhile."""
