"""The pages of a mark sheet, the same for every judged method; each method names its own parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import abort, current_app, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.judgements import board, queries, services
from epa.judgements.forms import JudgementSave, KsbForm, NoteSave
from epa.judgements.models import EvidenceNote, MarkSheet
from epa.judgements.queries import KsbEntry
from epa.judgements.rules import Missing, matches
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES
from epa.people.signed_in import signed_in_person
from epa.web.filters import saved_time
from frameworks import JudgedMethod

Body = TypeVar("Body", bound=BaseModel)


def show(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The sheet: to work on for its assessor, to read for everybody else; or how to open it."""
    person, at = signed_in_person(), utc_now()
    sheet = queries.sheet_of(attempt)
    context = board.about(method, attempt)
    if sheet is None:
        may_open = queries.may_judge(attempt, person) and attempt.scheduled_at is not None
        plan = framework_of(attempt.assessment)
        rules = plan.judged_method(method.code).conduct
        page = "epa/judgements/before.html"
        papers = method.papers(attempt)
        return render_template(page, may_open=may_open, rules=rules, papers=papers, **context)
    services.read(sheet, actor=person, at=at)
    if sheet.signed_at is None and queries.may_judge(attempt, person):
        return _working_page(method, sheet)
    entries = queries.entries_of(sheet)
    conduct = method.conduct.model_validate(sheet.conduct)
    return render_template(
        "epa/judgements/read.html",
        sheet=sheet,
        ksbs=[board.as_read(method, sheet, one) for one in entries.values()],
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        conduct_facts=board.conduct_facts(method, conduct),
        **context,
    )


def open_(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Open the sheet, then show it; a sheet that cannot be opened yet says why."""
    try:
        services.open_sheet(attempt, actor=signed_in_person(), at=utc_now())
    except RuleBroken as broken:
        flash(broken.message, "bad")
    return redirect(method.address("sheet", attempt), 303)


def judge(method: board.SheetMethod, attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one judgement sent by the page's script; the answer says when, or what stands there."""
    sheet, at = _sheet_of(attempt), utc_now()

    def keep(sent: JudgementSave) -> Mapping[str, Any]:
        services.judge(sheet, ksb, sent.grade, actor=signed_in_person(), at=at, seen=sent.seen)
        entry = queries.entry_of(sheet, ksb)
        parts = {"chosen": _part(method, sheet, "chosen", entry)}
        return {"saved_at": saved_time(at), "sequence": entry.sequence, "parts": parts}

    return _answer(JudgementSave, keep)


def note(method: board.SheetMethod, attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one note sent by the page's script; the answer says when, or what stands there."""
    sheet, at = _sheet_of(attempt), utc_now()

    def keep(sent: NoteSave) -> Mapping[str, Any]:
        kept = services.note(sheet, ksb, sent.fields, actor=signed_in_person(), at=at)
        parts = {"notes": _part(method, sheet, "notes", queries.entry_of(sheet, ksb))}
        return {"saved_at": saved_time(at), "note": str(kept.id), "parts": parts}

    return _answer(NoteSave, keep)


def save(method: board.SheetMethod, attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one KSB sent as a form, whole or not at all; what was typed stays when it is refused."""
    sheet, at, person = _sheet_of(attempt), utc_now(), signed_in_person()
    plan = queries.plan_of(sheet)
    if ksb not in plan.ksbs_of(method.code):
        abort(404)
    form = KsbForm.of(plan.judged_method(method.code), board.service_users(sheet))
    status = 422
    if form.validate_on_submit():
        judged, grade = form.judgement
        try:
            with db.session.begin_nested():
                if judged:
                    seen = form.seen_sequence
                    services.judge(sheet, ksb, grade, actor=person, at=at, seen=seen)
                if form.has_note:
                    services.note(sheet, ksb, form.note, actor=person, at=at)
        except RuleBroken as broken:
            form.add_error(broken.message, broken.field)
        except services.ChangedMeanwhile as changed:
            status = 409
            form.add_error(f"{changed.message} Save again to put yours in its place.")
            if isinstance(changed.newest, EvidenceNote):
                form.replaces.data = str(changed.newest.id)
        else:
            return redirect(method.address("sheet", attempt, ksb=ksb, _anchor=f"ksb-{ksb}"), 303)
    return _working_page(method, sheet, typed=(ksb, form)), status


def conduct(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The facts of the day: ask for them, keep them, and say which limits they break."""
    sheet = _open_sheet(method, attempt)
    plan = queries.plan_of(sheet)
    known = method.conduct.model_validate(sheet.conduct)
    form = method.form(data=known.model_dump() if sheet.conduct else _day_booked(attempt))
    form.say_limits(plan.judged_method(method.code))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                services.set_conduct(
                    sheet,
                    form.conduct,
                    actor=signed_in_person(),
                    at=utc_now(),
                    seen=form.seen_version,
                )
            except RuleBroken as broken:
                form.add_error(broken.message, broken.field)
            except Conflict as changed:
                form.add_error(f"{changed.message} Save again to put yours in their place.")
                status = 409
            else:
                return _after_conduct(method, attempt, form.conduct.missing(plan))
    form.seen.data = str(sheet.lock_version)
    page = f"epa/{method.code}/conduct.html"
    missing = known.missing(plan) if sheet.conduct else []
    return render_template(page, form=form, missing=missing, **board.about(method, attempt)), status


def sign(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Look the sheet over: everything that is missing, or what signing does; then sign."""
    sheet = _open_sheet(method, attempt)
    problem = ""
    status = 200
    if request.method == "POST":
        try:
            method.sign(
                sheet, actor=signed_in_person(), at=utc_now(), seen=request.form.get("seen", "")
            )
        except RuleBroken as broken:
            problem, status = broken.message, 422
        except Conflict as changed:
            problem, status = f"{changed.message} Look it over again.", 409
        else:
            flash("The mark sheet is signed.", "done")
            return redirect(method.address("sheet", attempt), 303)
    return _sign_page(method, sheet, problem), status


def _sheet_of(attempt: MethodAttempt) -> MarkSheet:
    sheet = queries.sheet_of(attempt)
    if sheet is None:
        abort(404)
    return sheet


def _open_sheet(method: board.SheetMethod, attempt: MethodAttempt) -> MarkSheet:
    """The sheet to work on; one that is signed is shown instead."""
    sheet = _sheet_of(attempt)
    if not queries.may_judge(attempt, signed_in_person()):
        abort(redirect(method.address("sheet", attempt), 303))
    return sheet


def _answer(kind: type[Body], keep: Callable[[Body], Mapping[str, Any]]) -> ResponseReturnValue:
    try:
        sent = kind.model_validate(request.get_json(silent=True))
    except ValidationError as fault:
        where = ", ".join(str(one["loc"][0]) if one["loc"] else "body" for one in fault.errors())
        return jsonify({"error": f"This cannot be saved as it was sent ({where})."}), 400
    try:
        return jsonify(keep(sent))
    except services.ChangedMeanwhile as changed:
        return jsonify({"error": changed.message, "current": _standing(changed.newest)}), 409
    except RuleBroken as broken:
        return jsonify({"error": broken.message}), 422


def _standing(newest: Any) -> dict[str, Any]:
    """What stands on the sheet, for a page that is behind it."""
    if isinstance(newest, EvidenceNote):
        return {
            "note": str(newest.id),
            "text": newest.text,
            "source": newest.source,
            "service_user": newest.service_user,
        }
    title = GRADE_TITLES[newest.grade] if newest.grade else "Not judged"
    return {"sequence": newest.sequence, "grade": newest.grade, "title": title}


def _part(method: board.SheetMethod, sheet: MarkSheet, name: str, entry: KsbEntry) -> str:
    section = board.section(method, sheet, entry, board.Box())
    parts = current_app.jinja_env.get_template("epa/judgements/parts.html")
    return str(getattr(parts.module, name)(section))


def _working_page(
    method: board.SheetMethod,
    sheet: MarkSheet,
    typed: tuple[str, KsbForm] | None = None,
) -> str:
    entries = queries.entries_of(sheet)
    attempt, plan = sheet.attempt, queries.plan_of(sheet)
    judged = plan.judged_method(method.code)
    current = typed[0] if typed else _current(entries)
    find = request.args.get("find", "").strip()
    conduct = method.conduct.model_validate(sheet.conduct)
    part = judged.part(method.conduct.main_part)
    return render_template(
        f"epa/{method.code}/sheet.html",
        sections=[
            board.section(method, sheet, entry, _box(entry, judged, current), current, typed)
            for entry in entries.values()
        ],
        form=typed[1] if typed else None,
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        saved_at=queries.last_saved(sheet, entries),
        found={code for code in entries if matches(find, code, plan.criterion(code).title)},
        find=find,
        sources=judged.sources,
        service_users=board.service_users(sheet),
        conduct=conduct,
        part=part,
        questions=judged.questions,
        keeps_as=f"{sheet.id}.{signed_in_person().id}",
        papers=method.papers(attempt),
        **board.about(method, attempt),
    )


def _current(entries: dict[str, KsbEntry]) -> str:
    """The KSB asked for, else the first one that is unfinished."""
    asked = request.args.get("ksb", "")
    unfinished = [code for code, one in entries.items() if one.grade is None or not one.notes]
    return asked if asked in entries else [*unfinished, *entries][0]


def _box(entry: KsbEntry, method: JudgedMethod, current: str) -> board.Box:
    asked = request.args.get("note", "") if entry.code == current else ""
    for one in entry.notes:
        if str(one.id) == asked:
            return board.Box(one.source, one.service_user, one.text, asked)
    return board.Box(source=method.sources[0].code)


def _day_booked(attempt: MethodAttempt) -> dict[str, Any]:
    return {"held_on": london_date(attempt.scheduled_at)} if attempt.scheduled_at else {}


def _after_conduct(
    method: board.SheetMethod, attempt: MethodAttempt, missing: list[Missing]
) -> ResponseReturnValue:
    if missing:
        flash("Saved. See below what is still needed before you sign.", "care")
        return redirect(method.address("conduct", attempt), 303)
    flash("The facts of the day are saved, and nothing is missing.", "done")
    return redirect(method.address("sheet", attempt), 303)


def _sign_page(method: board.SheetMethod, sheet: MarkSheet, problem: str) -> str:
    entries = queries.entries_of(sheet)
    conduct = method.conduct.model_validate(sheet.conduct)
    missing = queries.missing_from(sheet, conduct, entries, at=utc_now())
    attempt = sheet.attempt
    links = [
        method.address("sheet", attempt, ksb=one.ksb, _anchor=f"ksb-{one.ksb}")
        if one.ksb
        else method.address("conduct", attempt, _anchor=one.field)
        for one in missing
    ]
    return render_template(
        "epa/judgements/sign.html",
        problem=problem,
        missing=list(zip(missing, links, strict=True)),
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        seen=queries.content_digest(sheet),
        **board.about(method, attempt),
    )
