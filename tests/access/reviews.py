"""A provider's review in the world of the access tests: it went its whole way to a certificate."""

from datetime import date

from epa.clock import london_date
from epa.database import db
from epa.external_assessment import services as visits
from epa.external_assessment.rules import ObjectionKind
from epa.external_assessment.services import Heard, Reply
from epa.improvement import services as improvement
from epa.improvement.services import NewAction
from epa.review_ratings import services as rating
from epa.review_ratings.queries import ratings_of
from epa.review_ratings.services import Given
from epa.review_reports import services as reports
from epa.reviews.rules import ReviewStatus, Side
from epa.self_assessment import services as self_assessment
from epa.self_assessment.services import NewTask, Shown

ABOUT = "2.1.1"


def review_provider(builder):
    """The support provider's, with a word in each place where somebody writes."""
    staff, lead, at, make = builder.staff, builder.contacts.lead, builder.at, builder.make
    assesses, office = staff.provider_quality_assessor, staff.administrator

    def said():
        return f"Said {builder._token('review_said')}"

    review = make.opened_review(
        epao=builder.epao, lead=lead, office=office, service=f"Of {builder._token('review_said')}"
    )
    people = (assesses, staff.second_quality_assessor, staff.review_moderator)
    make.staffed_review(review, people)
    _say(review, Side.PROVIDER, said(), lead, at)
    file = builder._file(lead, builder._token("review_said"))
    proof = self_assessment.add_evidence(review, ABOUT, Shown(said(), file), actor=lead, at=at)
    task = self_assessment.set_task(review, NewTask("2.1", said(), lead, None), actor=lead, at=at)
    visits.begin_timetable(review, actor=lead, at=at)
    make.handed_in_review(review)
    make.assessed_review(review)
    _say(review, Side.ASSESSORS, said(), assesses, at)
    inside = f"Heard {builder._token('review_inside')}"
    heard = Heard("other", f"Ref {builder._token('review_inside')}", london_date(at), inside)
    visits.note_interview(review, heard, actor=assesses, at=at)
    visits.give_feedback(review, "formative_feedback", said(), actor=assesses, at=at)
    challenge = visits.raise_challenge(review, ABOUT, said(), actor=lead, at=at)
    visits.answer(challenge, Reply(is_upheld=False, words=said()), actor=assesses, at=at)
    reports.write(review, reports.Words(said(), said(), said()), seen=1, actor=assesses, at=at)
    reports.note_criteria(review, {ABOUT: (said(), said())}, actor=assesses, at=at)
    remark = _moderate(builder, review, assesses)
    reports.send(review, actor=assesses, at=at)
    fact = reports.dispute(review, None, said(), actor=lead, at=at)
    assert fact.kind is ObjectionKind.FACT
    visits.answer(fact, Reply(is_upheld=True, words=said()), actor=assesses, at=at)
    make._finish(review, assesses)
    reports.certify(review, actor=office, at=at)
    action = NewAction(ABOUT, said(), said(), date(2026, 12, 1))
    planned = improvement.plan_action(review, action, actor=lead, at=at)
    improvement.keep_up(review, 0, said(), actor=lead, at=at)
    assert review.status is ReviewStatus.FINAL
    db.session.flush()
    tag = builder.tag
    builder.world.objects |= {
        f"review@{tag}": review.id,
        f"proof@{tag}": proof.id,
        f"task@{tag}": task.id,
        f"block@{tag}": visits.queries.timetable_of(review)[0].id,
        f"objection@{tag}": fact.id,
        f"remark@{tag}": remark.id,
        f"improvement@{tag}": planned.id,
    }


def _say(review, side, words, actor, at):
    """One criterion in words that stand nowhere else."""
    there = ratings_of(review, side).get(ABOUT)
    seen = str(there.id) if there else ""
    given = Given(ABOUT, seen, level="substantial", words=words)
    rating.rate(review, side, [given], actor=actor, at=at)


def _moderate(builder, review, assesses):
    """Given back once, settled, accepted."""
    at, moderator = builder.at, builder.staff.review_moderator
    reports.hand_in(review, actor=assesses, at=at)
    why = f"See {builder._token('review_inside')}"
    remark = reports.remark(review, ABOUT, why, actor=moderator, at=at)
    reports.give_back(review, actor=moderator, at=at)
    answer = f"So {builder._token('review_inside')}"
    visits.settle(remark, answer, None, actor=assesses, at=at)
    reports.hand_in(review, actor=assesses, at=at)
    reports.accept(review, actor=moderator, at=at)
    return remark
