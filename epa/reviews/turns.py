"""Whose turn it is in a review, with what, and by when: out of its state and its framework's cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from epa.clock import london_date
from epa.reviews import queries, rules
from epa.reviews.models import ProviderReview
from epa.reviews.queries import Part
from epa.reviews.rules import Doer, ReviewStatus
from frameworks.review_cycle import CycleStep


@dataclass(frozen=True)
class Turn:
    """One thing to be done by some of a review's people: on which page, since when, by when."""

    code: str
    title: str
    what: str
    doer: Doer
    place: str
    action: str
    since: date
    due_on: date | None = None


# The pages on which the steps of a cycle are taken, by whom, and what the button says.
_HOMES: Final[dict[str, tuple[Doer, str, str]]] = {
    rules.ASSESSORS_NAMED: (Doer.ORGANISATION, "reviews.allocate", "Name them"),
    rules.SELF_ASSESSMENT: (Doer.PROVIDER, "self_assessment.show", "Go on"),
    rules.SCHEDULE: (Doer.PROVIDER, "external_assessment.timetable", "See the timetable"),
    rules.FORMATIVE: (Doer.ASSESSORS, "external_assessment.feedback", "Give it"),
    rules.FURTHER_EVIDENCE: (Doer.PROVIDER, "self_assessment.show", "Add evidence"),
    rules.SUMMATIVE: (Doer.ASSESSORS, "external_assessment.feedback", "Give it"),
    rules.ASSESSMENT: (Doer.ASSESSORS, "external_assessment.show", "Go on"),
    rules.MODERATION: (Doer.MODERATOR, "review_reports.moderate", "Moderate"),
    rules.REPORT: (Doer.ASSESSORS, "review_reports.show", "Send it"),
    rules.FACTUAL_ERRORS: (Doer.PROVIDER, "review_reports.show", "Read the report"),
    rules.FINAL_REPORT: (Doer.ASSESSORS, "review_reports.show", "Finish it"),
    rules.ACTION_PLAN: (Doer.PROVIDER, "improvement.show", "Plan"),
    rules.UPKEEP: (Doer.PROVIDER, "improvement.show", "Go on"),
}
_TITLES: Final = {
    rules.ASSESSORS_NAMED: "Name who assesses and who moderates",
    rules.SELF_ASSESSMENT: "Self-assessment",
    rules.ASSESSMENT: "Assess, write the report and hand it in",
    rules.MODERATION: "Moderate",
    rules.REPORT: "Send the report",
    rules.FINAL_REPORT: "Make the report final",
}
# Which steps are open in which state, in the order of the work.
_OPEN_IN: Final[dict[ReviewStatus, tuple[str, ...]]] = {
    ReviewStatus.OPEN: (rules.ASSESSORS_NAMED, rules.SELF_ASSESSMENT, rules.SCHEDULE),
    ReviewStatus.SUBMITTED: (
        *(rules.ASSESSORS_NAMED, rules.SCHEDULE, rules.FORMATIVE, rules.FURTHER_EVIDENCE),
        *(rules.SUMMATIVE, rules.ASSESSMENT),
    ),
    ReviewStatus.RETURNED: (rules.ASSESSMENT,),
    ReviewStatus.HANDED_IN: (rules.MODERATION,),
    ReviewStatus.MODERATED: (rules.REPORT,),
    ReviewStatus.ISSUED: (rules.FACTUAL_ERRORS, rules.FINAL_REPORT),
    ReviewStatus.FINAL: (rules.ACTION_PLAN, rules.UPKEEP),
    ReviewStatus.WITHDRAWN: (),
}
# Steps that every review has, whether or not its framework's cycle names them.
_ALWAYS: Final = frozenset(
    {rules.ASSESSORS_NAMED, rules.ASSESSMENT, rules.MODERATION, rules.REPORT, rules.FINAL_REPORT}
)

# A state, and no single act: open as long as the review stands there.
_AGAIN: Final = frozenset({rules.ASSESSMENT, rules.MODERATION, rules.REPORT})


def turns(review: ProviderReview) -> list[Turn]:
    """What can be done now in a review, and by whom; nearest day first within the order of the work."""
    framework = queries.framework_of(review)
    steps = {one.code: one for one in framework.cycle.steps}
    due, done = queries.due_days(review), queries.step_days(review)
    if (upkeep := queries.upkeep_due_on(review)) is not None:
        due[rules.UPKEEP] = upkeep
    found = []
    if framework.cycle.visit and review.first_on is None and review.status is ReviewStatus.OPEN:
        found.append(_days_to_set(review))
    for code in _OPEN_IN[review.status]:
        if not _is_open(review, code, steps, done):
            continue
        doer, place, action = _HOMES[code]
        step = steps.get(code)
        found.append(
            Turn(
                code,
                _TITLES.get(code) or (step.title if step else ""),
                step.what if step else "",
                doer,
                place,
                action,
                london_date(review.status_since),
                # The assessors' own work ends with the report that they hand in.
                due.get(rules.REPORT) if code == rules.ASSESSMENT else due.get(code),
            )
        )
    return [*found, *_rhythms(review, steps, done, due)]


def _days_to_set(review: ProviderReview) -> Turn:
    return Turn(
        "days",
        "Set the days of the assessment",
        "The other days count from them.",
        Doer.ORGANISATION,
        "reviews.plan",
        "Set them",
        london_date(review.opened_at),
    )


def _is_open(
    review: ProviderReview, code: str, steps: dict[str, CycleStep], done: dict[str, date]
) -> bool:
    visit = queries.framework_of(review).cycle.visit
    if not (visit is not None if code in _ALWAYS else code in steps):
        return False
    if code == rules.ASSESSORS_NAMED:
        return not review.assessors
    if code == rules.FURTHER_EVIDENCE:
        # On the morning after the gaps were named, until the closing feedback.
        return rules.FORMATIVE in done and rules.SUMMATIVE not in done and code not in done
    if code == rules.SUMMATIVE and rules.FORMATIVE in steps:
        return rules.FORMATIVE in done and code not in done
    if code == rules.UPKEEP:
        return queries.upkeep_due_on(review) is not None
    return code in _AGAIN or code not in done


def _rhythms(
    review: ProviderReview,
    steps: dict[str, CycleStep],
    done: dict[str, date],
    due: dict[str, date],
) -> Iterator[Turn]:
    """What is taken elsewhere and noted here: once by its day, or each time it comes round."""
    if review.status is ReviewStatus.WITHDRAWN:
        return
    for code, step in steps.items():
        if code in rules.DONE_HERE or _is_the_other_partys(review, step):
            continue
        if step.every is None:
            if code in done or code not in due or review.status in rules.OVER:
                continue
            day = due[code]
        else:
            last = done.get(code, london_date(review.opened_at))
            day = rules.months_after(last, step.every)
        doer = rules.doer_of(step.by)
        since = london_date(review.opened_at)
        yield Turn(code, step.title, step.what, doer, "reviews.show", "See it", since, day)


def _is_the_other_partys(review: ProviderReview, step: CycleStep) -> bool:
    """Whether a step is for a party whose expectations this review does not look at."""
    parties = {one.code for one in getattr(queries.framework_of(review), "parties", ())}
    return review.party is not None and step.by in parties - {review.party}


def is_mine(turn: Turn, part: Part, *, manages: bool) -> bool:
    """Whether a turn is that of somebody with this part in the review."""
    return {
        Doer.PROVIDER: part.is_provider,
        Doer.ASSESSORS: part.is_assessor,
        Doer.MODERATOR: part.is_moderator,
        Doer.ORGANISATION: manages,
    }[turn.doer]
