"""What the log's kinds of record are called where somebody reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

# Where the name in the code, taken apart, is not what a reader would say; the interface's words by
# their keys.
_WORDS: Final[dict[str, str]] = {
    "AnswerFile": "table of marked answers",
    "ApprenticeImport": "table of {apprentices}",
    "AvailabilitySlot": "availability",
    "BankExport": "export of a question bank",
    "BankItem": "question",
    "CalendarFeed": "calendar of somebody’s dates",
    "ClientRecords": "list of clients",
    "ClientSample": "sample of clients",
    "Closing": "end as failed",
    "DayRecording": "recording",
    "EarlierStart": "earlier start of the {epa_short} period",
    "EndPointAssessment": "{epa}",
    "EvidencePiece": "piece of the portfolio",
    "GatewayAdvice": "advice at the {gateway}",
    "GatewayDecision": "decision at the {gateway}",
    "GatewayRequirement": "requirement of the {gateway}",
    "GatewayReview": "{gateway}",
    "ImprovementAction": "action for improvement",
    "InvigilatedEvent": "test session",
    "IssuedReport": "report as sent",
    "ItemFile": "file of questions",
    "ItemVersion": "version of a question",
    "JoiningInstructions": "joining instructions",
    "LateBatch": "late answers",
    "MaterialDelivery": "delivery of supporting material",
    "MethodAttempt": "attempt at a method",
    "ModerationRemark": "remark of the moderator",
    "OneTimeLink": "one-time link",
    "PaperSitting": "sitting on paper",
    "PlannedAction": "action of a plan",
    "PortfolioShare": "share of the portfolio",
    "PortfolioVersion": "portfolio",
    "PresentationSubmission": "presentation file",
    "ProviderReview": "review of a provider",
    "ReasonableAdjustment": "adjustment",
    "AdjustmentRequest": "request for an adjustment",
    "ResitRequest": "request for another attempt",
    "ReviewObjection": "objection in a review",
    "SectionTask": "task in a review",
    "SettingVersion": "setting",
    "SignInSession": "sign-in",
    "StoredFile": "file",
}


# More of a list says nothing to a reader; the file that is taken away has it whole.
_MOST_SAID: Final = 5


def detail_words(value: object, known: Mapping[str, str]) -> str:
    """A detail of an entry as somebody reads it.

    Args:
        value: what the log keeps: a text, a number, a truth value, nothing, or a list of these.
        known: whom or what an identifier stands for, as far as the reader may know.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if not isinstance(value, list):
        return known.get(str(value), str(value))
    said = list(dict.fromkeys(detail_words(one, known) for one in value))
    more = len(said) - _MOST_SAID
    return ", ".join(said[:_MOST_SAID]) + (f" and {more} more" if more > 0 else "")


def identifiers_in(details: Mapping[str, object]) -> set[UUID]:
    """The identifiers of records among an entry's details."""
    values = [
        one for value in details.values() for one in (value if isinstance(value, list) else [value])
    ]
    return {UUID(one) for one in values if isinstance(one, str) and _UUID.fullmatch(one)}


def record_words(kind: str, labels: Mapping[str, str]) -> str:
    """What a kind of record is called, beginning with a capital.

    Args:
        kind: the name that the log has for it.
        labels: the interface's words by their keys.
    """
    if kind in _WORDS:
        words = _WORDS[kind].format_map(labels)
    else:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return words[:1].upper() + words[1:]
