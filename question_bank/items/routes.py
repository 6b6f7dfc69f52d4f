"""The pages of items: the list, one item, writing, review, versions compared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.files.services import opened
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.forms import PlumblineForm
from epa.web.pagination import Sorting, page_of
from epa.web.transaction import writes, writes_on_read
from question_bank.items import pages, queries, reviewing, services
from question_bank.items.comparing import compared
from question_bank.items.forms import BankForm, CommentForm, ItemForm, RetireForm, ReviewForm
from question_bank.items.models import BankItem, ItemPicture, QuestionBank
from question_bank.items.rules import (
    KIND_TITLES,
    KIND_WORDS,
    REMINDER_DAYS,
    ItemKind,
    ItemStatus,
    ItemStep,
)

bp = Blueprint("items", __name__)

_MOST_WAITING: Final = 25
_SEND, _PREVIEW = "send", "preview"


# ---------------------------------------------------------------------------------------- the list


@bp.get("/questions")
@access(Permission.VIEW_ITEMS)
@writes_on_read
def index() -> ResponseReturnValue:
    """Every item within reach: search, filter, sort."""
    person, by = signed_in_person(), pages.asked_filter()
    sorting = Sorting.from_args(request.args, pages.SORTS)
    found = queries.narrowed(queries.newest_versions(person, Permission.VIEW_ITEMS), by)
    ordered = queries.ordered(found, sorting.key, descending=sorting.descending)
    page = page_of(db.session(), ordered, request.args)
    reviewing.note_listing(
        actor=person, at=utc_now(), count=len(page.rows), is_search=bool(by.words)
    )
    banks = db.session.scalars(queries.banks(person, Permission.VIEW_ITEMS)).all()
    return render_template(
        "question_bank/items/index.html",
        page=page,
        sorting=sorting,
        order_words=pages.ORDER_WORDS[sorting.key][sorting.descending],
        by=by,
        banks=banks,
        ksbs=pages.ksbs_of(banks),
        may_write=person.may(Permission.WRITE_ITEMS),
        may_manage=person.may(Permission.MANAGE_BANK),
        may_decide=person.may(Permission.APPROVE_BANK_EXPORT),
        **pages.titles(),
    )


@bp.get("/questions/reviews")
@access(Permission.VIEW_ITEMS)
def reviews() -> ResponseReturnValue:
    """What was returned, what waits for review, and the yearly reviews that come up."""
    person, today = signed_in_person(), london_date(utc_now())
    last = today + timedelta(days=max(REMINDER_DAYS))
    due = queries.to_review_by(person, Permission.VIEW_ITEMS, last)
    returned = queries.returned_to(person).limit(_MOST_WAITING)
    waiting = queries.waiting(person, Permission.VIEW_ITEMS).limit(_MOST_WAITING)
    return render_template(
        "question_bank/items/reviews.html",
        returned=db.session.scalars(returned).all(),
        waiting=db.session.scalars(waiting).all(),
        page=page_of(db.session(), due, request.args),
        today=today,
        may_review=person.may(Permission.REVIEW_ITEMS),
        **pages.titles(),
    )


# ----------------------------------------------------------------------------------------- one item


@bp.get("/questions/<uuid:item_id>")
@access(Permission.VIEW_ITEMS, item=queries.item_for)
@writes_on_read
def show(item: BankItem) -> ResponseReturnValue:
    """One item: what it asks, what is still needed, what was said and done."""
    version = queries.numbered(item, request.args.get("version", type=int)) or abort(404)
    reviewing.note_viewing(item, version=version.number, actor=signed_in_person(), at=utc_now())
    return render_template(
        "question_bank/items/show.html",
        version=version,
        comment=CommentForm(),
        **pages.item_page(item, version.number),
    )


@bp.get("/questions/pictures/<uuid:picture_id>")
@access(Permission.VIEW_ITEMS, picture=queries.picture_for)
@writes_on_read
def picture(picture: ItemPicture) -> ResponseReturnValue:
    """A picture of an item."""
    version, file = picture.version, picture.file
    reviewing.note_viewing(
        version.item, version=version.number, actor=signed_in_person(), at=utc_now(), how="picture"
    )
    return attachment(opened(file), name=file.name, content_type=file.content_type, size=file.size)


@bp.get("/questions/<uuid:item_id>/compare")
@access(Permission.VIEW_ITEMS, item=queries.item_for)
@writes_on_read
def compare(item: BankItem) -> ResponseReturnValue:
    """Two versions of an item, word by word."""
    last = queries.newest(item).number
    newer = queries.numbered(item, request.args.get("new", last, int)) or abort(404)
    older = queries.numbered(item, request.args.get("old", max(1, newer.number - 1), int))
    older = older or abort(404)
    reviewing.note_viewing(item, version=newer.number, actor=signed_in_person(), at=utc_now())
    return render_template(
        "question_bank/items/compare.html",
        item=item,
        older=older,
        newer=newer,
        parts=compared(queries.content_of(older), queries.content_of(newer)),
        **pages.titles(),
    )


# ------------------------------------------------------------------------------------------ writing


@bp.get("/questions/new")
@access(Permission.WRITE_ITEMS)
def choose_kind() -> ResponseReturnValue:
    """Choose what kind of item to write."""
    found = db.session.scalar(queries.banks(signed_in_person(), Permission.WRITE_ITEMS).limit(1))
    return render_template(
        "question_bank/items/choose_kind.html",
        has_bank=found is not None,
        kinds=KIND_TITLES,
        said=KIND_WORDS,
    )


@bp.route("/questions/new/<kind>", methods=["GET", "POST"])
@access(Permission.WRITE_ITEMS)
@writes
def write(kind: str) -> ResponseReturnValue:
    """Write a new item."""
    asked = next((one for one in ItemKind if one.value == kind), None) or abort(404)
    actor, at = signed_in_person(), utc_now()
    banks = db.session.scalars(queries.banks(actor, Permission.WRITE_ITEMS)).all()
    if not banks:
        return redirect(url_for("items.choose_kind"), 303)
    form = pages.editor(banks[0], asked)
    form.bank.choices = [(one.id, one.title) for one in banks]
    if len(banks) == 1 and not form.is_submitted():
        form.bank.process_data(banks[0].id)
    if _is_sent(form) and form.applied(_draft, form, actor=actor, at=at):
        return _kept(form)
    return _editor(form, banks[0], kind=asked)


def _is_sent(form: ItemForm) -> bool:
    """Whether an editor was sent to be kept, and holds together; a preview keeps nothing."""
    return form.validate_on_submit() and request.form.get("step") != _PREVIEW


def _draft(form: ItemForm, *, actor: Person, at: datetime) -> None:
    bank = queries.bank_for(actor, Permission.WRITE_ITEMS, form.bank.data) or abort(404)
    form.item = services.draft_item(
        bank, form.kind, form.content(), enemies=form.enemy_names, actor=actor, at=at
    )
    if request.form.get("step") == _SEND:
        reviewing.submit_item(form.item, actor=actor, at=at)


@bp.route("/questions/<uuid:item_id>/edit", methods=["GET", "POST"])
@access(Permission.WRITE_ITEMS, item=queries.item_for)
@writes_on_read
def edit(item: BankItem) -> ResponseReturnValue:
    """Change a draft, or begin another version."""
    actor, at = signed_in_person(), utc_now()
    if queries.newest(item).status is ItemStatus.IN_REVIEW:
        raise RuleBroken("in-review", "It is in review. Take it back before you change it.")
    form = pages.editor(item.bank, item.kind, item)
    del form.bank
    if _is_sent(form) and form.applied(_edit, form, item, actor=actor, at=at):
        return _kept(form)
    if request.method == "GET":
        number = queries.newest(item).number
        reviewing.note_viewing(item, version=number, actor=actor, at=at, how="editor")
    return _editor(form, item.bank, kind=item.kind, item=item)


def _edit(form: ItemForm, item: BankItem, *, actor: Person, at: datetime) -> None:
    form.item = item
    services.edit_item(
        item,
        form.content(item.reference),
        seen=form.seen_number,
        enemies=form.enemy_names,
        actor=actor,
        at=at,
    )
    db.session.expire(item, ["versions"])
    if request.form.get("step") == _SEND:
        reviewing.submit_item(item, actor=actor, at=at)


def _kept(form: ItemForm) -> ResponseReturnValue:
    sent = request.form.get("step") == _SEND
    flash("It is sent to review." if sent else "The draft is kept.", "done")
    return redirect(url_for("items.show", item_id=form.item.id), 303)


def _editor(form: ItemForm, bank: QuestionBank, **values: Any) -> ResponseReturnValue:
    """The editor with the preview of what stands in it."""
    content = services.preview(form.content("preview"), bank, values.get("item"))
    form.say_what_is_optional()
    page = render_template(
        "question_bank/items/edit.html",
        form=form,
        bank=bank,
        preview=pages.of_preview(content) if content else None,
        remarks=pages.remarks(bank, content) if content else (),
        **{"item": None, **values},
        **pages.titles(),
    )
    is_preview = request.form.get("step") == _PREVIEW
    return page, 422 if request.method == "POST" and not is_preview else 200


# ------------------------------------------------------------------------------------------- review


@bp.post("/questions/<uuid:item_id>/submit")
@access(Permission.WRITE_ITEMS, item=queries.item_for)
@writes
def submit(item: BankItem) -> ResponseReturnValue:
    """Send a draft to review."""
    reviewing.submit_item(item, actor=signed_in_person(), at=utc_now())
    flash("It is sent to review.", "done")
    return _to(item)


@bp.post("/questions/<uuid:item_id>/take-back")
@access(Permission.WRITE_ITEMS, item=queries.item_for)
@writes
def take_back(item: BankItem) -> ResponseReturnValue:
    """Take an item back from review."""
    reviewing.take_back(item, actor=signed_in_person(), at=utc_now())
    flash("It is a draft again.", "done")
    return _to(item)


@bp.route("/questions/<uuid:item_id>/review", methods=["GET", "POST"])
@access(Permission.REVIEW_ITEMS, item=queries.item_for)
@writes_on_read
def review(item: BankItem) -> ResponseReturnValue:
    """Look an item over and decide on it."""
    form, actor, at = ReviewForm(), signed_in_person(), utc_now()
    version = queries.newest(item)
    if version.status not in {ItemStatus.IN_REVIEW, ItemStatus.APPROVED}:
        raise RuleBroken("not-in-review", "It is not in review.")
    form.offer(is_in_review=version.status is ItemStatus.IN_REVIEW)
    if form.validate_on_submit() and form.applied(_decide, form, item, actor=actor, at=at):
        flash(_DECIDED[form.decision.data], "done")
        return _to(item)
    reviewing.note_viewing(item, version=version.number, actor=actor, at=at, how="review")
    return _page("review", form, **pages.item_page(item))


_DECIDED: Final = {
    ItemStep.APPROVED: "It is approved.",
    ItemStep.RETURNED: "It is returned to its author.",
    ItemStep.KEPT: "It is kept as it is.",
}


def _decide(form: ReviewForm, item: BankItem, *, actor: Person, at: datetime) -> None:
    act = {
        ItemStep.APPROVED: reviewing.approve_item,
        ItemStep.RETURNED: reviewing.return_item,
        ItemStep.KEPT: reviewing.keep_item,
    }[form.decision.data]
    act(item, form.comment.data or "", actor=actor, at=at)


@bp.route("/questions/<uuid:item_id>/comment", methods=["GET", "POST"])
@access(Permission.VIEW_ITEMS, item=queries.item_for)
@writes
def comment(item: BankItem) -> ResponseReturnValue:
    """Say something about an item."""
    form, actor = CommentForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        reviewing.comment_on, item, form.comment.data, actor=actor, at=utc_now()
    ):
        flash("Your comment is kept.", "done")
        return _to(item)
    return _page("comment", form, item=item)


@bp.route("/questions/<uuid:item_id>/retire", methods=["GET", "POST"])
@access(Permission.REVIEW_ITEMS, item=queries.item_for)
@writes
def retire(item: BankItem) -> ResponseReturnValue:
    """Retire an item."""
    form, actor = RetireForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        reviewing.retire_item, item, form.reason.data, actor=actor, at=utc_now()
    ):
        flash("It is retired.", "done")
        return _to(item)
    return _page("retire", form, item=item)


# -------------------------------------------------------------------------------------------- banks


@bp.get("/questions/banks")
@access(Permission.MANAGE_BANK)
def banks() -> ResponseReturnValue:
    """The banks there are."""
    found = db.session.scalars(queries.banks(signed_in_person(), Permission.MANAGE_BANK)).all()
    return render_template(
        "question_bank/items/banks.html", banks=found, standards=queries.tested_frameworks()
    )


@bp.route("/questions/banks/new", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK)
@writes
def open_bank() -> ResponseReturnValue:
    """Open a bank."""
    form, actor = BankForm(), signed_in_person()
    epaos = {one.id: one for one in queries.epaos(actor, Permission.MANAGE_BANK)}
    form.epao.choices = [(one.id, one.name) for one in epaos.values()]
    form.framework.choices = list(queries.tested_frameworks().items())
    if form.validate_on_submit() and form.applied(
        lambda: services.open_bank(
            epaos[form.epao.data],
            code=form.code.data,
            title=form.title.data,
            framework_code=form.framework.data,
            actor=actor,
            at=utc_now(),
        )
    ):
        flash("The bank is open.", "done")
        return redirect(url_for("items.banks"), 303)
    return _page("open_bank", form)


def _to(item: BankItem) -> ResponseReturnValue:
    return redirect(url_for("items.show", item_id=item.id), 303)


def _page(view: str, form: PlumblineForm, **values: Any) -> ResponseReturnValue:
    page = render_template(f"question_bank/items/{view}.html", form=form, **values)
    return page, 422 if request.method == "POST" else 200
