"""The prompts drawn for an attempt: those that stand, those passed over, those met before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from epa.conduct.rules import DayPrompts, PassedPrompt, PromptName, PromptShown
from epa.database import db
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.observation.models import DrawnPrompt, PassedOverPrompt
from question_bank.items.models import ItemVersion
from question_bank.prompts.queries import words_of


def draws_of(attempt: MethodAttempt) -> Sequence[DrawnPrompt]:
    """Every prompt drawn for an attempt, in order."""
    query = select(DrawnPrompt).where(DrawnPrompt.attempt_id == attempt.id)
    return db.session.scalars(query.order_by(DrawnPrompt.place)).all()


def standing_draws(attempt: MethodAttempt) -> dict[int, DrawnPrompt]:
    """The prompt that stands for each question that has one, by the question's number."""
    return {one.number: one for one in draws_of(attempt) if one.passed_over is None}


def met_before(attempt: MethodAttempt) -> frozenset[UUID]:
    """The items not to be drawn again for an attempt.

    These are all that were drawn for it, passed over or not, and all that stood at any other
    attempt of the same apprentice, of an earlier assessment as well.
    """
    person_id = attempt.assessment.apprenticeship.person_id
    whose = aliased(Apprenticeship)
    query = (
        select(ItemVersion.item_id)
        .select_from(DrawnPrompt)
        .join(ItemVersion, ItemVersion.id == DrawnPrompt.version_id)
        .join(MethodAttempt, MethodAttempt.id == DrawnPrompt.attempt_id)
        .join(EndPointAssessment, EndPointAssessment.id == MethodAttempt.assessment_id)
        .join(whose, whose.id == EndPointAssessment.apprenticeship_id)
        .outerjoin(PassedOverPrompt, PassedOverPrompt.prompt_id == DrawnPrompt.id)
        .where(
            whose.person_id == person_id,
            or_(DrawnPrompt.attempt_id == attempt.id, PassedOverPrompt.id.is_(None)),
        )
    )
    return frozenset(db.session.scalars(query))


def name_of(drawn: DrawnPrompt) -> PromptName:
    """Which item of the bank a draw gave, in which version."""
    return PromptName(drawn.version.item.reference, drawn.version.number)


def prompts_of(attempt: MethodAttempt) -> DayPrompts:
    """What the sheet shows of an attempt's prompts."""
    draws = draws_of(attempt)
    standing = [one for one in draws if one.passed_over is None]
    words = words_of([one.version_id for one in standing])
    return DayPrompts(
        standing={
            one.number: PromptShown(
                name_of(one),
                words[one.version_id].text,
                words[one.version_id].guide,
                words[one.version_id].ksbs,
                one.drawn_at,
            )
            for one in standing
        },
        passed_over=tuple(
            PassedPrompt(one.number, name_of(one), one.passed_over.reason)
            for one in draws
            if one.passed_over is not None
        ),
    )
