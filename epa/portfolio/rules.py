"""States of a portfolio's version and kinds of piece; the limits come from the definition."""

from __future__ import annotations

from enum import StrEnum


class PortfolioStatus(StrEnum):
    """A version is built, submitted, then accepted or returned by the intake check."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class PieceKind(StrEnum):
    """What a piece of evidence is."""

    WORK_PRODUCT = "work_product"
    WITNESS_STATEMENT = "witness_statement"
    CASE_RECORD = "case_record"
    RECORDING = "recording"
    FEEDBACK = "feedback"
    RESEARCH = "research"
    OTHER = "other"
