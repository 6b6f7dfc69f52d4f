"""What the page about a failed method shows, and what its reader can do next."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import ATTEMPT_TITLES
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.resits import queries, rules
from epa.resits.models import ResitRequest
from epa.resits.rules import STATUS_TITLES, UNDER_WAY, ActionOwner, ResitStatus
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm


def hub(attempt: MethodAttempt, form: PlumblineForm) -> ResponseReturnValue:
    """The page about one failed attempt: what may follow it, and how that stands."""
    person, today = signed_in_person(), london_date(utc_now())
    requests = queries.requests_of(attempt)
    current = next((one for one in requests if one.status not in _COME_TO_NOTHING), None)
    page = render_template(
        "epa/resits/show.html",
        form=form,
        current=current,
        before=[one for one in requests if one is not current],
        asking=rules.asking_fault(queries.failing_of(attempt)),
        last_day=queries.last_day_of(attempt),
        is_over=today > queries.last_day_of(attempt),
        ksbs=queries.titles_of(attempt, queries.not_passed(attempt)),
        sees_reasons=_may(person, Permission.VIEW_UNRELEASED_RESULTS, attempt),
        status_titles=STATUS_TITLES,
        **(_under_way(current, person, today) if current else {}),
        **_may_do(attempt, current, person),
        **about(attempt),
    )
    return page, status_of(form)


def status_of(form: PlumblineForm) -> int:
    """The status of a page with a form: fresh, to be put right, or changed by somebody else."""
    return form.status if isinstance(form, VersionedForm) else 422 if form.errors else 200


_COME_TO_NOTHING = frozenset({ResitStatus.DECLINED, ResitStatus.REFUSED, ResitStatus.WITHDRAWN})


def about(attempt: MethodAttempt) -> dict[str, Any]:
    """What every page about a failed attempt says at its top."""
    plan = framework_of(attempt.assessment)
    return {
        "attempt": attempt,
        "assessment": attempt.assessment,
        "apprentice": attempt.assessment.apprenticeship.person,
        "method": plan.methods[attempt.method_code].short_title,
        "plan": plan,
        "kinds": ATTEMPT_TITLES,
        "is_own": attempt.assessment.apprenticeship.person_id == signed_in_person().id,
    }


def owners_of(assessment: EndPointAssessment) -> dict[ActionOwner, str]:
    """Who may see to an action, by name."""
    apprenticeship = assessment.apprenticeship
    names = {
        ActionOwner.APPRENTICE: apprenticeship.person.name,
        ActionOwner.EMPLOYER: apprenticeship.employer.name,
    }
    if apprenticeship.provider is not None:
        names[ActionOwner.TRAINING_PROVIDER] = apprenticeship.provider.name
    return names


def _under_way(request: ResitRequest, person: Person, today: date) -> dict[str, Any]:
    """How far a request has come: what is missing before the attempt can be opened."""
    ready = queries.preparation_of(request)
    codes = [one.ksb_code for one in request.actions]
    return {
        "missing": list(rules.opening_faults(ready, today)),
        "is_late": not ready.is_in_time(today),
        "owners": owners_of(request.attempt.assessment),
        "action_ksbs": queries.titles_of(request.attempt, codes),
        "today": today,
        "is_asker": request.asked_by_id == person.id,
    }


def _may_do(
    attempt: MethodAttempt, request: ResitRequest | None, person: Person
) -> dict[str, bool]:
    """What this person can do on the page now."""
    is_open = request is not None and request.status in UNDER_WAY
    waits = request is not None and request.status is ResitStatus.ASKED
    decides = _may(person, Permission.DECIDE_RESIT, attempt)
    plans = _may(person, Permission.PLAN_ACTIONS, attempt)
    return {
        "may_ask": _may(person, Permission.ASK_FOR_RESIT, attempt),
        "may_agree": waits and _may(person, Permission.AGREE_TO_RESIT, attempt),
        "may_plan": is_open and plans,
        "may_mark": request is not None and plans,
        "may_decide": is_open and decides,
        "may_record_agreement": waits and decides,
        "may_close": _may(person, Permission.RELEASE_RESULTS, attempt),
    }


def _may(person: Person, permission: Permission, attempt: MethodAttempt) -> bool:
    return attempt_for(person, permission, attempt.id) is not None
