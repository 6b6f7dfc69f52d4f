"""What services raise: faults a person can put right, refusals, and two acting at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class PlumblineError(Exception):
    """A fault with words for the person who met it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RuleBroken(PlumblineError):
    """The field's rules forbid what was asked; the message says which rule and what would do.

    Args:
        code: a stable name of the rule, such as ``gateway-incomplete``.
        message: one or two sentences for the person.
        field: the form field to blame, if one is.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field

    @property
    def each(self) -> tuple[RuleBroken, ...]:
        """Every rule that is broken: this one."""
        return (self,)


class RulesBroken(RuleBroken):
    """Several rules at once, so that each is named to the person; nothing was done.

    Args:
        broken: one or more, each with the field to blame.
    """

    def __init__(self, broken: Sequence[RuleBroken]) -> None:
        super().__init__(broken[0].code, broken[0].message, broken[0].field)
        self._each = tuple(broken)

    @property
    def each(self) -> tuple[RuleBroken, ...]:
        """Every rule that is broken, in the order found."""
        return self._each


class NotAllowed(PlumblineError):
    """This person may not do this here, whatever they type."""


class Conflict(PlumblineError):
    """Somebody else changed the record first; the message says who and what."""


class ChangedMeanwhile(Conflict):
    """Something was written since the one who saves last saw it.

    Args:
        message: who did what, and when.
        newest: the row that stands there now.
    """

    def __init__(self, message: str, newest: object) -> None:
        super().__init__(message)
        self.newest = newest


class TooManyTries(PlumblineError):
    """A door stays shut for a while; the message says until when.

    Args:
        message: a sentence for the person.
        until: the instant at which it may be tried again.
    """

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until
