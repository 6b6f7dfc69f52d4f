"""The demonstration's question bank: two who write, a third who approves, some still on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import insert, select, update

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.demonstration.cast import Player
from epa.demonstration.company import FOUNDED, STANDARD, Company
from epa.people.models import Person
from epa.people.rules import Role
from epa.people.services import PersonFields, add_person
from question_bank.drawing.loading import default_blueprint
from question_bank.exchange.services import Storing
from question_bank.interchange.outcome import Read, Refused
from question_bank.items import queries, reviewing
from question_bank.items.models import BankItem, ItemEvent, ItemVersion, QuestionBank
from question_bank.items.rules import ItemStatus, ItemStep, after_months
from question_bank.items.services import edit_item, open_bank
from question_bank.papers.rules import PaperPurpose
from question_bank.papers.services import draw_paper, keep_blueprint
from question_bank.starter.reading import read_ksb, read_prompts

CODE: Final = "st0663-demo"
_SECOND_AUTHOR: Final = Player(
    "Callum", "Frith", "callum@caldervale.example", "epao", (Role.ITEM_AUTHOR,)
)
_REVIEWER: Final = "hamish"
_OPENED, _DRAWN, _SEED = -420, -6, 663


_THIRD: Final = 2  # the place of an approval, after being imported and sent to review


@dataclass(frozen=True)
class Batch:
    """Files of the starter bank: who brought them in, on which day, and when they were approved."""

    ksbs: tuple[str, ...]
    author: str
    brought: int
    approved: int


# Spread over a year, so that some yearly reviews come up soon and most later.
_BATCHES: Final = (
    Batch(("K9", "K10"), "leah", -370, -348),
    Batch(("K11", "K14"), "callum", -310, -290),
    Batch(("K15", "K17"), "leah", -250, -235),
    Batch(("K19", "S8"), "callum", -180, -165),
    Batch(("B6", "B7"), "leah", -100, -82),
)
_BROUGHT, _TOO_LONG_AGO, _LATELY = -410, -380, -60
_OVERDUE: Final = ("OP-0017", "OP-0020")
_WAITING: Final = ("OP-0021", "OP-0022")
_TAKEN_BACK: Final = "OP-0023"
_RETURNED: Final = "OP-0024"
_WHAT_IS_WRONG: Final = "Good question. Please say what a weak answer would leave out."

# Questions with a newer version, and whether that was sent to review; it is thought harder.
_NEWER: Final = {"MC-0010": False, "MC-0040": False, "SA-0030": True, "SA-0061": True}
_NEWER_SINCE, _HARDER = -9, 0.05


def fill_bank(company: Company) -> QuestionBank:
    """Open the bank, fill it, and draw one practice paper from it."""
    people = {**company.people, "callum": _second_author(company)}
    days, ruth = company.days, people["ruth"]
    bank = open_bank(
        company.epao,
        code=CODE,
        title="Employability practitioner",
        framework_code=STANDARD,
        actor=ruth,
        at=days.instant(_OPENED, 10),
    )
    for batch in _BATCHES:
        entries = [entry for ksb in batch.ksbs for entry in read_ksb(ksb)]
        _bring(bank, entries, people[batch.author], days.instant(batch.brought, 11))
        _approve(bank, people[_REVIEWER], days.instant(batch.approved, 14))
    _prompts(company, bank, people)
    _newer_versions(company, bank, people)
    blueprint = default_blueprint(STANDARD)
    at = days.instant(_DRAWN, 12)
    keep_blueprint(bank, blueprint, actor=ruth, at=at)
    draw_paper(bank, blueprint, seed=_SEED, purpose=PaperPurpose.PRACTICE, actor=ruth, at=at)
    return bank


def _second_author(company: Company) -> Person:
    player, at = _SECOND_AUTHOR, company.days.instant(FOUNDED, 11)
    person = add_person(
        PersonFields(player.given, player.family, player.email),
        role=player.roles[0],
        organisation=company.epao,
        actor=company.people["ruth"],
        at=at,
    )
    company.let_in(person)
    return person


def _bring(
    bank: QuestionBank, entries: Sequence[Read | Refused], author: Person, at: datetime
) -> None:
    """Take a file in: what it holds goes to review."""
    for _entry in Storing(bank, actor=author, at=at).keep(entries):
        pass


def _approve(bank: QuestionBank, reviewer: Person, at: datetime, but: Sequence[str] = ()) -> None:
    """Approve what waits, in one flush: one by one takes longer than a visitor waits."""
    waiting = db.session.execute(
        select(BankItem, ItemVersion.id)
        .select_from(ItemVersion)
        .join(ItemVersion.item)
        .where(
            BankItem.bank_id == bank.id,
            ItemVersion.status == ItemStatus.IN_REVIEW,
            BankItem.reference.not_in(but),
        )
        .order_by(BankItem.reference)
    ).all()
    due = after_months(london_date(at), queries.method_of(bank).bank_review_months)
    step = {"step": ItemStep.APPROVED, "comment": "", "at": at, "by_id": reviewer.id}
    steps = [{"id": uuid4(), "version_id": id_, "place": _THIRD, **step} for _item, id_ in waiting]
    db.session.execute(insert(ItemEvent), steps)
    db.session.execute(
        update(ItemVersion)
        .where(ItemVersion.id.in_([id_ for _item, id_ in waiting]))
        .values(status=ItemStatus.APPROVED),
        execution_options={"synchronize_session": False},
    )
    for item, _id in waiting:
        item.review_due_on = due
        record(reviewer, "item approved", item, at=at, version=1)
    db.session.flush()


def _prompts(company: Company, bank: QuestionBank, people: Mapping[str, Person]) -> None:
    """Bring the prompts in: most are approved, two are overdue, the last ones wait or went back."""
    days, hamish = company.days, people[_REVIEWER]
    prompts = {one.item.reference: one for one in read_prompts() if isinstance(one, Read)}
    _bring(bank, list(prompts.values()), people["leah"], days.instant(_BROUGHT, 15))
    unapproved = (*_WAITING, _TAKEN_BACK, _RETURNED)
    later = [name for name in prompts if name not in _OVERDUE]
    _approve(bank, hamish, days.instant(_TOO_LONG_AGO, 10), but=later)
    _approve(bank, hamish, days.instant(_LATELY, 10), but=unapproved)
    found = {one.reference: one for one in queries.called(bank, unapproved)}
    at = days.instant(_LATELY, 13)
    reviewing.take_back(found[_TAKEN_BACK], actor=people["leah"], at=at)
    reviewing.return_item(found[_RETURNED], _WHAT_IS_WRONG, actor=hamish, at=at)


def _newer_versions(company: Company, bank: QuestionBank, people: Mapping[str, Person]) -> None:
    """Begin new versions of approved questions, which go on being drawn until these are approved."""
    author = people["callum"]
    at = company.days.instant(_NEWER_SINCE, 11)
    for item in queries.called(bank, _NEWER):
        version = queries.newest(item)
        content = queries.content_of(version)
        changed = replace(content, facility=round((content.facility or 0) - _HARDER, 2))
        edit_item(item, changed, seen=version.lock_version, actor=author, at=at)
        db.session.expire(item, ["versions"])
        if _NEWER[item.reference]:
            reviewing.submit_item(item, actor=author, at=at)
