"""The pages of reviews: opening one, its way for each who takes part, frameworks without a visit."""

from epa.people.rules import OrganisationKind, Role
from epa.reviews.models import ProviderReview


def test_a_review_is_opened_for_the_organisation_of_its_lead(make, sign_in_as, session):
    epao = make.organisation(OrganisationKind.EPAO)
    office = make.person(Role.ADMINISTRATOR, organisation=epao)
    lead = make.person(Role.PROVIDER_QUALITY_LEAD)
    browser = sign_in_as(office)
    page = browser.post("/reviews/new", {"service": "Ways to work"}, status=422)
    assert set(page.errors) == {"lead_contact", "framework"}
    typed = {
        "service": "Ways to work",
        "framework": "scottish_standards 1.0 partnership",
        "lead_contact": lead.roles_held[0].id,
    }
    browser.post("/reviews/new", typed, status=303)
    review = session.query(ProviderReview).one()
    assert (review.provider, review.party) == (lead.roles_held[0].organisation, "partnership")
    assert "Local Employability Partnership" in browser.get("/reviews").text
    # Nobody is sent to look at it, so nobody is named.
    page = browser.post(f"/reviews/{review.id}/people", {}, status=422)
    assert page.errors


def test_each_finds_what_is_theirs_to_do(make, sign_in_as):
    review = make.handed_in_review()
    address = f"/reviews/{review.id}"
    assessor = sign_in_as(review.assessors[0].person)
    page = assessor.get(f"{address}/assessment")
    assert page.link("What needs you") == "/"
    assert "Assess, write the report and hand it in" in assessor.get("/").text
    assert assessor.get(address).link("Assess, write the report")
    provider = sign_in_as(review.lead_contact)
    page = provider.get(address)
    assert "Assess, write the report" in page.text
    assert "Go on" not in page.text
    office = sign_in_as(review.opened_by).get(address)
    assert "Withdraw the review" in office.text


def test_a_step_is_noted_by_those_whose_step_it_is(make, sign_in_as):
    review = make.opened_review("scottish_standards", "provider")
    address = f"/reviews/{review.id}/steps"
    browser = sign_in_as(review.lead_contact)
    page = browser.get(address)
    assert "Shared measurement, quarterly" in page.text
    assert "Annual Delivery Report" in page.text
    browser.post(address, {"code": "quarterly_report", "words": "Sent"}, status=303)
    assert "Sent" in browser.get(f"/reviews/{review.id}").text
    iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=review.organisation)
    sign_in_as(iqa).get(address, status=403)


def test_progress_over_time_leads_back_to_the_review_before(make, sign_in_as, at):
    first = make.handed_in_review(make.opened_review("scottish_standards", "provider"))
    make.at = at.replace(hour=11)
    again = make.opened_review(
        "scottish_standards",
        "provider",
        lead=first.lead_contact,
        epao=first.organisation,
        service="The second time",
    )
    page = sign_in_as(first.lead_contact).get(f"/reviews/{again.id}")
    assert page.link("Supported employment, opened").endswith(str(first.id))
    shown = sign_in_as(first.lead_contact).get(f"/reviews/{first.id}/self-assessment").text
    assert "Every criterion is rated" in shown
    assert "indicative" not in shown
