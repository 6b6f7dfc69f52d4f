from datetime import date

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.case_notes import queries, services
from epa.case_notes.rules import Channel, NoteFields
from epa.database import AppendOnlyViolation
from epa.errors import RuleBroken
from epa.people.rules import Permission, Role

FIELDS = NoteFields(Channel.PHONE, date(2026, 6, 8), "Wants another day.", "Nadia Karim, Tidewell")


@pytest.fixture
def case(make):
    return make.assessment()


@pytest.fixture
def ruth(make, case):
    return make.person(Role.ADMINISTRATOR, organisation=case.epao)


def test_a_note_is_kept_and_the_log_says_nothing_of_its_words(case, ruth, session, at):
    note = services.write_note(case, FIELDS, actor=ruth, at=at)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "case note written"))
    assert (entry.subject_id, entry.details) == (note.id, {"channel": "phone"})


def test_a_correction_stands_in_the_place_of_what_it_corrects(case, ruth, session, at):
    first = services.write_note(case, FIELDS, actor=ruth, at=at)
    second = services.write_note(case, FIELDS, actor=ruth, at=at, corrects=first)
    third = services.write_note(case, FIELDS, actor=ruth, at=at, corrects=second)
    (noted,) = queries.notes_on(ruth, case)
    assert (noted.note, noted.before) == (third, (second, first))
    assert queries.note_for(ruth, Permission.WRITE_CASE_NOTES, first.id) is None
    with pytest.raises(RuleBroken, match="corrected this note meanwhile"):
        services.write_note(case, FIELDS, actor=ruth, at=at, corrects=first)


def test_a_note_is_never_changed(case, ruth, session, at):
    note = services.write_note(case, FIELDS, actor=ruth, at=at)
    note.text = "Something else"
    with pytest.raises(AppendOnlyViolation):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_only_the_epaos_own_overseers_read_them(case, ruth, make, at, role):
    services.write_note(case, FIELDS, actor=ruth, at=at)
    places = {
        Role.EMPLOYER: case.apprenticeship.employer,
        Role.TRAINING_PROVIDER: case.apprenticeship.provider,
    }
    person = make.person(role, organisation=places.get(role, case.epao))
    sees = role in {Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR}
    assert bool(queries.notes_on(person, case)) == sees
    assert queries.notes_on(make.person(Role.ADMINISTRATOR), case) == []
    assert queries.notes_on(case.apprenticeship.person, case) == []
