"""A report beside the service's last one, and services beside one another."""

import csv
import io
from datetime import timedelta

import pytest

from epa.people.rules import OrganisationKind, Role
from epa.review_ratings import results
from epa.review_reports import comparing, queries
from epa.review_reports.rules import spread_of
from epa.reviews.rules import ReviewStatus


def finished(make, level=-1, **opened):
    """A final report of a review that is opened as told."""
    handed_in = make.handed_in_review(make.staffed_review(make.opened_review(**opened)))
    return make.review_at(ReviewStatus.FINAL, handed_in, level=level)


@pytest.fixture
def two_in_a_row(make, at):
    """One service, reviewed at the lowest level and a year later at the highest."""
    first = make.review_at(ReviewStatus.FINAL, level=0)
    make.at = at + timedelta(days=365)
    who = {"epao": first.organisation, "lead": first.lead_contact, "office": first.opened_by}
    return first, finished(make, **who)


def test_the_change_since_the_last_report_is_told_section_by_section(two_in_a_row):
    first, second = two_in_a_row
    earlier = comparing.last_final_before(second)
    assert earlier.review_id == first.id
    assert comparing.last_final_before(first) is None
    found = results.changes(earlier.content, queries.content_of(second))
    assert len(found) == len(second_sections(second))
    measured = {one.title for one in found if one.title.startswith("2.2 ")}
    assert {one.title for one in found if one.now == one.before} == measured
    assert all(one.now >= one.before for one in found)
    assert found[0].words == "+100.0"


def second_sections(review):
    return [one for one in queries.content_of(review)["sections"] if one["percent"]]


def test_a_service_stands_there_once_with_its_last_report(two_in_a_row):
    first, second = two_in_a_row
    for reader in (first.opened_by, first.lead_contact):
        assert comparing.frameworks_compared(reader) == ["seqf"]
        assert [one.review for one in comparing.compared(reader, "seqf")] == [second]
        assert comparing.compared(reader, "matrix") == []


def test_another_epao_and_a_provider_see_their_own_and_a_benchmark_of_enough(make, two_in_a_row):
    review = two_in_a_row[1]
    epao, office = review.organisation, review.opened_by
    other = finished(make, epao=epao, office=office, level=0)
    elsewhere = make.person(
        Role.ADMINISTRATOR, organisation=make.organisation(OrganisationKind.EPAO)
    )
    assert comparing.compared(elsewhere, "seqf") == []
    rows = comparing.compared(other.lead_contact, "seqf")
    assert [one.review for one in rows] == [other]
    assert comparing.benchmarks(rows, "seqf", 3) == {}
    code, spread = next(iter(comparing.benchmarks(rows, "seqf", 2).items()))
    shares = [one.sections[code]["share"] for one in comparing.compared(office, "seqf")]
    assert len(shares) == 2
    assert spread == spread_of(shares)


def test_the_page_compares_and_names_nobody_else(make, two_in_a_row, sign_in_as):
    review = two_in_a_row[1]
    finished(make, epao=review.organisation, office=review.opened_by)
    page = sign_in_as(review.opened_by).get("/reviews/comparison?framework=seqf")
    assert len(page.html.select("main tbody tr")) == 2
    taken = (
        sign_in_as(review.opened_by)
        .get("/reviews/comparison.csv")
        .response.get_data()
        .decode("utf-8-sig")
    )
    head, *lines = csv.reader(io.StringIO(taken))
    assert (len(lines), head[5]) == (2, "1.1 Engaging jobseekers")
    assert {(line[2], line[5]) for line in lines} == {("Excellent", "100.0")}
    page = sign_in_as(review.lead_contact).get("/reviews/comparison?framework=none")
    (row,) = page.html.select("main tbody tr")
    assert review.provider.name in row.text
    assert "told once 5 providers were scored" in page.text
    assert (
        "What changed since"
        in sign_in_as(review.opened_by).get(f"/reviews/{review.id}/report").text
    )


def test_without_a_final_report_the_page_says_so(make, sign_in_as):
    review = make.opened_review()
    assert "No report is final yet." in sign_in_as(review.opened_by).get("/reviews/comparison").text


def test_quartiles_by_hand():
    spread = spread_of([10.0, 20.0, 30.0, 40.0, 50.0])
    assert (spread.lower, spread.middle, spread.upper, spread.of) == (20.0, 30.0, 40.0, 5)
