"""The pages of a mark sheet, the same for every judged method: to work on, to read, to sign."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.conduct import queries as days
from epa.conduct.facts import Conduct, Missing
from epa.conduct.rules import ANSWER_LETTERS, QUESTION_LETTERS
from epa.errors import Conflict, RuleBroken
from epa.judgements import board, clock_board, correcting, pad, queries, services
from epa.judgements.answering import sheet_at, sheet_to_work_on
from epa.judgements.contents import content_digest
from epa.judgements.forms import KsbForm, NoteForm, QuestionForm
from epa.judgements.models import MarkSheet
from epa.judgements.queries import KsbEntry
from epa.judgements.rules import matches
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.personal_data.remarks import remark_in_words


def show(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The sheet: to work on for its assessor, to read for everybody else; or how to open it."""
    person, at = signed_in_person(), utc_now()
    sheet = queries.sheet_of(attempt)
    if sheet is None:
        return _before(method, attempt, person)
    services.read(sheet, actor=person, at=at)
    asked = request.args.get("version", type=int)
    is_open = sheet.signed_at is None and queries.may_judge(attempt, person)
    if is_open and asked in {None, sheet.version}:
        method.note_prompts(attempt, actor=person, at=at)
        return working_page(method, sheet)
    return _reading_page(method, attempt, asked)


def open_(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Open the sheet, then show it; a sheet that cannot be opened yet says why."""
    try:
        services.open_sheet(attempt, actor=signed_in_person(), at=utc_now())
    except RuleBroken as broken:
        flash(broken.message, "bad")
    return redirect(method.address("sheet", attempt), 303)


def conduct(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The facts of the day: ask for them, keep them, and say which limits they break."""
    sheet, at = sheet_to_work_on(method, attempt), utc_now()
    known = method.conduct.model_validate(sheet.conduct)
    measured = queries.measured_of(sheet, at)
    form = method.form.of(
        queries.plan_of(sheet),
        days.method_of(attempt),
        measured,
        known.model_dump() if sheet.conduct else _day_booked(attempt),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                services.set_conduct(
                    sheet, form.conduct, actor=signed_in_person(), at=at, seen=form.seen_version
                )
            except RuleBroken as broken:
                form.add_error(broken.message, broken.field)
            except Conflict as changed:
                form.add_error(f"{changed.message} Save again to put yours in their place.")
                status = 409
            else:
                missing = form.conduct.missing(days.method_of(attempt), measured)
                return _after_conduct(method, attempt, form.conduct, missing)
    form.seen.data = str(sheet.lock_version)
    missing = known.missing(days.method_of(attempt), measured) if sheet.conduct else []
    return render_template(
        f"epa/{method.code}/conduct.html",
        form=form,
        missing=missing,
        recordings=days.recordings_of(attempt),
        least_service_users=days.method_of(attempt).service_users_min,
        **board.about(method, attempt),
    ), status


def sign(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Look the sheet over: everything that is missing, or what signing does; then sign."""
    sheet = sheet_to_work_on(method, attempt)
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


def working_page(
    method: board.SheetMethod,
    sheet: MarkSheet,
    typed: tuple[str, KsbForm] | None = None,
    at_place: tuple[str, NoteForm | QuestionForm] | None = None,
) -> str:
    """The sheet to work on.

    Args:
        method: the method.
        sheet: its open sheet.
        typed: a KSB's code with its form that was refused.
        at_place: the notes' or the questions' form that was refused.
    """
    desk = board.Desk.of(method, sheet)
    entries = queries.entries_of(sheet)
    current = (typed or at_place or (_current(entries),))[0]
    form = (typed or at_place or ("", None))[1]
    find = request.args.get("find", "").strip()
    boxes = {code: _box(entry, desk, current) for code, entry in entries.items()}
    place = at_place[0] if at_place else ""
    return render_template(
        f"epa/{method.code}/sheet.html",
        sections=[
            board.section(desk, entry, boxes[code], current, typed)
            for code, entry in entries.items()
        ],
        stream=clock_board.stream(
            desk, current, _stream_box(desk, current), form if place == pad.NOTES else None
        ),
        asked=clock_board.questions(desk, current, form if place == pad.QUESTIONS else None),
        form=form,
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        saved_at=queries.last_saved(sheet, entries),
        found={c for c in entries if matches(find, c, desk.plan.criterion(c).title)},
        find=find,
        ksbs=desk.ksbs,
        sources=desk.judged.sources,
        service_users=board.service_users(desk),
        pieces=desk.pieces,
        sheet=sheet,
        keeps_as=f"{sheet.id}.{signed_in_person().id}",
        papers=method.papers(sheet.attempt),
        letters={"question": QUESTION_LETTERS, "answer": ANSWER_LETTERS},
        **_clock(desk),
        **board.about(method, sheet.attempt),
    )


def _clock(desk: board.Desk) -> dict[str, Any]:
    attempt = desk.attempt
    return {
        "clock": clock_board.clock(attempt, utc_now()),
        "reasons": clock_board.reasons(attempt),
        "clock_url": desk.address("clock"),
    }


def _before(method: board.SheetMethod, attempt: MethodAttempt, person: Person) -> str:
    """What to keep in mind, and the button that opens the sheet."""
    return render_template(
        "epa/judgements/before.html",
        may_open=queries.may_judge(attempt, person) and attempt.scheduled_at is not None,
        rules=days.method_of(attempt).conduct,
        papers=method.papers(attempt),
        **board.about(method, attempt),
    )


def _reading_page(method: board.SheetMethod, attempt: MethodAttempt, asked: int | None) -> str:
    """One version to read: the one asked for, or the one that counts, or the newest."""
    versions = queries.sheets_of(attempt)
    counts = queries.standing_sheet(attempt)
    sheet = counts or sheet_at(attempt)
    if asked is not None:
        sheet = next((one for one in versions if one.version == asked), None) or abort(404)
    desk = board.Desk.of(method, sheet)
    entries = queries.entries_of(sheet)
    conduct = method.conduct.model_validate(sheet.conduct)
    untied = [one for one in queries.current_notes(sheet) if not one.ksbs]
    return render_template(
        "epa/judgements/read.html",
        sheet=sheet,
        ksbs=[board.as_read(desk, one) for one in entries.values()],
        wording=desk.wording,
        notes=pad.note_rows(desk, untied),
        answers=clock_board.answers_to_read(attempt),
        history=clock_board.history(attempt),
        recordings=days.recordings_of(attempt),
        may_hear=_may(signed_in_person(), Permission.HEAR_RECORDING, attempt),
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        conduct_facts=board.conduct_facts(desk, conduct),
        told=board.feedback_rows(sheet),
        versions=versions,
        counts=counts,
        **_corrections(method, attempt),
        **board.about(method, attempt),
    )


def _corrections(method: board.SheetMethod, attempt: MethodAttempt) -> dict[str, Any]:
    """What a reader sees of corrections, and what they may do about one."""
    person, correction = signed_in_person(), queries.correction_of(attempt)
    return {
        "correction": correction,
        "may_correct": _may_correct(attempt, person),
        "may_decide": (
            correction is not None
            and correction.signed_at is not None
            and _may(person, Permission.RELEASE_RESULTS, attempt)
            and person.id not in correcting.involved_in(correction)
        ),
        "correct_url": method.address("correct", attempt),
        "decide_url": method.address("decide_correction", attempt),
        "version_url": lambda number: method.address("sheet", attempt, version=number),
    }


def _may(person: Person, permission: Permission, attempt: MethodAttempt) -> bool:
    """Whether this person may do this to this attempt, for what a page offers."""
    return queries.attempt_at_judged_method(person, permission, attempt.id) is not None


def _may_correct(attempt: MethodAttempt, person: Person) -> bool:
    """Whether this person may begin a correction now."""
    return (
        board.is_assessor(attempt, person)
        and attempt.grade is not None
        and attempt.released_at is None
        and queries.correction_of(attempt) is None
    )


def _current(entries: dict[str, KsbEntry]) -> str:
    """What was asked for, else the first KSB that is unfinished."""
    asked = request.args.get("ksb", "")
    if request.args.get("at") in {pad.NOTES, pad.QUESTIONS}:
        return request.args["at"]
    unfinished = [
        code for code, one in entries.items() if one.grade is None or not one.has_evidence
    ]
    return asked if asked in entries else [*unfinished, *entries][0]


def _box(entry: KsbEntry, desk: board.Desk, current: str) -> board.Box:
    asked = request.args.get("note", "") if entry.code == current else ""
    for one in entry.notes:
        if str(one.id) == asked:
            return board.Box.of(one)
    return board.Box(source=desk.judged.sources[0].code)


def _stream_box(desk: board.Desk, current: str) -> board.Box:
    asked = request.args.get("note", "") if current == pad.NOTES else ""
    for one in queries.current_notes(desk.sheet) if asked else ():
        if str(one.id) == asked:
            return board.Box.of(one)
    return board.Box(source=desk.judged.sources[0].code)


def _day_booked(attempt: MethodAttempt) -> dict[str, Any]:
    return {"held_on": london_date(attempt.scheduled_at)} if attempt.scheduled_at else {}


def _texts_of(conduct: Conduct) -> list[str]:
    """What was written in the facts of the day: who was present, and reasons."""
    return [value for value in conduct.model_dump().values() if isinstance(value, str)]


def _after_conduct(
    method: board.SheetMethod, attempt: MethodAttempt, conduct: Conduct, missing: list[Missing]
) -> ResponseReturnValue:
    if said := remark_in_words(*_texts_of(conduct)):
        flash(said, "care")
    if missing:
        flash("Saved. See below what is still needed before you sign.", "care")
        return redirect(method.address("conduct", attempt), 303)
    flash("The facts of the day are saved, and nothing is missing.", "done")
    return redirect(method.address("sheet", attempt), 303)


def _sign_page(method: board.SheetMethod, sheet: MarkSheet, problem: str) -> str:
    entries = queries.entries_of(sheet)
    conduct = method.conduct.model_validate(sheet.conduct)
    missing = queries.missing_from(sheet, conduct, entries, at=utc_now())
    desk = board.Desk.of(method, sheet)
    return render_template(
        "epa/judgements/sign.html",
        problem=problem,
        missing=[(one, _where(desk, one)) for one in missing],
        untied=sum(not note.ksbs for note in queries.current_notes(sheet)),
        notes_url=desk.place(pad.NOTES),
        origins=clock_board.origins_in_words(sheet.attempt),
        questions_url=desk.place(pad.QUESTIONS),
        sheet=sheet,
        tally=queries.tally_of(sheet, queries.ratings_of(entries)),
        seen=content_digest(sheet),
        feedback=any(told.fields.texts) if (told := queries.feedback_of(sheet)) else False,
        **board.about(method, sheet.attempt),
    )


def _where(desk: board.Desk, one: Missing) -> str:
    """Where something missing is put right."""
    if one.ksb:
        return desk.place(one.ksb)
    if one.field == "clock":
        return desk.address("sheet")
    return desk.address("conduct", _anchor=one.field)
