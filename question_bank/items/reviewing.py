"""Review: sending in, returning, approving, keeping, retiring; and who looked at what."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken, RulesBroken
from epa.people.models import Person
from epa.people.rules import Permission
from epa.settings import queries as settings
from question_bank.items import queries
from question_bank.items.advice import what_is_needed
from question_bank.items.models import BankItem, ItemVersion
from question_bank.items.rules import (
    ItemStatus,
    ItemStep,
    after_months,
    approval_fault,
    budget_fault,
    status_after,
)
from question_bank.items.services import happened


def submit_item(item: BankItem, *, actor: Person, at: datetime) -> None:
    """Send a draft to review.

    Raises:
        RuleBroken: it is no draft, or still needs something; each is named.
    """
    version = queries.newest(item)
    _may(version, ItemStep.SUBMITTED)
    _raise_what_is_needed(version)
    _move(version, ItemStep.SUBMITTED, actor=actor, at=at)


def take_back(item: BankItem, *, actor: Person, at: datetime) -> None:
    """Take an item back from review, to change it.

    Raises:
        RuleBroken: it is not in review.
    """
    _move(queries.newest(item), ItemStep.TAKEN_BACK, actor=actor, at=at)


def return_item(item: BankItem, comment: str, *, actor: Person, at: datetime) -> None:
    """Give an item back to its author, saying what is to be put right.

    Raises:
        RuleBroken: it is not in review, or nothing is said.
    """
    if not comment:
        raise RuleBroken("return-comment", "Say what is to be put right.", "comment")
    _move(queries.newest(item), ItemStep.RETURNED, comment, actor=actor, at=at)


def approve_item(item: BankItem, comment: str = "", *, actor: Person, at: datetime) -> None:
    """Approve an item: it may be drawn, and the version before it no longer.

    Raises:
        RuleBroken: it is not in review, still needs something, or the approver wrote in it.
    """
    version = queries.newest(item)
    _may(version, ItemStep.APPROVED)
    if fault := approval_fault(actor.id, queries.writers_of(version)):
        raise RuleBroken("own-item", fault)
    _raise_what_is_needed(version)
    before = queries.approved(item)
    if before is not None:
        _move(before, ItemStep.REPLACED, actor=actor, at=at)
        db.session.flush()
    _move(version, ItemStep.APPROVED, comment, actor=actor, at=at)
    _set_review_due(item, at)


def keep_item(item: BankItem, comment: str = "", *, actor: Person, at: datetime) -> None:
    """Note that an approved item was reviewed and stays as it is; its next review is set.

    Raises:
        RuleBroken: no version of it is approved, or the reviewer wrote in it.
    """
    version = queries.approved(item)
    if version is None:
        raise RuleBroken("not-approved", "No version of this question is approved.")
    if fault := approval_fault(actor.id, queries.writers_of(version)):
        raise RuleBroken("own-item", fault)
    happened(version, ItemStep.KEPT, comment, actor=actor, at=at)
    _set_review_due(item, at)


def _set_review_due(item: BankItem, at: datetime) -> None:
    months = queries.method_of(item.bank).bank_review_months
    item.review_due_on = after_months(london_date(at), months)
    item.reminded_days = None


def retire_item(item: BankItem, reason: str, *, actor: Person, at: datetime) -> None:
    """Retire an item: no version of it is drawn or reviewed any more.

    Raises:
        RuleBroken: it is retired already, or no reason is given.
    """
    if not reason:
        raise RuleBroken("retire-reason", "Say why it is retired.", "reason")
    standing = [one for one in item.versions if one.status is not ItemStatus.RETIRED]
    if not standing:
        raise RuleBroken("retired-already", "This question is retired already.")
    for version in standing:
        _move(version, ItemStep.RETIRED, reason, actor=actor, at=at)
    item.review_due_on = None


def comment_on(item: BankItem, comment: str, *, actor: Person, at: datetime) -> None:
    """Say something about the newest version of an item."""
    happened(queries.newest(item), ItemStep.COMMENTED, comment, actor=actor, at=at)


def _may(version: ItemVersion, step: ItemStep) -> ItemStatus:
    after = status_after(version.status, step)
    if after is None:
        state = version.status.value.replace("_", " ")
        raise RuleBroken("item-state", f"Somebody was faster: this version is {state} by now.")
    return after


def _raise_what_is_needed(version: ItemVersion) -> None:
    method = queries.method_of(version.item.bank)
    needed = what_is_needed(queries.content_of(version), method)
    if needed:
        raise RulesBroken([RuleBroken("item-needs", one.text, one.field) for one in needed])


def _move(
    version: ItemVersion, step: ItemStep, comment: str = "", *, actor: Person, at: datetime
) -> None:
    version.status = _may(version, step)
    happened(version, step, comment, actor=actor, at=at)


def note_viewing(
    item: BankItem, *, version: int, actor: Person, at: datetime, how: str = "page"
) -> None:
    """Record that somebody looks at an item's content; authors have so many a day.

    Raises:
        NotAllowed: an author has looked at as many items of others as one may in a day.
    """
    is_author_only = not (actor.may(Permission.REVIEW_ITEMS) or actor.may(Permission.MANAGE_BANK))
    if is_author_only and not queries.has_written(actor, item):
        others = queries.others_viewed_today(actor, at)
        fault = budget_fault(len(others), settings.value("item_views_a_day"))
        if fault and item.id not in others:
            raise NotAllowed(fault)
    record(actor, queries.VIEWED, item, at=at, version=version, how=how)


def note_listing(*, actor: Person, at: datetime, count: int, is_search: bool) -> None:
    """Record that somebody looked through the list of items."""
    if count:
        record(actor, "items listed", actor, at=at, items=count, search=is_search)
