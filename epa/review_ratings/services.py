"""Keeping what somebody says of criteria, each as a new version; nobody overwrites somebody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.people.models import Person
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.queries import ratings_of
from epa.reviews.models import ProviderReview
from epa.reviews.queries import criteria_of
from epa.reviews.rules import Side


@dataclass(frozen=True)
class Given:
    """What somebody says of one criterion.

    ``seen`` is the identifier of the rating that stood on their page, or empty where there was none.
    """

    code: str
    seen: str
    level: str | None = None
    value: Decimal | None = None
    counted: int | None = None
    counted_of: int | None = None
    has_nothing: bool = False
    words: str = ""

    @property
    def figure(self) -> str | None:
        """The value at the digits that were written."""
        return None if self.value is None else format(self.value, "f")


def rate(
    review: ProviderReview, side: Side, given: Collection[Given], *, actor: Person, at: datetime
) -> list[CriterionRating]:
    """Keep what somebody says of criteria, each as a new version; what did not change is left.

    Whose turn it is, is checked by whoever calls.

    Raises:
        RuleBroken: somebody else rated a criterion meanwhile, or a figure is outside its range.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    newest = ratings_of(review, side)
    changed = [one for one in given if not _is_same(one, newest.get(one.code))]
    faults = [fault for one in changed if (fault := _rating_fault(review, one, newest)) is not None]
    if faults:
        raise RulesBroken(faults)
    rows = [
        CriterionRating(
            review_id=review.id,
            side=side,
            criterion_code=one.code,
            version=newest[one.code].version + 1 if one.code in newest else 1,
            level=one.level,
            value=one.figure,
            counted=one.counted,
            counted_of=one.counted_of,
            has_nothing=one.has_nothing,
            words=one.words.strip(),
            rated_at=at,
            rated_by=actor,
        )
        for one in changed
    ]
    db.session.add_all(rows)
    db.session.flush()
    if rows:
        codes = [row.criterion_code for row in rows]
        record(actor, "criteria rated", review, at=at, side=side.value, criteria=codes)
    return rows


def _is_same(given: Given, newest: CriterionRating | None) -> bool:
    if newest is None:
        return not (given.level or given.figure or given.has_nothing or given.words.strip())
    return (
        given.level,
        given.figure,
        given.counted,
        given.counted_of,
        given.has_nothing,
        given.words.strip(),
    ) == (
        newest.level,
        newest.value,
        newest.counted,
        newest.counted_of,
        newest.has_nothing,
        newest.words,
    )


def _rating_fault(
    review: ProviderReview, given: Given, newest: Mapping[str, CriterionRating]
) -> RuleBroken | None:
    place = field_of(given.code)
    there = newest.get(given.code)
    if given.code not in criteria_of(review):
        return RuleBroken("rating-unknown", f"There is no criterion {given.code} here")
    if given.seen != (str(there.id) if there else ""):
        who = there.rated_by.name if there else "Somebody"
        said = (
            f"{given.code}: {who} changed it meanwhile. Look at it again, then keep yours or theirs"
        )
        return RuleBroken("rating-changed", said, f"level_{place}")
    if given.value is not None and given.has_nothing:
        said = f"{given.code}: give a figure, or say that there was nothing to count"
        return RuleBroken("rating-both", said, f"value_{place}")
    if (given.counted is None) != (given.counted_of is None) or (
        given.counted is not None
        and given.counted_of is not None
        and given.counted > given.counted_of
    ):
        said = f"{given.code}: give how many were counted and of how many, or neither"
        return RuleBroken("rating-counted", said, f"counted_{place}")
    return None


def field_of(code: str) -> str:
    """How a criterion's code stands in the name of a field."""
    return code.replace(".", "_")
