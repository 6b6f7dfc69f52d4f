"""What the pages of reviews show, as plain values: the list, and one review's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from flask import url_for

from epa.clock import london_date
from epa.people.models import Person
from epa.people.rules import Permission
from epa.reviews import queries, rules, turns
from epa.reviews.models import ProviderReview
from epa.reviews.queries import Part
from epa.reviews.rules import Doer, ReviewStatus, Side
from frameworks import QualityFramework
from frameworks.review_cycle import CycleStep


@dataclass(frozen=True)
class Entry:
    """One step on the way of a review: what happened, what is open now, what is to come."""

    title: str
    what: str
    state: str
    when: date | None
    days: int | None
    who: str
    words: str
    action: str = ""
    url: str = ""
    is_due: bool = False


def about(review: ProviderReview, person: Person) -> dict[str, Any]:
    """What the head of every page of a review shows."""
    framework = queries.framework_of(review)
    return {
        "review": review,
        "framework": framework,
        "wording": queries.wording_shown(review),
        "party": party_of(framework, review.party),
        "part": queries.part_of(person, review),
        "status_title": rules.STATUS_TITLES[review.status],
        "status_tag": rules.STATUS_TAGS.get(review.status, "waiting"),
    }


def party_of(framework: QualityFramework, code: str | None) -> str:
    """What the party is called whose expectations are looked at; empty without one."""
    parties = getattr(framework, "parties", ())
    return next((one.title for one in parties if one.code == code), "")


def way_of(review: ProviderReview, person: Person, today: date) -> list[Entry]:
    """The steps taken, in order; then those that are open, the first of them now; then the rest."""
    part = queries.part_of(person, review)
    manages = queries.review_for(person, Permission.MANAGE_REVIEW, review.id) is not None
    open_now = turns.turns(review)
    shown = [
        _open_entry(
            turn,
            today,
            "to-come" if number else "now",
            url_for(turn.place, review_id=review.id)
            if turns.is_mine(turn, part, manages=manages)
            else "",
        )
        for number, turn in enumerate(open_now)
    ]
    return [*_taken(review), *shown, *_later(review, {turn.code for turn in open_now}, today)]


def _taken(review: ProviderReview) -> list[Entry]:
    titles = {one.code: one.title for one in queries.framework_of(review).cycle.steps}
    happened = [("Review opened", review.opened_at, review.opened_by.name, "")]
    happened += [
        (
            titles.get(one.code, _OWN_TITLES.get(one.code, one.code)),
            one.happened_at,
            one.by.name,
            one.words,
        )
        for one in review.steps
    ]
    noted = {one.code for one in review.steps}
    # Whoever the cycle names, an administrator may have done it: the list itself says who did.
    happened += [
        (titles[code], at, "", "")
        for code, at in queries.taken_with_clients(review).items()
        if code not in noted
    ]
    happened.sort(key=itemgetter(1))
    return [
        Entry(title, "", "happened", london_date(at), None, who, words)
        for title, at, who, words in happened
    ]


def _open_entry(turn: turns.Turn, today: date, state: str, url: str) -> Entry:
    return Entry(
        turn.title,
        turn.what,
        state,
        turn.due_on,
        (turn.due_on - today).days if turn.due_on else None,
        DOER_TITLES[turn.doer],
        "",
        turn.action if url and turn.place != "reviews.show" else "",
        url,
        is_due=True,
    )


_OWN_TITLES: Final = {
    "withdrawn": "Withdrawn",
    rules.ASSESSORS_NAMED: "Assessors named",
    rules.ASSESSMENT: "Assessment handed in",
    rules.FINAL_REPORT: "Final report",
    rules.REPORT: "Report sent",
}
DOER_TITLES: Final = {
    Doer.PROVIDER: "The provider",
    Doer.ASSESSORS: "Those who assess",
    Doer.MODERATOR: "The moderator",
    Doer.ORGANISATION: "The organisation that runs the review",
}


def _later(review: ProviderReview, now: set[str], today: date) -> list[Entry]:
    """Steps of the cycle that are neither taken nor open yet."""
    if review.status in rules.OVER and review.status is not ReviewStatus.FINAL:
        return []
    done, due = queries.step_days(review), queries.due_days(review)
    return [
        Entry(
            step.title,
            step.what,
            "to-come",
            due.get(step.code),
            (due[step.code] - today).days if step.code in due else None,
            DOER_TITLES[rules.doer_of(step.by)],
            "",
            is_due=True,
        )
        for step in queries.framework_of(review).cycle.steps
        if step.code not in done and step.code not in now and step.every is None
    ]


def links_of(review: ProviderReview, part: Part) -> list[tuple[str, str]]:
    """The pages of a review that somebody may go to from its head."""
    framework = queries.framework_of(review)
    found = []
    if queries.sees(review, part, Side.PROVIDER):
        found.append(("Self-assessment", url_for("self_assessment.show", review_id=review.id)))
    has_clients = any(one.code == rules.CLIENT_LIST for one in framework.cycle.steps)
    if has_clients and (part.is_provider or part.oversees):
        found.append(("Client data", url_for("client_data.index")))
    if framework.cycle.visit:
        found.append(("Timetable", url_for("external_assessment.timetable", review_id=review.id)))
        found.append(("Feedback", url_for("external_assessment.feedback", review_id=review.id)))
        if queries.sees(review, part, Side.ASSESSORS):
            found.append(
                ("External assessment", url_for("external_assessment.show", review_id=review.id))
            )
            found.append(("Report", url_for("review_reports.show", review_id=review.id)))
    if review.status in rules.SENT:
        found.append(("Action plan", url_for("improvement.show", review_id=review.id)))
    return found


@dataclass(frozen=True)
class ListedReview:
    """A review in a list: of whom, where it stands, what is next and by when."""

    review: ProviderReview
    framework: str
    party: str
    status: str
    tag: str
    next: str
    due_on: date | None


def listed(reviews: Iterable[ProviderReview]) -> list[ListedReview]:
    """The rows of a list of reviews."""
    rows = []
    for one in reviews:
        framework = queries.framework_of(one)
        coming = turns.turns(one)
        nearest = min(coming, key=lambda turn: turn.due_on or date.max) if coming else None
        rows.append(
            ListedReview(
                one,
                framework.title,
                party_of(framework, one.party),
                rules.STATUS_TITLES[one.status],
                rules.STATUS_TAGS.get(one.status, "waiting"),
                nearest.title if nearest else "",
                nearest.due_on if nearest else None,
            )
        )
    return rows


def steps_to_note(review: ProviderReview, person: Person) -> list[CycleStep]:
    """The steps taken elsewhere that somebody may note here: their own, or all for who manages."""
    part = queries.part_of(person, review)
    manages = queries.review_for(person, Permission.MANAGE_REVIEW, review.id) is not None
    mine = {Doer.PROVIDER: part.is_provider, Doer.ASSESSORS: part.is_assessor}
    return [
        one
        for one in queries.framework_of(review).cycle.steps
        if one.code not in rules.DONE_HERE and (manages or mine.get(rules.doer_of(one.by)))
    ]


def assessors_needed(review: ProviderReview) -> int:
    """How many assess, by the framework; none where it has no visit."""
    visit = queries.framework_of(review).cycle.visit
    return visit.assessors if visit else 0


def people_now(review: ProviderReview) -> dict[str, UUID]:
    """Who stands in which box of the form of people."""
    now = {f"assessor_{n}": one.person_id for n, one in enumerate(review.assessors, start=1)}
    return now | ({"moderator": review.moderator_id} if review.moderator_id else {})
