"""What services raise: faults a person can put right, refusals, and two acting at once."""

from __future__ import annotations

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


class NotAllowed(PlumblineError):
    """This person may not do this here, whatever they type."""


class Conflict(PlumblineError):
    """Somebody else changed the record first; the message says who and what."""


class TooManyTries(PlumblineError):
    """A door stays shut for a while; the message says until when.

    Args:
        message: a sentence for the person.
        until: the instant at which it may be tried again.
    """

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until
