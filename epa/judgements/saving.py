"""What a sheet keeps as it is filled in: each save by script answers in JSON, each form with a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.conduct import queries as days
from epa.conduct.clock import ClockEntry
from epa.conduct.services import enter, write_question
from epa.database import db
from epa.errors import ChangedMeanwhile, RuleBroken
from epa.judgements import board, clock_board, log, pad, queries, services
from epa.judgements.answering import (
    answer,
    part,
    prompt_answer,
    sheet_at,
    sheet_found,
    sheet_to_work_on,
)
from epa.judgements.forms import (
    ClockForm,
    JudgementSave,
    KsbForm,
    NoteForm,
    NoteSave,
    QuestionForm,
    QuestionSave,
    RemarksAsked,
    StreamSave,
    TimerSave,
)
from epa.judgements.log import Noted
from epa.judgements.models import MarkSheet
from epa.judgements.open_sheets import OpenSheet
from epa.judgements.pages import working_page
from epa.lifecycle.models import MethodAttempt
from epa.people.signed_in import signed_in_actor, signed_in_person
from epa.personal_data.remarks import remark_in_words, remarks_on
from epa.web.filters import saved_time
from epa.wording.models import WordingPack


def judge(
    method: board.SheetMethod, attempt: MethodAttempt | OpenSheet, ksb: str
) -> ResponseReturnValue:
    """Keep one judgement sent by the page's script; the answer says when, or what stands there."""
    sheet, at = sheet_found(attempt), utc_now()

    def keep(sent: JudgementSave) -> Mapping[str, Any]:
        actor = signed_in_actor()
        judged = services.judge(sheet, ksb, sent.grade, actor=actor, at=at, seen=sent.seen)
        words = pad.whose_wording(_pad(method, sheet), _pack_of(sheet), ksb)
        parts = {"chosen": part("parts", "chosen", pad.chosen(judged, words))}
        return {"saved_at": saved_time(at), "sequence": judged.sequence, "parts": parts}

    return answer(JudgementSave, keep)


def note(
    method: board.SheetMethod, attempt: MethodAttempt | OpenSheet, ksb: str
) -> ResponseReturnValue:
    """Keep one note sent by the page's script; the answer says when, or what stands there."""
    sheet, at = sheet_found(attempt), utc_now()

    def keep(sent: NoteSave) -> Mapping[str, Any]:
        pieces = _pieces(method, sheet) if sent.piece is not None else ()
        kept = services.note(sheet, ksb, sent.fields, actor=signed_in_actor(), at=at, pieces=pieces)
        return {"saved_at": saved_time(at), **_noted(_pad(method, sheet), kept)}

    return answer(NoteSave, keep)


def stream(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Keep a note of the stream, tied to no KSB yet, to one or to several."""
    sheet, at = sheet_at(attempt), utc_now()
    desk = board.Desk.of(method, sheet)
    if not request.is_json:
        return _stream_form(desk)

    def keep(sent: StreamSave) -> Mapping[str, Any]:
        kept = services.note_in_stream(
            sheet, sent.ksbs, sent.fields, actor=signed_in_person(), at=at, pieces=desk.pieces
        )
        return {"saved_at": saved_time(at), **_noted(desk, kept, _tied_before(sheet, kept))}

    return answer(StreamSave, keep)


def remarks(_method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Say of a text that is being typed whether it looks like personal data; nothing is kept."""
    sheet_at(attempt)
    return answer(RemarksAsked, lambda sent: {"remarks": remarks_on(sent.text)})


def clock(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Tell how the clock stands; start, pause, go on with, end or lengthen a part."""
    sheet, at = sheet_at(attempt), utc_now()
    if request.method == "GET":
        return jsonify({"clock": clock_board.clock(attempt, at)})
    if not request.is_json:
        return _clock_form(method, sheet)

    def keep(sent: TimerSave) -> Mapping[str, Any]:
        entry = ClockEntry(sent.part, sent.action, sent.at or at, sent.reason, sent.words)
        enter(attempt, entry, actor=signed_in_person(), at=at, token=sent.token)
        return {"saved_at": saved_time(at), "clock": clock_board.clock(attempt, at)}

    return answer(TimerSave, keep, lambda: {"clock": clock_board.clock(attempt, at)})


def question(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Keep a question with its answer, or a follow-up to one."""
    sheet, at = sheet_at(attempt), utc_now()
    desk = board.Desk.of(method, sheet)
    if not request.is_json:
        return _question_form(desk)

    def keep(sent: QuestionSave) -> Mapping[str, Any]:
        kept = write_question(
            attempt,
            sent.fields,
            actor=signed_in_person(),
            at=at,
            seen=sent.seen,
            prompt=clock_board.drawn_as(desk, sent.fields),
        )
        asked = days.questions_of(attempt)
        return {
            "saved_at": saved_time(at),
            "seen": kept.version if kept else 0,
            "asked": clock_board.count(desk, asked),
            "answers": _answers(desk, sent.ksbs),
            **({} if sent.follow_up else prompt_answer(desk, sent.number)),
            "remarks": remarks_on(sent.answer),
        }

    return answer(QuestionSave, keep)


def save(method: board.SheetMethod, attempt: MethodAttempt, ksb: str) -> ResponseReturnValue:
    """Keep one KSB sent as a form, whole or not at all; what was typed stays when it is refused."""
    sheet, at, person = sheet_at(attempt), utc_now(), signed_in_person()
    desk = board.Desk.of(method, sheet)
    if ksb not in desk.ksbs:
        abort(404)
    form = KsbForm.of(desk.judged, board.service_users(desk), desk.pieces)
    status = 422
    if form.validate_on_submit():
        judged, grade = form.judgement
        try:
            with db.session.begin_nested():
                if judged:
                    seen = form.seen_sequence
                    services.judge(sheet, ksb, grade, actor=person, at=at, seen=seen)
                if form.has_note:
                    services.note(sheet, ksb, form.note, actor=person, at=at, pieces=desk.pieces)
        except RuleBroken as broken:
            form.add_error(broken.message, broken.field)
        except ChangedMeanwhile as changed:
            status = _told(form, changed)
        else:
            _warn(form.text.data)
            return redirect(desk.place(ksb), 303)
    return working_page(method, sheet, typed=(ksb, form)), status


def _stream_form(desk: board.Desk) -> ResponseReturnValue:
    """A note of the stream sent as a form."""
    form = NoteForm.of(desk.judged, board.service_users(desk), desk.pieces, desk.ksbs)
    status = 422
    if form.validate_on_submit():
        try:
            with db.session.begin_nested():
                services.note_in_stream(
                    desk.sheet,
                    form.ksbs.data or (),
                    form.note,
                    actor=signed_in_person(),
                    at=utc_now(),
                    pieces=desk.pieces,
                )
        except RuleBroken as broken:
            form.add_error(broken.message, broken.field)
        except ChangedMeanwhile as changed:
            status = _told(form, changed)
        else:
            _warn(form.text.data)
            return redirect(desk.place(pad.NOTES), 303)
    return working_page(desk.method, desk.sheet, at_place=(pad.NOTES, form)), status


def _question_form(desk: board.Desk) -> ResponseReturnValue:
    """A question sent as a form."""
    form = QuestionForm.of(desk.ksbs)
    status = 422
    if form.validate_on_submit():
        try:
            with db.session.begin_nested():
                write_question(
                    desk.attempt,
                    form.fields,
                    actor=signed_in_person(),
                    at=utc_now(),
                    seen=form.seen_version,
                    prompt=clock_board.drawn_as(desk, form.fields),
                )
        except RuleBroken as broken:
            form.add_error(broken.message, broken.field)
        except ChangedMeanwhile as changed:
            form.add_error(f"{changed.message} Look at it and save again.")
            status = 409
        else:
            _warn(form.question.data, form.answer.data)
            return redirect(desk.place(pad.QUESTIONS), 303)
    return working_page(desk.method, desk.sheet, at_place=(pad.QUESTIONS, form)), status


def _clock_form(method: board.SheetMethod, sheet: MarkSheet) -> ResponseReturnValue:
    """The clock without scripts: what was done, or why it cannot be, on the sheet again."""
    form, at = ClockForm(), utc_now()
    problem = "Choose what to do with the clock."
    if form.validate_on_submit():
        try:
            with db.session.begin_nested():
                enter(sheet.attempt, form.entry(at), actor=signed_in_person(), at=at)
        except RuleBroken as broken:
            problem = broken.message
        else:
            return redirect(method.address("sheet", sheet.attempt), 303)
    sheet_to_work_on(method, sheet.attempt)
    flash(problem, "bad")
    return working_page(method, sheet), 422


def _warn(*texts: str | None) -> None:
    """Say on the next page that what was saved looks like personal data."""
    if said := remark_in_words(*(text or "" for text in texts)):
        flash(said, "care")


def _told(form: NoteForm, changed: ChangedMeanwhile) -> int:
    """Say in a form who was first, and let the next save put it in that one's place."""
    form.add_error(f"{changed.message} Save again to put yours in its place.")
    if isinstance(changed.newest, Noted):
        form.replaces.data = str(changed.newest.id)
    return 409


def _pad(method: board.SheetMethod, sheet: MarkSheet | OpenSheet) -> pad.Pad:
    return pad.Pad(queries.plan_of(sheet), method.code, sheet.attempt_id)


def _pack_of(sheet: MarkSheet | OpenSheet) -> WordingPack | None:
    """The pack whose texts are on a sheet."""
    pack_id = sheet.wording_pack_id
    return db.session.get(WordingPack, pack_id) if pack_id else None


def _pieces(method: board.SheetMethod, sheet: MarkSheet | OpenSheet) -> Mapping[int, str]:
    """The pieces of the portfolio that a note on a sheet may refer to, by number."""
    return method.pieces(db.session.get_one(MethodAttempt, sheet.attempt_id))


def _tied_before(sheet: MarkSheet, kept: Noted) -> set[str]:
    """The KSBs that a note's version before was evidence for."""
    if kept.replaces_id is None:
        return set()
    about = log.notes_about(sheet.id, kept.replaces_id, None)
    return {code for one in about if one.id == kept.replaces_id for code in one.ksbs}


def _noted(on: pad.Pad, kept: Noted, before: Collection[str] = ()) -> dict[str, Any]:
    """A note that was kept, as it stands in the lists.

    What else stands there the page has: a list is sent with this note alone, and empty where the
    note stands no longer.

    Args:
        on: the sheet.
        kept: the note.
        before: the KSBs whose lists it stood in before.
    """
    lists = dict.fromkeys((*kept.ksbs, *before), "")
    row = ""
    if kept.text:
        for code in kept.ksbs:
            notes = pad.note_rows(on, [kept], code)
            lists[code] = part("parts", "notes", {"code": code, "notes": notes})
        row = part("parts", "stream_row", *pad.note_rows(on, [kept]))
    return {
        "note": str(kept.id),
        "parts": {"notes": lists, "row": row, "replaced": str(kept.replaces_id or "")},
        "remarks": remarks_on(kept.text),
    }


def _answers(desk: board.Desk, ksbs: tuple[str, ...]) -> dict[str, str]:
    """The lists of answers of these KSBs."""
    return {
        code: part(
            "parts", "answers", board.section(desk, queries.entry_of(desk.sheet, code), board.Box())
        )
        for code in ksbs
        if code in desk.ksbs
    }
