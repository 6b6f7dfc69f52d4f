"""Withdrawing, pausing and reinstating; another employer or provider; a name or ULN put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from epa.audit.services import record
from epa.changes import effects, queries, rules
from epa.changes.models import ApprenticeshipChange
from epa.changes.rules import ChangeKind, Why
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.gateway.services import lapse_confirmation
from epa.lifecycle import services as lifecycle
from epa.lifecycle.models import BreakInLearning, EndPointAssessment
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import PLACEHOLDER_ULN, STAGE_TITLES, Stage, is_uln
from epa.people import services as people
from epa.people.models import Organisation, Person
from epa.people.queries import ours_for
from epa.people.rules import OrganisationKind, Permission
from epa.people.services import PersonFields


def withdraw(
    assessment: EndPointAssessment, why: Why, *, actor: Person, at: datetime
) -> ApprenticeshipChange:
    """End an apprentice's way here; they can be reinstated. Dates from that day on are cleared.

    Raises:
        RuleBroken: the stage or the date does not allow it, or there is no reason.
    """
    _check(assessment, ChangeKind.WITHDRAWN, why, at=at, earliest=_may_leave_from(assessment))
    cleared = effects.clear_dates(
        assessment, why.on, f"Withdrawn on {rules.day_words(why.on)}", actor=actor, at=at
    )
    lifecycle.advance(assessment, to=Stage.WITHDRAWN, actor=actor, at=at)
    said = ["The clock is stopped, and nothing more is asked of anybody.", *cleared]
    return _keep(assessment, ChangeKind.WITHDRAWN, why, said, actor=actor, at=at)


def pause(
    assessment: EndPointAssessment, why: Why, *, actor: Person, at: datetime
) -> ApprenticeshipChange:
    """Begin a break in learning: its days do not count, and dates from its first day are cleared.

    Raises:
        RuleBroken: the stage or the date does not allow it, or there is no reason.
    """
    _check(assessment, ChangeKind.PAUSED, why, at=at, earliest=queries.earliest_leave(assessment))
    if queries.open_break(assessment) is not None:
        raise RuleBroken(
            "break-lasts", "A break in learning without a last day is recorded already.", "on"
        )
    clock = effects.on_clock_of_leave(assessment, why.on)
    cleared = effects.clear_dates(
        assessment,
        why.on,
        f"Break in learning from {rules.day_words(why.on)}",
        actor=actor,
        at=at,
    )
    assessment.apprenticeship.breaks.append(
        # The true reason stands in the history, where the EPAO's own people alone read it.
        BreakInLearning(started_on=why.on, ended_on=None, reason="Break in learning")
    )
    lifecycle.advance(assessment, to=Stage.PAUSED, actor=actor, at=at)
    return _keep(assessment, ChangeKind.PAUSED, why, [clock, *cleared], actor=actor, at=at)


def reinstate(
    assessment: EndPointAssessment, why: Why, *, actor: Person, at: datetime
) -> ApprenticeshipChange:
    """Let a paused or withdrawn apprentice go on; the days they were away count nowhere.

    Args:
        assessment: one that is paused or withdrawn.
        why: the first day back, and the reason.
        actor: who reinstates.
        at: when.

    Raises:
        RuleBroken: they are not away, are registered again, the date lies before they left, or
            there is no reason.
    """
    since = queries.away_since(assessment)
    _check(assessment, ChangeKind.REINSTATED, why, at=at, earliest=since)
    if assessment.stage is Stage.WITHDRAWN and queries.is_registered_again(assessment):
        raise RuleBroken(
            "registered-again", "This learner has been registered again since; go on there."
        )
    before = period_of(assessment)
    _close_break(assessment, since, why)
    lifecycle.advance(assessment, to=queries.returns_to(assessment), actor=actor, at=at)
    db.session.flush()
    said = [
        f"Back at the stage “{STAGE_TITLES[assessment.stage]}”.",
        *effects.on_clock_of_return(assessment, (why.on - since).days, before, london_date(at)),
    ]
    return _keep(assessment, ChangeKind.REINSTATED, why, said, actor=actor, at=at)


def change_employer(
    assessment: EndPointAssessment,
    employer: Organisation,
    why: Why,
    *,
    actor: Person | None,
    at: datetime,
) -> ApprenticeshipChange:
    """Move an apprentice to another employer; the former one's confirmation lapses.

    Raises:
        RuleBroken: it is no employer or the same, the apprentice's way is over, the date will not
            do, or there is no reason.
    """
    apprenticeship = assessment.apprenticeship
    _check(assessment, ChangeKind.EMPLOYER, why, at=at)
    _check_organisation(employer, OrganisationKind.EMPLOYER, apprenticeship.employer, "employer")
    former, apprenticeship.employer = apprenticeship.employer, employer
    db.session.flush()
    said = [f"{employer.name} can see this record from now on, {former.name} no longer."]
    if lapse_confirmation(assessment, actor=actor, at=at):
        said.append(
            f"The confirmation that {former.name} gave has lapsed; {employer.name} is asked for"
            " its own."
        )
    said += [*_dates_to_look_at(assessment, at), *effects.on_people(assessment, at=at)]
    return _keep(
        assessment,
        ChangeKind.EMPLOYER,
        why,
        said,
        actor=actor,
        at=at,
        values=(former.name, employer.name),
    )


def change_provider(
    assessment: EndPointAssessment,
    provider: Organisation | None,
    why: Why,
    *,
    actor: Person | None,
    at: datetime,
) -> ApprenticeshipChange:
    """Move an apprentice to another training provider, or to none.

    Raises:
        RuleBroken: it is no training provider or the same, the apprentice's way is over, the date
            will not do, or there is no reason.
    """
    apprenticeship = assessment.apprenticeship
    _check(assessment, ChangeKind.PROVIDER, why, at=at)
    former = apprenticeship.provider
    if provider is not None:
        _check_organisation(provider, OrganisationKind.TRAINING_PROVIDER, former, "provider")
    elif former is None:
        raise RuleBroken("same-provider", "There is no training provider now.", "provider")
    apprenticeship.provider = provider
    db.session.flush()
    said = []
    if provider is not None:
        said.append(f"{provider.name} can see this record from now on.")
    if former is not None:
        said.append(f"{former.name} can no longer see it; what it supplied stays.")
    said += effects.on_people(assessment, at=at)
    values = (former.name if former else "None", provider.name if provider else "None")
    return _keep(assessment, ChangeKind.PROVIDER, why, said, actor=actor, at=at, values=values)


def correct_name(
    assessment: EndPointAssessment,
    name: tuple[str, str],
    why: Why,
    *,
    actor: Person | None,
    at: datetime,
) -> ApprenticeshipChange:
    """Put an apprentice's given names and family name right, kept exactly.

    Raises:
        RuleBroken: it is the name they have, the date will not do, or there is no reason.
        NotAllowed: the person belongs to another EPAO too.
    """
    person = assessment.apprenticeship.person
    _check(assessment, ChangeKind.NAME, why, at=at)
    if (person.given_names, person.family_name) == name:
        raise RuleBroken("same-name", "This is the name on the record already.", "given_names")
    if actor is not None and ours_for(actor, Permission.MANAGE_PEOPLE, person.id) is None:
        raise NotAllowed("This person belongs to another organisation too, which must agree.")
    former = person.name
    people.edit_person(person, PersonFields(*name, person.email), actor=actor, at=at)
    said = ["The record, and documents made from now on, carry the corrected name."]
    values = (former, person.name)
    return _keep(assessment, ChangeKind.NAME, why, said, actor=actor, at=at, values=values)


def correct_uln(
    assessment: EndPointAssessment,
    uln: str,
    why: Why,
    *,
    actor: Person | None,
    at: datetime,
) -> ApprenticeshipChange:
    """Put an apprentice's unique learner number right.

    Raises:
        RuleBroken: it is no such number, the one they have, or another learner's; it is the
            placeholder and the gateway is accepted; the date will not do, or there is no reason.
    """
    apprenticeship = assessment.apprenticeship
    _check(assessment, ChangeKind.ULN, why, at=at)
    if not is_uln(uln):
        raise RuleBroken("uln", "The ULN must be 10 figures, the first of them not 0", "uln")
    if uln == apprenticeship.uln:
        raise RuleBroken("same-uln", "This is the ULN on the record already.", "uln")
    if uln == PLACEHOLDER_ULN and assessment.gateway_accepted_at is not None:
        raise RuleBroken(
            "uln-placeholder", "After the gateway the apprentice’s own ULN is needed.", "uln"
        )
    if queries.uln_is_taken(uln, apprenticeship):
        raise RuleBroken("uln-taken", "Another registered learner has this ULN.", "uln")
    former, apprenticeship.uln = apprenticeship.uln, uln
    said = ["Certificates are claimed with this number from now on."]
    values = (former, uln)
    return _keep(assessment, ChangeKind.ULN, why, said, actor=actor, at=at, values=values)


def _check(
    assessment: EndPointAssessment,
    kind: ChangeKind,
    why: Why,
    *,
    at: datetime,
    earliest: date | None = None,
) -> None:
    if kind not in rules.offered(assessment.stage):
        stage = STAGE_TITLES[assessment.stage]
        raise RuleBroken("stage-order", f"This cannot be done while the apprentice is “{stage}”.")
    first = earliest or assessment.apprenticeship.learning_start_on
    # What is known of somebody may be put right before they begin.
    today = london_date(at)
    if fault := rules.date_fault(why.on, earliest=min(first, today), today=today):
        raise RuleBroken("change-date", fault, "on")
    if not why.reason.strip():
        raise RuleBroken("reason-missing", "Say why, so that it can be understood later", "reason")


def _may_leave_from(assessment: EndPointAssessment) -> date:
    """A break that lasts may end in a withdrawal on any of its days."""
    lasting = queries.open_break(assessment)
    return lasting.started_on if lasting else queries.earliest_leave(assessment)


def _close_break(assessment: EndPointAssessment, since: date, why: Why) -> None:
    """The days away become a break that has ended; back on the first day, there was none."""
    last, lasting = why.on - timedelta(days=1), queries.open_break(assessment)
    if lasting is not None and last < lasting.started_on:
        assessment.apprenticeship.breaks.remove(lasting)
        db.session.delete(lasting)
    elif lasting is not None:
        lasting.ended_on = last
    elif last >= since:
        assessment.apprenticeship.breaks.append(
            BreakInLearning(started_on=since, ended_on=last, reason="Withdrawn")
        )
    db.session.flush()


def _check_organisation(
    chosen: Organisation, kind: OrganisationKind, now: Organisation | None, field: str
) -> None:
    if kind not in chosen.kinds:
        raise RuleBroken("wrong-kind", "Choose one from the list", field)
    if chosen is now:
        raise RuleBroken("same-organisation", f"{chosen.name} is on the record already.", field)


def _dates_to_look_at(assessment: EndPointAssessment, at: datetime) -> Sequence[str]:
    """Dates stay, but where they are held may be the former employer's place."""
    places = [
        f"{one.place} on {rules.day_words(london_date(one.starts_at))}"
        for one in queries.dated_from(assessment, london_date(at), at=at)
    ]
    return [f"Check the places that are booked: {'; '.join(places)}."] if places else []


def _keep(  # noqa: PLR0913 (one row's facts, in one place)
    assessment: EndPointAssessment,
    kind: ChangeKind,
    why: Why,
    said: Sequence[str],
    *,
    actor: Person | None,
    at: datetime,
    values: tuple[str | None, str | None] = (None, None),
) -> ApprenticeshipChange:
    change = ApprenticeshipChange(
        assessment=assessment,
        number=queries.next_number(assessment),
        kind=kind,
        holds_from=why.on,
        reason=why.reason.strip(),
        before=values[0],
        after=values[1],
        effects=list(said),
        changed_at=at,
        changed_by=actor,
    )
    db.session.add(change)
    db.session.flush()
    record(
        actor,
        f"apprenticeship changed: {kind.value}",
        assessment,
        at=at,
        change=str(change.id),
        holds_from=why.on.isoformat(),
    )
    return change
