import base64
import io
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken
from epa.people.rules import Role
from question_bank.exchange import services
from question_bank.exchange.rules import ExportStatus
from question_bank.interchange.item import settled
from question_bank.interchange.outcome import Duplicate, Read, Refused, judged
from question_bank.interchange.pictures import picture_of
from question_bank.interchange.reading import opened
from question_bank.interchange.writing import ExportFormat
from question_bank.items import queries as items
from question_bank.items.models import BankItem
from question_bank.items.rules import ItemStatus, ItemStep
from tests.factories.items import choice, prompt, short_answer

WHOLE = [ExportFormat.QTI_3, ExportFormat.QTI_2, ExportFormat.MOODLE_XML]


@pytest.fixture
def bank(make):
    return make.bank(code="ours")


@pytest.fixture
def office(make, bank):
    return make.person(Role.ADMINISTRATOR, organisation=bank.epao, given="Ruth", family="Pemberton")


def keep(bank, office, at, *entries):
    storing = services.Storing(bank, actor=office, at=at)
    return list(storing.keep(entries))


def contents(bank, session):
    session.expire_all()
    rows = session.scalars(select(BankItem).where(BankItem.bank_id == bank.id))
    found = [items.content_of(items.newest(row)) for row in rows]
    return {one.reference: one for one in found}


def dot(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, "PNG")
    return out.getvalue()


def pictured(stem="What is this?"):
    picture = picture_of(dot(), "dot")
    markup = f'{stem}<img alt="A dot" src="{picture.name}">'
    return settled(replace(choice(markup, reference="P-1"), pictures=(picture,)))


def test_what_is_whole_goes_to_review_and_what_lacks_something_is_a_draft(
    bank, office, session, at
):
    draft = Read(choice("No key?", reference="D", key=None), ("no key",))
    entries = [Read(choice(reference="A")), draft, Refused("R", "a hotspot")]
    assert len(keep(bank, office, at, *entries)) == 3
    rows = session.scalars(select(BankItem).order_by(BankItem.reference)).all()
    assert [(one.reference, items.newest(one).status) for one in rows] == [
        ("A", ItemStatus.IN_REVIEW),
        ("D", ItemStatus.DRAFT),
    ]
    history = items.history_of(rows[1])
    assert [(one.step, one.comment) for one in history] == [(ItemStep.IMPORTED, "no key")]
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "items imported"))
    assert entry.details == {"items": 2}


def test_the_same_file_twice_adds_nothing(bank, office, session, at):
    entries = [Read(choice("One?", reference="A")), Read(short_answer("Two?", reference="B"))]
    keep(bank, office, at, *entries)
    again = keep(bank, office, at, *entries)
    assert [type(one) for one in again] == [Duplicate, Duplicate]
    assert len(contents(bank, session)) == 2


def test_a_reference_that_is_taken_gets_a_number(bank, office, session, at):
    keep(bank, office, at, Read(choice("One?", reference="A")))
    keep(bank, office, at, Read(choice("Two?", reference="A")))
    assert set(contents(bank, session)) == {"A", "A (2)"}


def test_pictures_are_drawn_anew_and_a_file_that_holds_them_twice_adds_nothing(
    bank, office, session, at
):
    jpeg = io.BytesIO()
    Image.new("RGB", (4, 4), "navy").save(jpeg, "JPEG")
    picture = picture_of(jpeg.getvalue(), "dot")
    markup = f'What?<img alt="A dot" src="{picture.name}">'
    item = settled(replace(choice(markup, reference="J"), pictures=(picture,)))
    keep(bank, office, at, Read(item))
    (row,) = session.scalars(select(BankItem))
    (kept,) = items.newest(row).pictures
    assert kept.name != picture.name
    assert f'src="{kept.name}"' in items.newest(row).stem
    assert [type(one) for one in keep(bank, office, at, Read(item))] == [Duplicate]


@pytest.mark.parametrize("actor_is_known", [True, False])
def test_a_picture_that_cannot_be_kept_makes_a_draft_that_says_so(
    bank, office, session, at, actor_is_known
):
    broken = picture_of(b"\x89PNG\r\n\x1a\n nothing more", "dot")
    markup = f'What?<img alt="A dot" src="{broken.name}">'
    item = settled(replace(choice(markup, reference="B"), pictures=(broken,)))
    (entry,) = keep(bank, office if actor_is_known else None, at, Read(item))
    assert "picture" in entry.lacks[0]
    (row,) = session.scalars(select(BankItem))
    version = items.newest(row)
    assert (version.status, version.stem) == (ItemStatus.DRAFT, "What?[A dot]")


@pytest.mark.parametrize("chosen", WHOLE)
def test_a_bank_survives_export_and_import_unchanged(make, office, session, at, tmp_path, chosen):
    bank = make.bank(code="mine")
    tagged = short_answer("Why <em>so</em>?", reference="S-1", tags=("law", "2026"), title="Law")
    asked = prompt(reference="O-1")
    keep(bank, office, at, *map(Read, (choice(reference="A-1"), tagged, pictured(), asked)))
    before = contents(bank, session)
    file = tmp_path / "export"
    with file.open("xb") as out:
        services.write_bank(bank, chosen, out, mark="ours 1")
    assert b"ours 1" in file.read_bytes() or chosen is not ExportFormat.MOODLE_XML

    other = make.bank(bank.epao, code="theirs")
    with opened(file) as (_, read):
        keep(other, office, at, *judged(read, items.method_of(other)))
    assert contents(other, session) == before
    with opened(file) as (_, read):
        again = keep(bank, office, at, *judged(read, items.method_of(bank)))
    assert {type(one) for one in again} == {Duplicate}


def test_a_file_is_looked_at_first_and_stored_once(bank, office, session, at):
    entries = [
        Read(choice(reference="A")),
        Read(pictured()),
        Read(choice("No key?", reference="D", key=None), ("no key",)),
        Refused("R", "a hotspot"),
    ]
    file = services.keep_file(bank, entries, name="all.zip", form="qti", actor=office, at=at)
    assert contents(bank, session) == {}
    assert services.store_file(file, actor=office, at=at) == 3
    assert set(contents(bank, session)) == {"A", "D", "P-1"}
    with pytest.raises(RuleBroken, match="stored already"):
        services.store_file(file, actor=office, at=at)
    with pytest.raises(RuleBroken, match="no question in this file"):
        services.keep_file(bank, [], name="no", form="csv", actor=office, at=at)


def test_an_export_takes_two_people_and_is_marked_and_logged(make, bank, office, session, at):
    keep(bank, office, at, Read(choice(reference="A-1")))
    export = services.ask_for_export(bank, ExportFormat.MOODLE_XML, "We move.", actor=office, at=at)
    with pytest.raises(NotAllowed):
        services.fetch_export(export, io.BytesIO(), actor=office, at=at)
    with pytest.raises(RuleBroken, match="Somebody else must decide"):
        services.decide_export(export, ExportStatus.APPROVED, actor=office, at=at)
    other = make.person(Role.ITEM_REVIEWER, organisation=bank.epao)
    services.decide_export(export, ExportStatus.APPROVED, actor=other, at=at)
    with pytest.raises(RuleBroken, match="decided on this export already"):
        services.decide_export(export, ExportStatus.REFUSED, actor=other, at=at)
    with pytest.raises(NotAllowed):
        services.fetch_export(export, io.BytesIO(), actor=other, at=at)
    out = io.BytesIO()
    services.fetch_export(export, out, actor=office, at=at)
    assert "exported=ours 1 on 9 June 2026 by Ruth Pemberton" in out.getvalue().decode()
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == export.id)
    ).all()
    assert actions == ["bank export asked for", "bank export approved", "bank export fetched"]


def test_what_a_table_cannot_hold_stops_the_export_by_name(bank, office, at):
    stem = "x" * 33_000
    keep(bank, office, at, Read(choice(stem, reference="A-1")))
    with pytest.raises(RuleBroken, match="A-1"):
        services.write_bank(bank, ExportFormat.XLSX, io.BytesIO(), mark="ours")


def test_a_picture_inside_the_record_is_the_same_picture(bank, office, session, at):
    file = services.keep_file(
        bank, [Read(pictured())], name="one.zip", form="qti", actor=office, at=at
    )
    row = session.scalars(services.queries.entries_of(file)).one()
    assert base64.b64decode(row.content["pictures"][0]["data"]) == dot()
