"""The report's way: written, handed in, moderated, sent, disputed, final; and the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.external_assessment import queries as visits
from epa.external_assessment import services as visit_services
from epa.external_assessment.models import ModerationRemark, ReviewObjection
from epa.external_assessment.rules import ObjectionKind
from epa.outbox.services import tell
from epa.people.models import Person
from epa.review_reports import queries
from epa.review_reports.models import CriterionNote, IssuedReport, ReportText, ReviewCertificate
from epa.review_reports.rules import certificate_number, dispute_fault, expiry
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.rules import ASSESSING, ReviewStatus

# The report may still be put right after it was sent, until it is final.
WRITTEN_IN = ASSESSING | {ReviewStatus.ISSUED}


@dataclass(frozen=True)
class Words:
    """The report's own words."""

    background: str
    impression: str
    recipients: str


def write(review: ProviderReview, words: Words, *, seen: int, actor: Person, at: datetime) -> None:
    """Keep a version of the report's own words.

    Raises:
        RuleBroken: the report is not the assessors' to write now.
        Conflict: somebody wrote meanwhile.
    """
    review_services.require(review, *WRITTEN_IN)
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    newest = queries.text_of(review)
    if newest is not None and newest.version != seen:
        raise Conflict(f"{newest.written_by.name} has written meanwhile. Your words are below.")
    row = ReportText(
        review_id=review.id,
        version=newest.version + 1 if newest else 1,
        background=words.background.strip(),
        impression=words.impression.strip(),
        recipients=words.recipients.strip(),
        written_at=at,
        written_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "report written", review, at=at, version=row.version)


def note_criteria(
    review: ProviderReview, said: Mapping[str, tuple[str, str]], *, actor: Person, at: datetime
) -> None:
    """Keep what the report says of criteria; what did not change is left.

    Args:
        review: whose report.
        said: good practice and improvement by criterion code.
        actor: who writes.
        at: when.

    Raises:
        RuleBroken: the report is not the assessors' to write now.
    """
    review_services.require(review, *WRITTEN_IN)
    notes, codes = queries.notes_of(review), []
    for code, (good, improve) in said.items():
        was = notes.get(code)
        before = (was.good_practice, was.improvement) if was else ("", "")
        if before == (good.strip(), improve.strip()):
            continue
        codes.append(code)
        db.session.add(
            CriterionNote(
                review_id=review.id,
                criterion_code=code,
                version=was.version + 1 if was else 1,
                good_practice=good.strip(),
                improvement=improve.strip(),
                written_at=at,
                written_by_id=actor.id,
            )
        )
    db.session.flush()
    if codes:
        record(actor, "report notes written", review, at=at, criteria=codes)


def lacking(review: ProviderReview) -> list[str]:
    """What the report still needs before it goes to the moderator, in sentences."""
    found = visits.lacking(review)
    text = queries.text_of(review)
    if text is None or not (text.background and text.impression and text.recipients):
        found.append("Background, overall impression and recipients are not written")
    if review.moderator is None:
        found.append("Nobody is named to moderate")
    return found


def hand_in(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Give the assessment and its report to the moderator; the lead does.

    Raises:
        RuleBroken: something is missing, or it is not the lead who hands in.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    review_services.require(review, *ASSESSING)
    review_services.require_lead(review, actor)
    if missing := lacking(review):
        raise RuleBroken("report-incomplete", f"Still missing: {'; '.join(missing)}.")
    if review.status is ReviewStatus.SUBMITTED:
        review_services.take_step(review, review_rules.ASSESSMENT, actor=actor, at=at)
    review_services.advance(review, ReviewStatus.HANDED_IN, actor=actor, at=at)
    if review.moderator:
        tell(review.moderator, "report to moderate", behalf=review.organisation, at=at)


def require_moderator(review: ProviderReview, person: Person) -> None:
    """Refuse unless the report is with this moderator, who neither assesses nor assessed.

    Raises:
        RuleBroken: it is not there now, or they had a part in the assessment.
    """
    review_services.require(review, ReviewStatus.HANDED_IN)
    if any(one.person_id == person.id for one in review.allocated):
        raise RuleBroken("moderator-assessed", "You assessed here. Somebody else has to moderate.")


def remark(
    review: ProviderReview, code: str, words: str, *, actor: Person, at: datetime
) -> ModerationRemark:
    """Mark a criterion to be given back, and say why; the assessors read it once it is returned.

    Raises:
        RuleBroken: the report is not with the moderator, or the criterion is marked already.
    """
    require_moderator(review, actor)
    waiting = {one.criterion_code for one in visits.remarks_of(review) if one.settled_at is None}
    if code in waiting:
        raise RuleBroken("remark-twice", f"{code} is marked already", "criterion")
    row = ModerationRemark(
        review=review, criterion_code=code, words=words.strip(), made_at=at, made_by=actor
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "moderation remark made", row, at=at, criterion=code)
    return row


def give_back(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Return single criteria to the assessors; everything else stays as it is.

    Raises:
        RuleBroken: no criterion is marked.
    """
    require_moderator(review, actor)
    if all(one.settled_at is not None for one in visits.remarks_of(review)):
        raise RuleBroken("remarks-none", "Mark the criteria that you return first.")
    review_services.advance(review, ReviewStatus.RETURNED, actor=actor, at=at)
    for one in review.assessors:
        tell(one.person, "report returned", behalf=review.organisation, at=at)


def accept(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Accept the report as moderated; the lead may send it then.

    Raises:
        RuleBroken: criteria are marked and not returned.
    """
    require_moderator(review, actor)
    if any(one.settled_at is None for one in visits.remarks_of(review)):
        raise RuleBroken("remarks-open", "Criteria are marked: return them, or take the marks out.")
    review_services.take_step(review, review_rules.MODERATION, actor=actor, at=at)
    review_services.advance(review, ReviewStatus.MODERATED, actor=actor, at=at)
    for one in review.assessors[:1]:
        tell(one.person, "report moderated", behalf=review.organisation, at=at)


def drop_remark(remark: ModerationRemark, *, actor: Person, at: datetime) -> None:
    """Take a mark out again before anything is returned.

    Raises:
        RuleBroken: it was returned, or is settled.
    """
    require_moderator(remark.review, actor)
    if remark.settled_at is not None:
        raise RuleBroken("remark-settled", "It is settled already.")
    record(actor, "moderation remark dropped", remark, at=at, criterion=remark.criterion_code)
    db.session.delete(remark)
    db.session.flush()


def send(review: ProviderReview, *, actor: Person, at: datetime) -> IssuedReport:
    """Send the moderated report to the provider, who may name what is factually wrong in it.

    Raises:
        RuleBroken: it is not moderated, or it is not the lead who sends.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    review_services.require(review, ReviewStatus.MODERATED)
    review_services.require_lead(review, actor)
    report = _keep(review, actor=actor, at=at, is_final=False)
    review_services.take_step(review, review_rules.REPORT, actor=actor, at=at)
    review_services.advance(review, ReviewStatus.ISSUED, actor=actor, at=at)
    tell(review.lead_contact, "report sent", behalf=review.organisation, at=at)
    return report


def _keep(review: ProviderReview, *, actor: Person, at: datetime, is_final: bool) -> IssuedReport:
    before = queries.issued_of(review)
    report = IssuedReport(
        review_id=review.id,
        number=len(before) + 1,
        is_final=is_final,
        content=queries.content_of(review),
        sent_at=at,
        sent_by=actor,
    )
    db.session.add(report)
    db.session.flush()
    record(actor, "report sent", review, at=at, number=report.number, final=is_final)
    return report


def dispute(
    review: ProviderReview, code: str | None, words: str, *, actor: Person, at: datetime
) -> ReviewObjection:
    """Name, as the provider, what is factually wrong in the report.

    Raises:
        RuleBroken: no report waits for it, or its last day is over.
    """
    review_services.require(review, ReviewStatus.ISSUED)
    due = reviews.due_days(review).get(review_rules.FACTUAL_ERRORS)
    if fault := dispute_fault(london_date(at), due):
        raise RuleBroken("dispute-late", fault)
    row = visit_services.object_to(review, ObjectionKind.FACT, code, words, actor=actor, at=at)
    for one in review.assessors[:1]:
        tell(one.person, "facts disputed", behalf=review.organisation, at=at)
    return row


def say_it_is_right(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Say, as the provider, that nothing (more) is factually wrong.

    Raises:
        RuleBroken: no report waits for it, or it was said already.
    """
    review_services.require(review, ReviewStatus.ISSUED)
    if not waits_for_facts(review):
        raise RuleBroken("facts-said", "It was said already.")
    review_services.take_step(review, review_rules.FACTUAL_ERRORS, actor=actor, at=at)


def waits_for_facts(review: ProviderReview) -> bool:
    """Whether the provider has still to say if the report that was sent last is right."""
    cycle = {one.code for one in reviews.framework_of(review).cycle.steps}
    if review_rules.FACTUAL_ERRORS not in cycle:
        return False
    last = {one.code: one.happened_at for one in review.steps}
    said, sent = last.get(review_rules.FACTUAL_ERRORS), last.get(review_rules.REPORT)
    return said is None or (sent is not None and said < sent)


def finish(review: ProviderReview, *, actor: Person, at: datetime) -> IssuedReport:
    """Make the report final: it goes to the provider and to those who are to receive it.

    Raises:
        RuleBroken: the provider may still name inaccuracies, one is not answered, or it is not the
            lead who finishes it.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    review_services.require(review, ReviewStatus.ISSUED)
    review_services.require_lead(review, actor)
    facts = visits.objections_of(review, ObjectionKind.FACT)
    if any(one.answered_at is None for one in facts):
        raise RuleBroken("facts-open", "Answer every factual inaccuracy first.")
    due = reviews.due_days(review).get(review_rules.FACTUAL_ERRORS)
    if waits_for_facts(review) and due is not None and london_date(at) <= due:
        raise RuleBroken(
            "facts-awaited",
            f"The provider has until {due.day} {due:%B %Y} to name what is factually wrong, or says"
            " before then that nothing is.",
        )
    report = _keep(review, actor=actor, at=at, is_final=True)
    review_services.take_step(review, review_rules.FINAL_REPORT, actor=actor, at=at)
    review_services.advance(review, ReviewStatus.FINAL, actor=actor, at=at)
    tell(review.lead_contact, "report final", behalf=review.organisation, at=at)
    return report


def certify(review: ProviderReview, *, actor: Person, at: datetime) -> ReviewCertificate:
    """Issue the certificate of the mark that the final report earned.

    Raises:
        RuleBroken: the report is not final or earned no mark, or there is a certificate.
    """
    db.session.refresh(review, with_for_update={"of": ProviderReview})
    review_services.require(review, ReviewStatus.FINAL)
    mark = mark_earned(review)
    award = reviews.framework_of(review).cycle.award
    if mark is None or award is None:
        raise RuleBroken("certificate-no-mark", "The final report earned no mark.")
    if queries.certificate_of(review) is not None:
        raise RuleBroken("certificate-there", "The certificate is issued already.")
    today = london_date(at)
    certificate = ReviewCertificate(
        review=review,
        number=certificate_number(review.framework_code, today, review.id.int),
        mark=mark,
        is_indicative=not reviews.is_awarding_body(review),
        issued_on=today,
        expires_on=expiry(today, award.years),
        issued_at=at,
        issued_by=actor,
    )
    db.session.add(certificate)
    db.session.flush()
    record(
        actor,
        "certificate issued",
        certificate,
        at=at,
        number=certificate.number,
        indicative=certificate.is_indicative,
    )
    tell(review.lead_contact, "certificate issued", behalf=review.organisation, at=at)
    return certificate


def mark_earned(review: ProviderReview) -> str | None:
    """The mark of the final report; None without one, or while no report is final."""
    final = next((one for one in queries.issued_of(review) if one.is_final), None)
    if final is None:
        return None
    return review_rules.mark_of(reviews.framework_of(review), final.content["outcome"])


def note_read(review: ProviderReview, *, actor: Person, at: datetime, what: str, form: str) -> None:
    """Write down that a report or certificate was read, or taken away as a PDF."""
    record(actor, f"{what} read", review, at=at, form=form)
