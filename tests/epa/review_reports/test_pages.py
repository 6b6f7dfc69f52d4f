"""What a report shows: the pack's texts and which they are, drawings for each scheme, the next step."""

import pytest

from epa.people.rules import OrganisationKind, Role
from epa.review_reports import queries
from epa.reviews.rules import ReviewStatus, Side
from epa.wording.services import load_pack
from frameworks import load_framework

TABLE = b"code,section,level,text\n1.1,1,asks,The published question.\n1.1,1,4,The published top.\n"


def test_a_pack_is_shown_to_everybody_in_a_review_and_named_in_its_report(make, at, sign_in_as):
    epao = make.organisation(OrganisationKind.EPAO)
    office = make.person(Role.ADMINISTRATOR, organisation=epao)
    before = make.opened_review("iep_qif", epao=epao, office=office)
    qif = load_framework("iep_qif")
    pack = load_pack(epao, qif, TABLE, name="Published, 2024", actor=office, at=at)
    review = make.opened_review("iep_qif", epao=epao, office=office)
    assert (before.wording_pack, review.wording_pack) == (None, pack)
    provider = sign_in_as(review.lead_contact)
    rating = provider.get(f"/reviews/{review.id}/self-assessment/ratings/1").text
    assert "The published question." in rating
    assert "The published top." in rating
    assert "“Published, 2024”, 2 texts, and our own where it has none" in rating
    make.review_at(ReviewStatus.FINAL, make.handed_in_review(make.staffed_review(review)))
    section = sign_in_as(review.assessors[0].person).get(
        f"/reviews/{review.id}/assessment/sections/1"
    )
    assert section.text.count("The published top.") == 2
    page = provider.get(f"/reviews/{review.id}/report/document")
    assert "The published top." in page.text
    assert "Wording shown: “Published, 2024”" in page.text
    drawn = {one["id"] for one in page.html.select("svg.wide title")}
    assert drawn == {f"{one}-wide-title" for one in ("sections", "radar", "pairs", "levels")}


def test_a_report_of_model_fidelity_draws_both_conditions_and_offers_no_mark_unearned(
    make, sign_in_as
):
    review = make.review_at(ReviewStatus.FINAL, level=0)
    content = queries.content_of(review)
    score, gate = content["scales"]
    assert (score["words"], score["value"] < 55) == (content["verdict"]["score"], True)
    assert [begins for _, begins in gate["bands"]] == [0, 10, 15, 20]
    page = sign_in_as(review.opened_by).get(f"/reviews/{review.id}/report")
    assert "Issue the certificate" not in page.text
    assert "Wording: our own" in page.text
    drawn = {one["id"] for one in page.html.select("svg.wide title")}
    parts = ("scale-1", "scale-2", "sections", "pairs", "levels")
    assert drawn == {f"{one}-wide-title" for one in parts}


@pytest.mark.parametrize("party", ["provider", "partnership"])
def test_progress_on_the_scottish_standards_is_shown_over_time_and_without_a_verdict(
    make, at, sign_in_as, party
):
    first = make.handed_in_review(make.opened_review("scottish_standards", party))
    make.at = at.replace(year=at.year + 1)
    again = make.opened_review(
        "scottish_standards", party, lead=first.lead_contact, epao=first.organisation
    )
    make.rate_all(again, Side.PROVIDER, again.lead_contact, level=2)
    page = sign_in_as(again.lead_contact).get(f"/reviews/{again.id}/self-assessment")
    assert "What changed since the self-assessment of" in page.text
    assert "embedded, now in place" in page.text
    drawn = {one["id"] for one in page.html.select("svg.wide title")}
    assert drawn == {"levels-wide-title"}
