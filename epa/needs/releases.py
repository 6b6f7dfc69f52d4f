"""What waits for its release: graded methods, and overall grades of a Pass or better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import Columns, prepared
from epa.judgements.models import MarkSheet
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import GRADING_DUTIES, Grade, Stage
from epa.lifecycle.scope import assessments, attempts
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission
from frameworks import AssessmentPlan, overall_grade


def results_to_release(person: Person, _at: datetime) -> Iterator[Need]:
    """What this person may release: nothing that they had a part in, overall grades last."""
    yield from _methods(person)
    yield from _overall(person)


def _methods(person: Person) -> Iterator[Need]:
    """Graded attempts that are not released, as columns: there may be a thousand.

    One whose sheet its assessor is correcting waits for the assessor; once that is signed it is
    the correction that is to be decided on.
    """
    for attempt, key, code, at, framework, version, is_corrected, *names in within(person, _graded):
        title = definition(framework, version).methods[code].short_title.lower()
        yield Need(
            what=f"Decide on a correction: {title}" if is_corrected else f"Release the {title}",
            who=full_name(*names[:2]),
            text=f"Graded by {full_name(*names[2:])}.",
            action="Review",
            place=f"{code}.decide_correction" if is_corrected else "grading.release_method",
            assessment_id=key,
            since=london_date(at) if at else None,
            parameters={"attempt_id": attempt},
        )


@prepared
def _graded(reader: NamedReader) -> Columns:
    apprentice, grader = aliased(Person), aliased(Person)
    part_in = select(Allocation.attempt_id).where(
        Allocation.person_id == reader.id, Allocation.duty.in_(GRADING_DUTIES)
    )
    corrects = MarkSheet.attempt_id == MethodAttempt.id, MarkSheet.corrects_id.is_not(None)
    undecided = MarkSheet.signed_at.is_not(None), ~MarkSheet.decision.has()
    return (
        attempts(reader, Permission.RELEASE_RESULTS)
        .join(apprentice, apprentice.id == Apprenticeship.person_id)
        .join(grader, grader.id == MethodAttempt.graded_by_id)
        .where(
            MethodAttempt.released_at.is_(None),
            MethodAttempt.graded_by_id != reader.id,
            MethodAttempt.id.not_in(part_in),
            ~exists().where(*corrects, MarkSheet.signed_at.is_(None)),
        )
        .with_only_columns(
            MethodAttempt.id,
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            MethodAttempt.graded_at,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            exists().where(*corrects, *undecided),
            apprentice.given_names,
            apprentice.family_name,
            grader.given_names,
            grader.family_name,
        )
    )


@dataclass(frozen=True)
class _Case:
    """An assessment that waits for its result: the newest attempt of each method, if released."""

    name: str
    plan: AssessmentPlan
    since: date
    released: dict[str, Grade | None] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether every method's newest attempt is released, and they come to no Fail.

        As `epa.grading.queries.is_to_release` says of one: a method that was failed is taken
        again, or the EPA is closed.
        """
        if set(self.released) != set(self.plan.methods) or None in self.released.values():
            return False
        return overall_grade(self.plan, self.released).grade is not Grade.FAIL


def _overall(person: Person) -> Iterator[Need]:
    found: dict[UUID, _Case] = {}
    for key, framework, version, since, code, grade, released_at, *names in within(
        person, _results
    ):
        case = found.get(key)
        if case is None:
            plan = definition(framework, version)
            case = found[key] = _Case(full_name(*names), plan, london_date(since))
        case.released[code] = grade if released_at else None
    for key, case in found.items():
        if case.is_ready:
            yield Need(
                what="Release the overall grade",
                who=case.name,
                text="Every method is released.",
                action="Review",
                place="grading.release_overall",
                assessment_id=key,
                since=case.since,
                parameters={"assessment_id": key},
            )


@prepared
def _results(reader: NamedReader) -> Columns:
    return (
        assessments(reader, Permission.RELEASE_RESULTS)
        .join(Person, Person.id == Apprenticeship.person_id)
        .join(MethodAttempt, MethodAttempt.assessment_id == EndPointAssessment.id)
        .where(EndPointAssessment.stage == Stage.RESULTS)
        .order_by(MethodAttempt.number)
        .with_only_columns(
            EndPointAssessment.id,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.stage_since,
            MethodAttempt.method_code,
            MethodAttempt.grade,
            MethodAttempt.released_at,
            Person.given_names,
            Person.family_name,
        )
    )
