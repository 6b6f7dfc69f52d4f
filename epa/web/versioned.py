"""The form of a record that several people may change: the second is told, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wtforms.fields import HiddenField

from epa.errors import Conflict
from epa.web.forms import PlumblineForm


class VersionedForm(PlumblineForm):
    """A form that carries the version of the record its page was made from.

    When somebody else was first, what was typed stays, ``changed`` says who did what, and the form
    carries the newer version, so that sending it again is a choice made with open eyes.
    """

    seen = HiddenField()

    def __init__(self, version: int, **kwargs: Any) -> None:
        """Note the record's version as it is now."""
        super().__init__(**kwargs)
        self.version = version
        self.changed = ""
        if not self.is_submitted():
            self.seen.data = str(self.version)

    def applied(self, service: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Call a service with the version that was seen; see `PlumblineForm.applied`."""
        typed = str(self.seen.data or "")
        seen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 (longer ones are no version of ours)
        try:
            return super().applied(service, *args, seen=seen, **kwargs)
        except Conflict as conflict:
            self.changed = conflict.message
            self.seen.data = str(self.version)
            return False

    @property
    def status(self) -> int:
        """The answer's status when the page is shown: fresh, to be put right, or changed."""
        if self.changed:
            return 409
        return 422 if self.errors else 200

    @property
    def asked(self) -> Iterator[Any]:
        """The fields that a person fills in, in order."""
        return (one for one in self if one.name not in {"csrf_token", "seen"})

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the fields' names, without files."""
        return {one.name: one.data for one in self.asked if one.name != "file"}
