"""Reports held against others: against the service's last one, and providers against one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission
from epa.review_ratings.results import reach_of
from epa.review_reports.models import IssuedReport
from epa.review_reports.rules import Spread, spread_of
from epa.reviews.models import ProviderReview
from epa.reviews.queries import before, review_ids


@dataclass(frozen=True)
class Reported:
    """The last final report of one service, with its review."""

    review: ProviderReview
    report: IssuedReport

    @property
    def sections(self) -> dict[str, Mapping[str, Any]]:
        """The sections of the report by their codes."""
        return {one["code"]: one for one in self.report.content["sections"]}


def last_final_before(review: ProviderReview) -> IssuedReport | None:
    """The final report of the same service's review before this one, if there was one."""
    earlier = [one.id for one in before(review) if one.service == review.service]
    return db.session.scalar(
        select(IssuedReport)
        .where(IssuedReport.review_id.in_(earlier), IssuedReport.is_final)
        .order_by(IssuedReport.sent_at.desc(), IssuedReport.id)
        .limit(1)
    )


def compared(person: Person, framework_code: str) -> list[Reported]:
    """The last final report of each service that somebody may see, by the provider's name."""
    found = _last_finals(framework_code).where(
        ProviderReview.id.in_(review_ids(person, Permission.VIEW_REVIEW))
    )
    rows = (Reported(review, report) for review, report in db.session.execute(found).unique())
    return sorted(rows, key=lambda one: (one.review.provider.search_name, one.review.service))


def frameworks_compared(person: Person) -> list[str]:
    """The codes of the frameworks against which a report within reach is final."""
    return sorted(
        db.session.scalars(
            select(ProviderReview.framework_code)
            .join(IssuedReport, IssuedReport.review_id == ProviderReview.id)
            .where(
                IssuedReport.is_final,
                ProviderReview.id.in_(review_ids(person, Permission.VIEW_REVIEW)),
            )
            .distinct()
        )
    )


def benchmarks(rows: Sequence[Reported], framework_code: str, least: int) -> dict[str, Spread]:
    """Where the services of all providers lie, by section, without names.

    They are those reviewed by the organisations whose reports stand in ``rows``. A section that
    fewer providers than ``least`` were scored in is left out.
    """
    organisations = {one.review.organisation_id for one in rows}
    found = _last_finals(framework_code).where(ProviderReview.organisation_id.in_(organisations))
    shares: dict[str, dict[Any, list[float]]] = {}
    for review, report in db.session.execute(found).unique():
        for one in report.content["sections"]:
            if (reach := reach_of(one)) is not None:
                by_provider = shares.setdefault(one["code"], {})
                by_provider.setdefault(review.provider_id, []).append(reach)
    return {
        code: spread_of(_all(by_provider.values()))
        for code, by_provider in shares.items()
        if len(by_provider) >= least
    }


def _all(shares: Iterable[Sequence[float]]) -> list[float]:
    return [one for of_provider in shares for one in of_provider]


def _last_finals(framework_code: str) -> Select[ProviderReview, IssuedReport]:
    """Each service's last final report; of two that were sent at one instant, both."""
    later, report = aliased(ProviderReview), aliased(IssuedReport)
    is_followed = (
        select(report.id)
        .join(later, later.id == report.review_id)
        .where(
            report.is_final,
            report.sent_at > IssuedReport.sent_at,
            later.organisation_id == ProviderReview.organisation_id,
            later.provider_id == ProviderReview.provider_id,
            later.framework_code == ProviderReview.framework_code,
            later.service == ProviderReview.service,
            func.coalesce(later.party, "") == func.coalesce(ProviderReview.party, ""),
        )
        .exists()
    )
    return (
        select(ProviderReview, IssuedReport)
        .join(IssuedReport, IssuedReport.review_id == ProviderReview.id)
        .where(ProviderReview.framework_code == framework_code, IssuedReport.is_final, ~is_followed)
        .options(joinedload(ProviderReview.provider))
    )
