import pytest
from flask import Flask
from sqlalchemy import select

from epa.people.models import Organisation
from epa.web.pagination import Page, Sorting, address, page_number, page_of, page_of_rows


@pytest.mark.parametrize(
    ("asked", "number"),
    [("2", 2), ("", 1), ("0", 1), ("-3", 1), ("x", 1), ("9" * 40, 1), ("1e3", 1), ("٣", 1)],
)
def test_it_reads_a_page_number_or_takes_the_first(asked, number):
    assert page_number({"page": asked}) == number


def test_it_shows_the_last_page_for_a_number_beyond_it():
    page = page_of_rows(list(range(60)), {"page": "99"})
    assert (page.number, list(page.rows), page.first, page.last) == (3, list(range(50, 60)), 51, 60)


def test_it_shows_one_empty_page_of_nothing():
    page = page_of_rows([], {})
    assert (page.pages, page.first, page.last, list(page.rows)) == (1, 0, 0, [])


@pytest.mark.parametrize(
    ("number", "offered"),
    [(1, [1, 2, None, 9]), (5, [1, None, 4, 5, 6, None, 9]), (2, [1, 2, 3, None, 9])],
)
def test_it_offers_the_ends_and_the_neighbours(number, offered):
    assert Page([], number, 10, 90).numbers == offered


def test_it_offers_one_page_without_gaps():
    assert Page([], 1, 10, 5).numbers == [1]


def test_it_asks_the_database_for_one_page(session):
    found = page_of(session, select(Organisation).order_by(Organisation.name), {"page": "7"})
    assert (found.total, found.number, list(found.rows)) == (0, 1, [])


@pytest.mark.parametrize(
    ("asked", "key", "descending"),
    [
        ("day", "day", False),
        ("-day", "day", True),
        ("", "name", False),
        ("password", "name", False),
    ],
)
def test_it_sorts_only_by_what_is_allowed(asked, key, descending):
    sorting = Sorting.from_args({"sort": asked}, ["name", "day"])
    assert (sorting.key, sorting.descending) == (key, descending)


def test_it_turns_the_order_on_the_second_click():
    assert Sorting("name").next_for("name") == "-name"
    assert Sorting("name", descending=True).next_for("name") == "name"
    assert Sorting("name").next_for("day") == "day"


def test_it_keeps_the_rest_of_the_address():
    app = Flask("addresses")
    app.add_url_rule("/list/<kind>", "list", lambda kind: kind)
    with app.test_request_context("/list/open?q=a%26b&stage=1&stage=2&page=4"):
        assert address(page=5) == "/list/open?q=a%26b&stage=1&stage=2&page=5"
        assert address(sort="name", page=None) == "/list/open?q=a%26b&stage=1&stage=2&sort=name"
