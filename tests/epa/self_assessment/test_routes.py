"""A provider's people at work: a section sent with faults, two people at once, a file."""

from epa.review_ratings.queries import ratings_of
from epa.reviews.rules import Side

KPIS = "/reviews/{}/self-assessment/ratings/2.2"


def test_a_figure_out_of_its_range_is_named_and_nothing_is_kept(make, sign_in_as):
    review = make.opened_review()
    browser = sign_in_as(review.lead_contact)
    typed = {"value_2_2_A": "101", "value_2_2_C": "4.2", "words_2_2_C": "From 12 answers"}
    page = browser.post(KPIS.format(review.id), typed, status=422)
    assert page.errors == {"value_2_2_A": "The figure of 2.2.A must be 100 or less"}
    assert page.html.find(id="value_2_2_C")["value"] == "4.2"
    page = browser.post(
        KPIS.format(review.id), typed | {"value_2_2_A": "43.1", "counted_2_2_A": "5"}, status=422
    )
    assert list(page.errors) == ["counted_2_2_A"]
    assert ratings_of(review, Side.PROVIDER) == {}


def test_a_level_off_the_scale_and_an_unknown_section_are_refused(make, sign_in_as):
    review = make.opened_review()
    browser = sign_in_as(review.lead_contact)
    address = f"/reviews/{review.id}/self-assessment/ratings/2.1"
    page = browser.post(address, {"level_2_1_1": "perfect"}, status=422)
    assert list(page.errors) == ["level_2_1_1"]
    browser.get(f"/reviews/{review.id}/self-assessment/ratings/9.9", status=404)


def test_the_second_of_two_is_told_and_may_send_theirs_again(make, sign_in_as):
    review = make.opened_review()
    browser = sign_in_as(review.lead_contact)
    address = f"/reviews/{review.id}/self-assessment/ratings/2.1"
    browser.post(address, {"level_2_1_1": "some"}, status=303)
    page = browser.post(address, {"level_2_1_1": "little"}, status=422)
    assert "changed it meanwhile" in page.errors["level_2_1_1"]
    seen = page.html.find(id="seen_2_1_1")["value"]
    browser.post(address, {"level_2_1_1": "little", "seen_2_1_1": seen}, status=303)
    assert ratings_of(review, Side.PROVIDER)["2.1.1"].level == "little"


def test_somebodys_data_is_warned_of_and_kept_when_sent_again(make, sign_in_as):
    review = make.opened_review()
    browser = sign_in_as(review.lead_contact)
    address = f"/reviews/{review.id}/self-assessment/ratings/2.1"
    typed = {"words_2_1_1": "Ask jo@example.org"}
    page = browser.post(address, typed, status=200)
    assert "may be a" in page.text
    warned = page.html.find(id="warned")["value"]
    browser.post(address, typed | {"warned": warned}, status=303)
    assert ratings_of(review, Side.PROVIDER)["2.1.1"].words == "Ask jo@example.org"


def test_nobody_but_the_provider_reads_it_before_it_is_handed_in(make, sign_in_as):
    review = make.staffed_review()
    assessor = sign_in_as(review.assessors[0].person)
    page = assessor.get(f"/reviews/{review.id}/self-assessment", status=409)
    assert "the provider’s own until it is handed in" in page.text
    assert "Self-assessment" in sign_in_as(review.opened_by).get(f"/reviews/{review.id}").text


def test_the_figures_of_the_list_of_clients_are_filled_in_where_none_is_kept(make, sign_in_as):
    review = make.opened_review()
    lead = review.lead_contact
    rows = ("C-1,2025-01-06,2025-03-03,,,,", "C-2,2025-01-06,,,,,", "C-3,2025-01-06,,,,,")
    make.client_list(lead, provider=review.provider, epao=review.organisation, rows=rows)
    make.client_list(lead, provider=review.provider)  # kept for another EPAO
    browser = sign_in_as(lead)
    page = browser.get(KPIS.format(review.id))
    assert (
        "The list of clients for 1 April 2023 to 31 March 2026 gives 33.3333, 1 of 3." in page.text
    )
    assert page.html.find(id="value_2_2_A")["value"] == "33.3333"
    assert page.html.find(id="of_2_2_A")["value"] == "3"
    typed = {"value_2_2_A": "33", "seen_2_2_A": ""}
    browser.post(KPIS.format(review.id), typed, status=303)
    page = browser.get(KPIS.format(review.id))
    assert page.html.find(id="value_2_2_A")["value"] == "33"
    assert "gives 33.3333" in page.text


def test_without_a_list_of_clients_nothing_is_filled_in(make, sign_in_as):
    review = make.opened_review()
    page = sign_in_as(review.lead_contact).get(KPIS.format(review.id))
    assert "The list of clients" not in page.text
    assert not page.html.find(id="value_2_2_A").get("value")
