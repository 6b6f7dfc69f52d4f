"""An assessor's page of a review: the clients whose files are read."""

from epa.client_data import services as client_data
from epa.database import db


def test_the_sample_that_was_drawn_is_shown_to_those_who_assess(make, sign_in_as, at):
    review = make.handed_in_review()
    lead = review.lead_contact
    rows = [f"C-{number},2025-01-06,,,,," for number in range(1, 13)]
    kept = make.client_list(lead, provider=review.provider, epao=review.organisation, rows=rows)
    address = f"/reviews/{review.id}/assessment"
    assessor = sign_in_as(review.assessors[0].person)
    assert "Sample of clients" not in assessor.get(address).text
    sample = client_data.draw_sample(kept, 10, actor=lead, at=at)
    db.session.commit()
    page = assessor.get(address)
    assert f"seed {sample.seed}" in page.text
    for anonymous, _place, reference in sample.clients:
        row = next(one for one in page.html.select("tr") if one.th and one.th.text == anonymous)
        assert row.td.text.strip() == reference
