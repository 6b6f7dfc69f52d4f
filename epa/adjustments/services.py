"""Asking for an adjustment, adding evidence, withdrawing it, deciding, and telling those concerned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from epa.adjustments import queries, rules
from epa.adjustments.models import AdjustmentDecision, AdjustmentEvidence, AdjustmentRequest
from epa.adjustments.rules import Asked, AskedAs, RequestState, Ruling
from epa.allowances.models import ReasonableAdjustment
from epa.allowances.queries import versions_of
from epa.audit.services import record
from epa.booking.letters import tell_of_arrangements
from epa.clock import LONDON, london_date
from epa.database import db
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.files.models import StoredFile
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.outbox.services import tell
from epa.people.models import Person
from epa.people.queries import conflicts_between
from epa.people.rules import Role
from epa.sign_in.services import public_address


def ask(
    assessment: EndPointAssessment,
    asked: Asked,
    *,
    actor: Person,
    at: datetime,
    file: StoredFile | None = None,
) -> AdjustmentRequest:
    """Ask for an adjustment, as the apprentice, their employer or their training provider.

    Args:
        assessment: one that is not over; it need not be at its gateway yet.
        asked: what would help, in which methods, and why.
        actor: who asks.
        at: when.
        file: evidence, already stored.

    Raises:
        NotAllowed: somebody else asks.
        RuleBroken: it is too late, or something is missing.
    """
    row = _kept(assessment, asked, actor=actor, at=at)
    record(actor, "adjustment asked for", row, at=at, asked_as=row.asked_as, methods=row.methods)
    if file is not None:
        _attach(row, file, actor=actor, at=at)
    for person in queries.panel(row):
        tell(person, "adjustment asked for", behalf=assessment.epao, at=at)
    return row


def ask_again(assessment: EndPointAssessment, *, actor: Person, at: datetime) -> AdjustmentRequest:
    """Ask for what was granted in the assessment before this one; the panel decides on it anew.

    Raises:
        NotAllowed, RuleBroken: as for `ask`; or nothing was granted before, or somebody has asked.
    """
    return ask(assessment, _as_before(assessment), actor=actor, at=at)


def decline_again(assessment: EndPointAssessment, *, actor: Person, at: datetime) -> None:
    """Say that what was granted in the assessment before is not needed any more.

    It stays on record as a request that was taken back at once, so that nobody is asked a second
    time; another may be made.

    Raises:
        NotAllowed, RuleBroken: as for `ask_again`.
    """
    request = _kept(assessment, _as_before(assessment), actor=actor, at=at)
    request.withdrawn_at, request.withdrawn_by = at, actor
    db.session.flush()
    record(actor, "adjustments not needed again", request, at=at, methods=request.methods)


def _as_before(assessment: EndPointAssessment) -> Asked:
    granted = queries.to_carry(assessment)
    if not granted:
        raise RuleBroken("nothing-before", "There is nothing from before to be asked for.")
    words = "\n".join(["The same as before.", *queries.in_words(assessment, granted)])
    return Asked(tuple(granted), words, "As in the requests before, which the panel can open.")


def add_evidence(
    request: AdjustmentRequest, file: StoredFile, *, actor: Person, at: datetime
) -> None:
    """Add one more file to a request.

    Raises:
        NotAllowed: neither the apprentice nor who asked adds it.
        RuleBroken: the request was withdrawn, or nothing is left to be adjusted.
    """
    must_be_own(request, actor)
    rules.must_be_open(request.assessment.stage)
    _must_stand(request)
    _attach(request, file, actor=actor, at=at)


def withdraw(request: AdjustmentRequest, *, actor: Person, at: datetime) -> None:
    """Take a request back before it is decided; a decision is replaced by another decision.

    Raises:
        NotAllowed: neither the apprentice nor who asked takes it back.
        RuleBroken: it is decided or withdrawn already.
    """
    must_be_own(request, actor)
    _must_stand(request)
    if request.decisions:
        raise RuleBroken(
            "decided-already",
            "This is decided on. If it should be otherwise now, send a new request that says so.",
        )
    request.withdrawn_at, request.withdrawn_by = at, actor
    db.session.flush()
    record(actor, "adjustment request withdrawn", request, at=at)


def decide(
    request: AdjustmentRequest,
    ruling: Ruling,
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> list[ReasonableAdjustment]:
    """Decide what is granted, in the place of whatever was granted for these methods before.

    The apprentice and who asked are told that it is decided; where a date is set, so is everybody
    who has a part in it.

    Args:
        request: one that was not withdrawn; one that was decided may be decided anew.
        ruling: for which methods, what, and why.
        actor: somebody of the panel, without a conflict of interest.
        at: when.
        seen: the request's version that the person had before them, if they had a page.

    Returns:
        The new version for each method.

    Raises:
        RuleBroken: what stands in the way.
        Conflict: somebody changed the request since.
    """
    assessment = request.assessment
    if seen is not None and seen != request.lock_version:
        raise Conflict(_what_changed(request))
    _must_stand(request)
    rules.must_be_open(assessment.stage)
    rules.must_name_methods(ruling.methods, framework_of(assessment).methods)
    rules.must_be_a_ruling(ruling)
    _must_be_impartial(assessment, actor, at=at)
    decided = [_decide_for(request, code, ruling, actor=actor, at=at) for code in ruling.methods]
    is_whole = set(request.methods) <= {one.adjustment.method_code for one in request.decisions}
    request.decided_at = at if is_whole else None
    # The version counts up as well where a part is still to be decided.
    flag_modified(request, "decided_at")
    db.session.flush()
    for code in ruling.methods:
        for attempt in queries.open_attempts(assessment, code):
            tell_of_arrangements(attempt, at=at)
    _tell_of_decision(request, at=at)
    return decided


def note_reading(request: AdjustmentRequest, *, actor: Person, at: datetime) -> None:
    """Write down that somebody of the panel reads why an adjustment is asked for."""
    record(actor, "adjustment request read", request, at=at)


def note_reading_of_grants(assessment: EndPointAssessment, *, actor: Person, at: datetime) -> None:
    """Write down that somebody reads what is granted to an apprentice."""
    record(actor, "adjustments read", assessment, at=at)


def fetch_evidence(evidence: AdjustmentEvidence, *, actor: Person, at: datetime) -> StoredFile:
    """The file itself, for the panel; that it was fetched is written down."""
    record(actor, "adjustment evidence read", evidence.request, at=at, evidence=str(evidence.id))
    return evidence.file


def is_own(request: AdjustmentRequest, person: Person) -> bool:
    """Whether somebody may take a request back: who asked, and the apprentice it is about."""
    about = request.assessment.apprenticeship.person_id
    return person.id in {request.requested_by_id, about}


def _kept(
    assessment: EndPointAssessment, asked: Asked, *, actor: Person, at: datetime
) -> AdjustmentRequest:
    """A request as it is asked for, once nothing stands against it."""
    part = _part(assessment, actor)
    if part is None:
        raise NotAllowed("The apprentice, their employer or their training provider asks.")
    rules.must_be_open(assessment.stage)
    rules.must_name_methods(asked.methods, framework_of(assessment).methods)
    rules.must_be_asked(asked)
    row = AdjustmentRequest(
        assessment=assessment,
        number=queries.last_number(assessment) + 1,
        asked_as=part,
        methods=list(asked.methods),
        help_wanted=asked.help_wanted.strip(),
        need=asked.need.strip(),
        requested_at=at,
        requested_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _decide_for(
    request: AdjustmentRequest, code: str, ruling: Ruling, *, actor: Person, at: datetime
) -> ReasonableAdjustment:
    versions = versions_of(request.assessment).get(code, [])
    row = ReasonableAdjustment(
        assessment=request.assessment,
        method_code=code,
        number=len(versions) + 1,
        extra_percent=ruling.granted.extra_percent,
        break_minutes=ruling.granted.break_minutes,
        details={kind.value: text.strip() for kind, text in ruling.granted.details.items()},
        decided_at=at,
        decided_by=actor,
    )
    db.session.add(row)
    db.session.add(
        AdjustmentDecision(
            request=request,
            adjustment=row,
            is_granted=ruling.is_granted,
            reason=ruling.reason.strip(),
            decided_at=at,
            decided_by=actor,
        )
    )
    db.session.flush()
    record(
        actor,
        "adjustment decided",
        request,
        at=at,
        method=code,
        number=row.number,
        is_granted=ruling.is_granted,
    )
    return row


def _attach(request: AdjustmentRequest, file: StoredFile, *, actor: Person, at: datetime) -> None:
    db.session.add(AdjustmentEvidence(request=request, file=file, added_at=at, added_by=actor))
    db.session.flush()
    record(actor, "adjustment evidence added", request, at=at)


def _part(assessment: EndPointAssessment, person: Person) -> AskedAs | None:
    """In which part somebody asks: a role counts where it is held on this case."""
    of = assessment.apprenticeship
    roles = {
        held.role
        for held in person.current_roles
        if (held.role, held.organisation_id)
        in {(Role.EMPLOYER, of.employer_id), (Role.TRAINING_PROVIDER, of.provider_id)}
    }
    if person.id == of.person_id and Role.APPRENTICE in person.roles:
        roles.add(Role.APPRENTICE)
    return rules.part_of(roles)


def must_be_own(request: AdjustmentRequest, actor: Person) -> None:
    """Refuse somebody who neither asked nor is the apprentice; see `is_own`.

    Raises:
        NotAllowed: they are neither.
    """
    if not is_own(request, actor):
        raise NotAllowed("Only the apprentice, or who asked, can do this.")


def _must_stand(request: AdjustmentRequest) -> None:
    if request.state is RequestState.WITHDRAWN:
        raise RuleBroken("withdrawn-already", "This request was withdrawn.")


def _must_be_impartial(assessment: EndPointAssessment, actor: Person, *, at: datetime) -> None:
    of = assessment.apprenticeship
    found = conflicts_between(
        actor,
        people_ids=[of.person_id],
        organisation_ids=[one for one in (of.employer_id, of.provider_id) if one],
        on=london_date(at),
    )
    if found:
        raise RuleBroken(
            "conflict-of-interest",
            f"You have a conflict of interest here. {found[0].reason}. Somebody else must decide.",
        )


def _what_changed(request: AdjustmentRequest) -> str:
    last = request.decisions[-1] if request.decisions else None
    if request.withdrawn_at is not None and request.withdrawn_by is not None:
        who, what, when = request.withdrawn_by.name, "withdrew it", request.withdrawn_at
    elif last is not None:
        who, what, when = last.decided_by.name, "decided on it", last.decided_at
    else:
        return "This request changed after you opened this page."
    local = when.astimezone(LONDON)
    day = f"{local.day} {local:%B %Y} at {local:%H:%M}"
    return f"{who} {what} on {day}, after you opened this page."


def _tell_of_decision(request: AdjustmentRequest, *, at: datetime) -> None:
    assessment = request.assessment
    page = public_address(f"/apprentices/{assessment.id}/adjustments")
    told = {one.id: one for one in (assessment.apprenticeship.person, request.requested_by)}
    for person in told.values():
        tell(person, "adjustment decided", behalf=assessment.epao, at=at, page=page)
