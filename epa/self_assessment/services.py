"""Rating one's own service together, showing it, sharing out the work, handing it in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.outbox.services import tell
from epa.people.models import Person
from epa.review_ratings import queries as ratings
from epa.review_ratings import services as rating
from epa.review_ratings.services import Given
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.rules import ReviewStatus, Side
from epa.self_assessment import queries
from epa.self_assessment.models import ReviewEvidence, SectionTask
from epa.self_assessment.rules import RATED_IN, link_fault


def rate(review: ProviderReview, given: Collection[Given], *, actor: Person, at: datetime) -> None:
    """Keep what one of the provider's people says of criteria.

    Raises:
        RuleBroken: it was handed in, or somebody else was first.
    """
    review_services.require(review, *RATED_IN)
    rating.rate(review, Side.PROVIDER, given, actor=actor, at=at)


@dataclass(frozen=True)
class Shown:
    """What shows a criterion: a file, or a link."""

    title: str
    file: StoredFile | None = None
    link: str = ""


def add_evidence(
    review: ProviderReview, code: str, shown: Shown, *, actor: Person, at: datetime
) -> ReviewEvidence:
    """Add a piece of evidence to a criterion.

    Raises:
        RuleBroken: none is taken now, or it is neither a file nor a link, or both.
    """
    require_evidence(review)
    link = shown.link.strip()
    if (shown.file is None) == (not link):
        raise RuleBroken("evidence-matter", "Give a file or a link, and not both", "file")
    if link and (fault := link_fault(link)):
        raise RuleBroken("evidence-link", fault, "link")
    evidence = ReviewEvidence(
        review=review,
        criterion_code=code,
        title=shown.title.strip(),
        file=shown.file,
        link=link or None,
        is_further=review.status is not ReviewStatus.OPEN,
        added_at=at,
        added_by=actor,
    )
    db.session.add(evidence)
    db.session.flush()
    record(actor, "review evidence added", evidence, at=at, criterion=code)
    if evidence.is_further and review_rules.FURTHER_EVIDENCE not in reviews.step_days(review):
        review_services.take_step(review, review_rules.FURTHER_EVIDENCE, actor=actor, at=at)
    return evidence


def require_evidence(review: ProviderReview) -> None:
    """Refuse unless evidence is taken now.

    Raises:
        RuleBroken: it was handed in, and it is not the time for further evidence.
    """
    if not queries.may_add_evidence(review):
        raise RuleBroken(
            "evidence-closed",
            "Evidence is taken until the self-assessment is handed in, and once more between the"
            " feedback on the first day and the closing feedback.",
        )


def remove_evidence(evidence: ReviewEvidence, *, actor: Person, at: datetime) -> None:
    """Take a piece of evidence out; it stays on record.

    Raises:
        RuleBroken: the self-assessment was handed in, or it is taken out already.
    """
    review_services.require(evidence.review, *RATED_IN)
    if evidence.removed_at is not None:
        raise RuleBroken("evidence-removed", "It is taken out already.")
    evidence.removed_at, evidence.removed_by_id = at, actor.id
    db.session.flush()
    record(actor, "review evidence removed", evidence, at=at)


def note_file_read(evidence: ReviewEvidence, *, actor: Person, at: datetime) -> StoredFile | None:
    """Write down that somebody fetches the file, and give it; None where there is none."""
    if evidence.file is not None:
        record(actor, "review evidence read", evidence, at=at)
    return evidence.file


@dataclass(frozen=True)
class NewTask:
    """What somebody sees to for a section, and by when."""

    section: str
    what: str
    owner: Person
    due_on: date | None


def set_task(review: ProviderReview, task: NewTask, *, actor: Person, at: datetime) -> SectionTask:
    """Share out some work.

    Raises:
        RuleBroken: it was handed in, or the owner is not one of the provider's people.
    """
    review_services.require(review, *RATED_IN)
    if task.owner not in queries.providers_people(review):
        raise RuleBroken("task-owner", "Choose one of the provider’s people", "owner")
    row = SectionTask(
        review=review,
        section_code=task.section,
        what=task.what.strip(),
        owner=task.owner,
        due_on=task.due_on,
        set_at=at,
        set_by_id=actor.id,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "section task set", row, at=at, section=task.section)
    return row


def finish_task(task: SectionTask, *, actor: Person, at: datetime) -> None:
    """Say that a task is done; nothing changes where it was."""
    if task.done_at is None:
        task.done_at, task.done_by_id = at, actor.id
        db.session.flush()
        record(actor, "section task done", task, at=at)


def submit(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Hand the self-assessment in: ratings and evidence are fixed, and the assessors may read them.

    Where a framework has no visit nobody assesses, and the review is complete with this.

    Raises:
        RuleBroken: something is not rated yet, or it was handed in already.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    review_services.require(review, ReviewStatus.OPEN)
    missing = ratings.missing_from(review, ratings.ratings_of(review, Side.PROVIDER))
    if missing:
        raise RuleBroken(
            "self-assessment-incomplete",
            f"Not rated yet: {', '.join(missing[:10])}"
            f"{f' and {len(missing) - 10} more' if len(missing) > 10 else ''}.",  # noqa: PLR2004 (as many as are listed)
        )
    review_services.take_step(review, review_rules.SELF_ASSESSMENT, actor=actor, at=at)
    has_visit = reviews.framework_of(review).cycle.visit is not None
    to = ReviewStatus.SUBMITTED if has_visit else ReviewStatus.FINAL
    review_services.advance(review, to, actor=actor, at=at)
    for one in review.assessors:
        tell(one.person, "self-assessment handed in", behalf=review.organisation, at=at)
