"""The pages about a failed method, as each of those concerned uses them."""

import io
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.gateway import services as gateway
from epa.grading.services import release_method
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Grade, Stage
from epa.people.rules import Role
from epa.resits import queries, services
from epa.settings import services as settings

METHODS = ("presentation", "observation", "knowledge_test")


@pytest.fixture
def failed(make):
    person = make.person(Role.APPRENTICE, given="Siân", family="O’Neill")
    row = make.assessment_in_epa(apprentice=person)
    attempt = make.booked("observation", assessment=row)
    make.signed_sheet(attempt, fails=2)
    from_office = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)
    release_method(attempt, actor=from_office, at=make.at)
    return attempt


@pytest.fixture
def people(failed, make):
    """By role: everybody who has to do with a failed method."""
    row = failed.assessment
    return {
        "apprentice": row.apprenticeship.person,
        "employer": make.contact(row),
        "provider": make.contact(row, Role.TRAINING_PROVIDER),
        "office": make.office(row),
    }


def actions(session):
    return session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all()


def seen(request, **typed):
    """What a form about a request sends: what was typed, and the request as its page showed it."""
    return {"seen": str(request.lock_version)} | typed


def hub(attempt):
    return f"/attempts/{attempt.id}/resit"


def test_a_failed_method_is_asked_for_agreed_to_planned_and_opened(
    failed, people, sign_in_as, session
):
    apprentice = sign_in_as(people["apprentice"])
    page = apprentice.get(hub(failed))
    assert "You have not passed this method" in page.text
    assert "until 9 September 2026" in page.text
    assert page.link("Read the feedback").endswith("/feedback")
    ask = page.link("Ask for another attempt")
    assert "kind" in str(apprentice.post(ask, {}, status=422).errors)
    apprentice.post(ask, {"kind": "resit", "words": "I know what to say now."}, status=303)
    assert "The employer has not agreed yet." in apprentice.get(hub(failed)).text

    employer = sign_in_as(people["employer"])
    page = employer.get(hub(failed))
    assert "Do you agree?" in page.text
    [request] = queries.requests_of(failed)
    employer.post(f"/resits/{request.id}/agreement", seen(request), status=303)

    provider = sign_in_as(people["provider"])
    add = provider.get(hub(failed)).link("Begin the action plan")
    day = {"due_on-day": "1", "due_on-month": "7", "due_on-year": "2026"}
    codes = queries.not_passed(failed)
    for code in codes:
        what = {"ksb_code": code, "action": "Two reviews.", "owner": "employer"}
        provider.post(add, what | day, status=303)
    assert "1 July 2026" in provider.get(hub(failed)).text

    office = sign_in_as(people["office"])
    page = office.get(hub(failed))
    assert "Everything is in place" in page.text
    office.post(f"/resits/{request.id}/opening", seen(request), status=303)
    page = apprentice.get(hub(failed))
    assert "The re-sit is open since 9 June 2026" in page.text
    assert actions(session).count("attempt opened") == 1
    page = apprentice.get(f"/apprentices/{failed.assessment_id}/results")
    assert "Earlier attempts" in page.text
    assert "Observation, re-sit" in apprentice.get(f"/apprentices/{failed.assessment_id}").text


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_do(failed, people, make, sign_in_as):
    request = make.asked(failed)
    office = sign_in_as(people["office"])
    page = office.post(f"/resits/{request.id}/opening", seen(request), status=422)
    said = [one.get_text(strip=True) for one in page.html.select(".error-summary li")]
    assert said == ["The employer has not agreed yet.", "The action plan has no action yet."]
    typed = {"reason": "A flood.", "closes_on-day": "1", "closes_on-month": "7"}
    page = office.post(f"/resits/{request.id}/circumstances", seen(request, **typed), status=422)
    assert page.html.find(id="reason").get_text().strip() == "A flood."
    typed["closes_on-year"] = "2026"
    page = office.post(f"/resits/{request.id}/circumstances", seen(request, **typed), status=422)
    assert "must be 10 September 2026 or later" in page.text
    page = office.post(f"/resits/{request.id}/agreement/recorded", seen(request), status=422)
    assert page.errors == {"agreement": "Enter how the employer agreed"}
    office.post(
        f"/resits/{request.id}/agreement/recorded", seen(request, agreement="By phone."), status=303
    )
    assert "By phone." in office.get(hub(failed)).text


def test_circumstances_are_read_by_the_organisation_alone(failed, people, make, sign_in_as):
    request = make.asked(failed)
    office = sign_in_as(people["office"])
    typed = {
        "reason": "A flood closed the office.",
        "closes_on-day": "30",
        "closes_on-month": "9",
        "closes_on-year": "2026",
    }
    office.post(f"/resits/{request.id}/circumstances", seen(request, **typed), status=303)
    assert "A flood closed" in office.get(hub(failed)).text
    for who in ("apprentice", "employer", "provider"):
        page = sign_in_as(people[who]).get(hub(failed))
        assert "Last day 30 September 2026" in page.text
        assert "flood" not in page.text


def test_the_second_of_two_is_told_what_the_first_did(failed, people, make, sign_in_as, session):
    request = make.asked(failed)
    employer, office = sign_in_as(people["employer"]), sign_in_as(people["office"])
    agreement = f"/resits/{request.id}/agreement"
    stale = seen(request, agreement="By phone.", reason="In July.")
    services.agree(request, actor=people["employer"], at=make.at)
    session.commit()
    page = office.post(f"{agreement}/recorded", stale, status=409)
    name = people["employer"].name
    assert f"“Attempt agreed to”, by {name} on 9 June 2026 at 10:30" in page.text
    assert "By phone." in page.html.find(id="agreement").get_text()
    assert "agreed to" in office.post(f"/resits/{request.id}/refuse", stale, status=409).text
    planned = seen(request)
    make.planned(request)
    page = office.post(f"/resits/{request.id}/opening", planned, status=409)
    assert "“Action planned”, by" in page.text
    assert request.new_attempt is None
    assert "Somebody was here before you" in employer.post(agreement, planned, status=409).text


def test_a_plan_is_ticked_off_and_taken_out_again(failed, people, make, sign_in_as):
    request = make.planned(make.asked(failed))
    first = request.actions[0].id
    employer = sign_in_as(people["employer"])
    employer.post(f"/planned-actions/{first}/done", status=303)
    assert "Not done after all" in employer.get(hub(failed)).text
    employer.post(f"/planned-actions/{first}/undone", status=303)
    employer.post(f"/planned-actions/{first}/removal", status=303)
    assert len(request.actions) == 1
    services.withdraw(request, actor=people["apprentice"], at=make.at)
    page = employer.post(f"/planned-actions/{request.actions[0].id}/removal", status=422)
    assert "taken back already" in page.text


def test_a_declined_and_a_refused_request_say_why(failed, people, make, sign_in_as):
    employer, office = sign_in_as(people["employer"]), sign_in_as(people["office"])
    request = make.asked(failed)
    assert "Not now" in employer.get(f"/resits/{request.id}/decline").text
    employer.post(f"/resits/{request.id}/decline", seen(request, reason="In July."), status=303)
    request = make.asked(failed)
    office.post(f"/resits/{request.id}/refuse", seen(request, reason="Ask again."), status=303)
    text = sign_in_as(people["apprentice"]).get(hub(failed)).text
    assert "In July." in text
    assert "Ask again." in text
    request = make.asked(failed)
    sign_in_as(people["apprentice"]).post(
        f"/resits/{request.id}/withdrawal", seen(request), status=303
    )


def test_there_is_no_page_about_what_is_not_failed_or_not_released(make, sign_in_as):
    row = make.assessment_in_epa()
    passed = make.released(make.attempt(row, "presentation"))
    unreleased = make.graded(make.attempt(row, "observation"), Grade.FAIL)
    for person in (row.apprenticeship.person, make.office(row)):
        browser = sign_in_as(person)
        for attempt in (passed, unreleased):
            browser.get(hub(attempt), status=404)
            browser.get(f"{hub(attempt)}/request", status=404)


class TestTheEnd:
    @pytest.fixture
    def over(self, make):
        """An assessment whose period is over, with one method failed and one never taken."""
        row = make.assessment_in_epa(starts_on=date(2026, 3, 1))
        make.released(make.attempt(row, "presentation"), Grade.PASS)
        make.released(make.attempt(row, "observation"), Grade.FAIL)
        return row, make.office(row)

    def test_an_administrator_closes_it_and_begins_a_new_one(self, over, session, sign_in_as):
        row, person = over
        office = sign_in_as(person)
        page = office.get("/")
        assert "Decide on a period that is over" in page.text
        close = page.link("Close as failed")
        assert "Knowledge test: not taken" in office.get(close).text
        assert "reason" in office.post(close, {}, status=422).errors
        office.post(close, {"reason": "Over, nothing exceptional."}, status=303)
        page = office.get(f"/apprentices/{row.id}/results")
        assert "Over, nothing exceptional." in page.text
        assert "Not now" in office.get(close).text
        page = office.get(f"/apprentices/{row.id}")
        assert "Closed as failed on" in page.text
        answer = office.post(f"/apprentices/{row.id}/new-assessment", status=303)
        assert "Nothing of it is carried over" in office.get(answer.location).text
        assert "A new end-point assessment followed" in office.get(f"/apprentices/{row.id}").text
        new = session.scalar(
            select(EndPointAssessment).where(EndPointAssessment.previous_id == row.id)
        )
        assert new.stage is Stage.ON_PROGRAMME

        apprentice = sign_in_as(row.apprenticeship.person)
        page = apprentice.get("/apprentices", status=302)
        assert page.location.endswith(str(new.id))
        page = apprentice.get(f"/apprentices/{row.id}/results")
        assert "Fail" in page.text
        assert "nothing exceptional" not in page.text

    def test_an_overall_fail_leads_to_the_page_that_closes(self, make, sign_in_as):
        row = make.assessment_in_epa()
        for code in METHODS:
            make.released(make.attempt(row, code), Grade.FAIL)
        page = sign_in_as(make.office(row)).get(f"/apprentices/{row.id}/release", status=302)
        assert page.location.endswith(f"/apprentices/{row.id}/closing")


class TestDocuments:
    def read(self, browser, address):
        """A document as a page and as a PDF: both say the same."""
        page = browser.get(address)
        pdf = browser.get(f"{address}.pdf")
        assert pdf.response.mimetype == "application/pdf"
        reader = PdfReader(io.BytesIO(pdf.response.data))
        text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
        assert reader.trailer["/Root"]["/Lang"] == "en-GB"
        assert f"Page 1 of {len(reader.pages)}" in text
        assert reader.metadata.title
        return page.text, text

    def test_feedback_says_each_ksb_to_those_who_see_the_grade(
        self, failed, people, sign_in_as, session
    ):
        address = f"/attempts/{failed.id}/feedback"
        for who in ("apprentice", "employer", "provider"):
            page = sign_in_as(people[who]).get(address)
            assert "Not met yet" in page.text
        page, pdf = self.read(sign_in_as(people["apprentice"]), address)
        for code in queries.not_passed(failed):
            assert code in page
            assert code in pdf
        assert "Shown for" not in page, "what the assessor noted stays on the sheet"
        assert actions(session)[-1] == "feedback read"

    def test_feedback_on_a_test_shows_marks_unless_they_are_hidden(self, make, sign_in_as, at):
        row = make.assessment_in_epa()
        attempt = make.released(make.attempt(row, "knowledge_test"), Grade.FAIL)
        apprentice = sign_in_as(row.apprenticeship.person)
        address = f"/attempts/{attempt.id}/feedback"
        assert "of 66" in apprentice.get(address).text
        settings.change({"marks_shown": False}, seen=0, actor=make.office(row), at=at)
        page, pdf = self.read(apprentice, address)
        assert "of 66" not in page
        assert "of 66" not in pdf
        assert "What the questions were about" in page

    def test_a_signed_sheet_and_agreed_marks_are_the_organisations_alone(
        self, failed, people, make, sign_in_as, session
    ):
        office = sign_in_as(people["office"])
        sheet = f"/attempts/{failed.id}/mark-sheet"
        page, pdf = self.read(office, sheet)
        assert "Shown for S2." in page or "Shown for" in page
        assert "Confidential" in pdf
        assert actions(session)[-1] == "mark sheet read"
        for who in ("apprentice", "employer", "provider"):
            sign_in_as(people[who]).get(sheet, status=403)
        test = make.marked_test(make.attempt(failed.assessment, "knowledge_test"))
        page, pdf = self.read(office, f"/attempts/{test.id}/marks")
        assert "50 of 66" in page
        assert "First marker" in pdf
        assert actions(session)[-1] == "test marks read"

    def test_the_declaration_lists_what_was_accepted(self, make, sign_in_as, session, at):
        review = make.supplied_review()
        row, office = review.assessment, make.office(review.assessment)
        sign_in_as(office).get(f"/apprentices/{row.id}/gateway/declaration", status=404)
        for one in review.requirements:
            gateway.accept(one, actor=office, at=at)
        session.commit()
        browser = sign_in_as(row.apprenticeship.person)
        page, pdf = self.read(browser, f"/apprentices/{row.id}/gateway/declaration")
        assert "Requirement by requirement" in page
        assert "Off-the-job training" in pdf
        assert actions(session)[-1] == "gateway declaration read"

    def test_the_action_plan_says_who_does_what_by_when(
        self, failed, people, make, sign_in_as, session
    ):
        request = make.planned(make.asked(failed))
        page, pdf = self.read(sign_in_as(people["employer"]), f"/resits/{request.id}/action-plan")
        for text in (page, pdf):
            assert "Two observed reviews." in text
            assert "19 June 2026" in text
        assert actions(session)[-1] == "action plan read"


def test_the_office_finds_failed_methods_in_a_list_and_takes_it_away(
    failed, people, sign_in_as, session
):
    office = sign_in_as(people["office"])
    page = office.get(office.get("/results").link("Re-sits and re-takes"))
    assert "Not asked for, 1" in page.text
    assert "Apprentice, employer or training provider: ask for another attempt" in page.text
    assert page.link("Siân O’Neill") == hub(failed)
    assert actions(session)[-1] == "list of failed methods read"
    assert "Not asked for, 1" in office.get("/resits?sort=-name&words=zzz&show=over").text
    line = office.get(page.link("CSV")).response.get_data(as_text=True).splitlines()[1]
    assert "O’Neill,Siân" in line
    assert ",2026-09-09,92," in line
    assert actions(session)[-1] == "failed methods exported"
