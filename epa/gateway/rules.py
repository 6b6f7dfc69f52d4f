"""States of a gateway requirement."""

from __future__ import annotations

from enum import StrEnum


class RequirementDecision(StrEnum):
    """What the EPAO decided of a requirement; accepted ones lock."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
