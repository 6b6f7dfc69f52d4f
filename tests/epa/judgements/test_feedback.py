import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.grading.services import release_method
from epa.judgements import correcting, queries
from epa.judgements.contents import content_digest
from epa.judgements.feedback import write_feedback
from epa.judgements.rules import FeedbackFields
from epa.lifecycle.rules import Duty
from epa.observation.services import sign
from epa.people.rules import Role

TOLD = FeedbackFields("A calm day.", "You listened.\nYou waited.", "Agree who does what by when.")


@pytest.fixture
def sheet(make):
    return make.whole_sheet()


@pytest.fixture
def helen(sheet):
    return sheet.attempt.allocated(Duty.ASSESSOR)


@pytest.mark.both_databases
def test_it_is_kept_in_versions_signed_with_the_sheet_and_taken_into_a_correction(
    sheet, helen, make, at, session
):
    plain = content_digest(sheet)
    write_feedback(sheet, FeedbackFields(), actor=helen, at=at)
    assert queries.feedback_of(sheet) is None
    write_feedback(sheet, FeedbackFields(overall="First."), actor=helen, at=at, seen=0)
    write_feedback(sheet, TOLD, actor=helen, at=at, seen=1)
    write_feedback(sheet, TOLD, actor=helen, at=at + timedelta(minutes=1))
    kept = queries.feedback_of(sheet)
    assert (kept.version, kept.fields, kept.written_at) == (2, TOLD, at)
    with pytest.raises(Conflict, match="You, in another window, changed this feedback at 10:30"):
        write_feedback(sheet, FeedbackFields(), actor=helen, at=at, seen=1)
    with pytest.raises(NotAllowed):
        write_feedback(sheet, FeedbackFields(), actor=make.person(Role.ADMINISTRATOR), at=at)
    assert content_digest(sheet) != plain
    sign(sheet, actor=helen, at=at)
    with pytest.raises(RuleBroken, match="signed"):
        write_feedback(sheet, FeedbackFields(), actor=helen, at=at)
    correction = correcting.open_correction(sheet.attempt, "Wrong line.", actor=helen, at=at)
    assert queries.feedback_of(correction).fields == TOLD
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "feedback written"))
    assert [one.details["version"] for one in entries] == [1, 2]


def test_it_is_read_by_those_it_is_for_once_the_grade_is_released(
    sheet, helen, make, sign_in_as, at
):
    attempt = sheet.attempt
    helens, path = sign_in_as(helen), f"/attempts/{attempt.id}/observation"
    assert "You wrote no feedback" in helens.get(f"{path}/sign").text
    page = helens.get(f"{path}/feedback")
    typed = dict(zip(("overall", "went_well", "work_on"), TOLD.texts, strict=True))
    typed["overall"] = "Ring Mrs Okafor on 07700 900123."
    seen = {"seen": page.html.select_one("input[name=seen]")["value"]}
    helens.post(f"{path}/feedback", typed | seen, status=303)
    assert "telephone" in helens.get(path).text
    late = helens.post(f"{path}/feedback", {"overall": "Mine"} | seen, status=409)
    assert "in another window, changed this feedback" in late.text
    assert "Mine" in late.text
    assert "What stands now" in late.text
    assert "Agree who does what by when." in late.text
    write_feedback(sheet, TOLD, actor=helen, at=at)
    sign(sheet, actor=helen, at=at)
    epao, of = attempt.assessment.epao, attempt.assessment.apprenticeship
    owen = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
    owens, sams = sign_in_as(owen), sign_in_as(of.person)
    assert "Agree who does what by when." in owens.get(path).text
    sams.get(f"/attempts/{attempt.id}/feedback", status=404)
    release_method(attempt, actor=owen, at=at)
    employer = sign_in_as(make.person(Role.EMPLOYER, organisation=of.employer))
    for reader in (sams, employer):
        text = reader.get(f"/attempts/{attempt.id}/feedback").text
        assert all(said in text for said in ("A calm day.", "What went well", "You waited."))
    pdf = PdfReader(io.BytesIO(sams.get(f"/attempts/{attempt.id}/feedback.pdf").response.data))
    assert "Agree who does what" in " ".join(one.extract_text() for one in pdf.pages)
    assert "What to work on" in owens.get(f"/attempts/{attempt.id}/mark-sheet").text
