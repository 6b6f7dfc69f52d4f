"""Who may change a self-assessment when, and how far along it is."""

from __future__ import annotations

from typing import Final

from epa.reviews.rules import ReviewStatus

LONGEST_TITLE: Final = 200
LONGEST_LINK: Final = 500
LONGEST_TASK: Final = 500
# Ratings are the provider's to change until they are handed in.
RATED_IN: Final = frozenset({ReviewStatus.OPEN})


def link_fault(link: str) -> str | None:
    """Say why a link cannot be kept, or None: it leads to a page of the web."""
    host = link.partition("://")[2].partition("/")[0]
    if link.startswith(("https://", "http://")) and host and " " not in link:
        return None
    return "The link must begin with https:// or http:// and have no spaces"


def takes_evidence(status: ReviewStatus, *, gaps_named: bool, is_closed: bool) -> bool:
    """Whether the provider may add evidence: before handing in, and once more after the first day.

    Args:
        status: of the review.
        gaps_named: whether the assessors' feedback on what is missing was given.
        is_closed: whether the closing feedback was given.
    """
    if status in RATED_IN:
        return True
    return status is ReviewStatus.SUBMITTED and gaps_named and not is_closed
