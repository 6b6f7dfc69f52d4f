"""The question bank in the world of the access tests: an item in review with a picture, its author's."""

import base64
import io
from dataclasses import replace
from datetime import timedelta

from PIL import Image

from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.exchange import services as exchange
from question_bank.exchange.rules import ExportStatus
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.writing import ExportFormat
from question_bank.items import queries, reviewing, services
from question_bank.items.rules import ItemKind
from question_bank.marking import correcting
from question_bank.marking import services as marking
from question_bank.marking.answers import MarkFields
from question_bank.marking.models import MarkerStop
from question_bank.papers import services as papers
from question_bank.papers.rules import PaperPurpose
from question_bank.responses import queries as responses
from question_bank.responses import services as keeping
from question_bank.responses.rules import Answer, MarkedScript, ScriptSource
from question_bank.sittings import finishing, late, writing
from question_bank.sittings import services as sittings
from question_bank.sittings.services import SittingTerms
from question_bank.sittings.writing import EditSent
from tests.factories.items import choice, short_answer
from tests.factories.sittings import DEVICE, save


def fill_bank(builder):
    """A bank whose item was written by the author and is with the reviewer."""
    staff, tag, at = builder.staff, builder.tag, builder.at
    token = builder._token("item_text")
    bank = services.open_bank(
        builder.epao,
        code=f"bank-{tag}",
        title=f"Bank {builder._token('item_text')}",
        framework_code="st0663",
        actor=staff.administrator,
        at=at,
    )
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    stem = (
        f'Why {token}? <img src="data:image/png;base64,{data}" alt="{builder._token("item_text")}">'
    )
    item = services.draft_item(
        bank,
        ItemKind.MULTIPLE_CHOICE,
        choice(stem, title=f"About {builder._token('item_text')}"),
        actor=staff.item_author,
        at=at,
    )
    said = f"Because {builder._token('item_text')}"
    reviewing.comment_on(item, said, actor=staff.item_author, at=at)
    reviewing.submit_item(item, actor=staff.item_author, at=at)
    drawn = _approved(builder, bank)
    cells = (DrawCell("K9", "short_answer", 1),)
    blueprint = papers.keep_blueprint(
        bank, DrawBlueprint("short", cells), actor=staff.administrator, at=at
    )
    paper = papers.draw_paper(
        bank,
        DrawBlueprint("short", cells),
        seed=1,
        purpose=PaperPurpose.LIVE,
        actor=staff.administrator,
        at=at,
    )
    assert queries.approved(drawn) is not None
    db.session.flush()
    sitting = _sitting(builder, paper)
    _marked_once(builder, sitting)
    _corrected(builder, drawn, sitting)
    builder.world.objects |= {
        f"bank@{tag}": bank.id,
        f"item@{tag}": item.id,
        f"picture@{tag}": queries.newest(item).pictures[0].id,
        f"blueprint@{tag}": blueprint.id,
        f"paper@{tag}": paper.id,
        f"file@{tag}": _file(builder, bank).id,
        f"export@{tag}": _export(builder, bank).id,
        f"sitting ada@{tag}": sitting.id,
        f"sitting dan@{tag}": _waiting(builder, bank).id,
        f"late ada@{tag}": _late(sitting, at).id,
        f"answers@{tag}": _answers(builder, paper).id,
    }


def _approved(builder, bank):
    """A second item, ready to be drawn."""
    staff, at = builder.staff, builder.at
    content = short_answer(f"Name {builder._token('item_text')}.")
    item = services.draft_item(bank, ItemKind.SHORT_ANSWER, content, actor=staff.item_author, at=at)
    reviewing.submit_item(item, actor=staff.item_author, at=at)
    reviewing.approve_item(item, actor=staff.item_reviewer, at=at)
    return item


def _file(builder, bank):
    """A file of items that was looked through and not stored."""
    word = builder._token("item_text")
    entries = [
        Read(choice(f"Is it {word}?", reference=f"R {builder._token('item_text')}")),
        Refused(f"Odd {builder._token('item_text')}", f"Not {builder._token('item_text')}"),
    ]
    name = f"{builder._token('item_text')}.gift"
    actor = builder.staff.administrator
    return exchange.keep_file(bank, entries, name=name, form="gift", actor=actor, at=builder.at)


def _answers(builder, paper):
    """Two candidates' answers to the paper count; a third's were looked through and wait."""
    staff, at = builder.staff, builder.at
    (asked,) = responses.asked_on(paper)

    def script():
        return MarkedScript(builder._token("item_text"), (Answer(asked.version_id, 1),))

    about = {"actor": staff.administrator, "at": at}
    keeping.keep_scripts(paper, [script(), script()], source=ScriptSource.FILE, **about)
    name = f"{builder._token('item_text')}.csv"
    return keeping.keep_file(paper, [script()], name=name, **about)


def _export(builder, bank):
    """A request of the administrator's that somebody approved."""
    reason = f"For {builder._token('item_text')}"
    export = exchange.ask_for_export(
        bank, ExportFormat.CSV, reason, actor=builder.staff.administrator, at=builder.at
    )
    exchange.decide_export(
        export, ExportStatus.APPROVED, actor=builder.staff.item_reviewer, at=builder.at
    )
    return export


def _sitting(builder, paper):
    """The paper, sat by ada on a screen and handed in."""
    staff, at = builder.staff, builder.at
    ada = db.session.get(EndPointAssessment, builder.world.objects[f"ada@{builder.tag}"])
    terms = SittingTerms(
        builder.world.attempts[f"ada@{builder.tag}", "knowledge_test"], timedelta(minutes=60)
    )
    person = ada.apprenticeship.person
    sitting = sittings.open_sitting(person, paper, terms, actor=staff.invigilator, at=at)
    sittings.check_identity(sitting, actor=staff.invigilator, at=at)
    sittings.unlock(sitting, actor=staff.invigilator, at=at)
    writing.deliver(sitting, DEVICE, actor=person, at=at)
    said = f"I {builder._token('answer_said')}."
    save(sitting, EditSent(1, 1, said, at), at=at)
    finishing.hand_in(sitting, DEVICE, actor=person, at=at)
    return sitting


def _waiting(builder, bank):
    """A paper of his own that dan may start: nobody has seen a word of it."""
    staff, at, case = builder.staff, builder.at, f"dan@{builder.tag}"
    dan = db.session.get(EndPointAssessment, builder.world.objects[case])
    person = dan.apprenticeship.person
    cells = (DrawCell("K9", "short_answer", 1),)
    live = {"purpose": PaperPurpose.LIVE, "candidate": person}
    paper = papers.draw_paper(
        bank, DrawBlueprint("short", cells), seed=2, actor=staff.administrator, at=at, **live
    )
    terms = SittingTerms(builder.world.attempts[case, "knowledge_test"], timedelta(minutes=60))
    sitting = sittings.open_sitting(person, paper, terms, actor=staff.invigilator, at=at)
    sittings.check_identity(sitting, actor=staff.invigilator, at=at)
    sittings.unlock(sitting, actor=staff.invigilator, at=at)
    return sitting


def _late(sitting, at):
    """What came after the end, and waits."""
    return late.receive(sitting, DEVICE, [EditSent(1, 2, "Ask.", at)], at=at)


def _marked_once(builder, sitting):
    """The answer of a sitting, with the first mark of the marker, who asks for a second."""
    (answer,) = marking.queries.answers_of(marking.take_in(sitting, at=builder.at))
    flagged = MarkFields((1,), is_flagged=True)
    marking.give(answer, flagged, actor=builder.staff.marker, at=builder.at)
    builder.world.objects |= {
        f"answer@{builder.tag}": answer.id,
        f"marked@{builder.tag}": answer.id,
        f"asked_version@{builder.tag}": answer.version_id,
    }


def _corrected(builder, item, sitting):
    """A newer guide, asked to hold for the answer of before; a marker who was stopped and goes on."""
    staff, at = builder.staff, builder.at
    asked = queries.newest(item)
    content = replace(queries.content_of(asked), guide=(f"Says {builder._token('item_text')}",))
    services.edit_item(item, content, seen=asked.lock_version, actor=staff.item_author, at=at)
    reviewing.submit_item(item, actor=staff.item_author, at=at)
    reviewing.approve_item(item, actor=staff.item_reviewer, at=at)
    remarking = correcting.ask(asked, "Too narrow", actor=staff.administrator, at=at)
    paper = marking.queries.paper_of(sitting)
    row = correcting.note(remarking, paper, was_released=True, after=None)
    stop = MarkerStop(
        person_id=staff.assessor.id,
        epao_id=builder.epao.id,
        stopped_at=at,
        seeds=3,
        missed=3,
        sent_back=0,
        let_on_at=at,
        let_on_by_id=staff.iqa.id,
        reason="Talked",
    )
    db.session.add(stop)
    db.session.flush()
    builder.world.objects |= {
        f"remarking@{builder.tag}": remarking.id,
        f"remarked@{builder.tag}": row.id,
        f"stop@{builder.tag}": stop.id,
    }
