import pytest

from epa.people.names import SEARCHED_LETTERS, email_key, search_form, searched_name


def test_it_compares_addresses_whatever_their_case_and_form():
    assert email_key(" ZOE\u0308@Example.ORG ") == email_key("zo\u00eb@example.org")


@pytest.mark.parametrize("letter", ["\ufdfa", "\u0390", "\u674e"])
def test_the_longest_name_that_may_be_typed_fits_where_it_is_searched(letter):
    """Some letters fold to several, and a name is searched in both of its orders."""
    assert len(search_form(letter * 200)) <= SEARCHED_LETTERS
    assert len(searched_name(letter * 100, letter * 100)) <= SEARCHED_LETTERS
