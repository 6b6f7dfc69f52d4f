import pytest

from epa.people.rules import (
    EPAO_ROLES,
    KIND_TITLES,
    ROLE_BELONGS_TO,
    SEARCHED_LETTERS,
    OrganisationKind,
    Role,
    email_key,
    may_be_held_at,
    search_form,
    searched_name,
    ukprn_fault,
)


@pytest.mark.parametrize("ukprn", ["10012345", "19999999"])
def test_it_takes_a_ukprn_of_eight_figures(ukprn):
    assert ukprn_fault(ukprn) is None


@pytest.mark.parametrize(
    "ukprn", ["", "1001234", "100123456", "20012345", "1001234a", "١٠٠١٢٣٤٥", "10012 45"]
)
def test_it_says_what_a_ukprn_must_be(ukprn):
    assert "8 figures" in ukprn_fault(ukprn)


def test_it_compares_addresses_whatever_their_case_and_form():
    assert email_key(" ZOE\u0308@Example.ORG ") == email_key("zo\u00eb@example.org")


@pytest.mark.parametrize("letter", ["\ufdfa", "\u0390", "\u674e"])
def test_the_longest_name_that_may_be_typed_fits_where_it_is_searched(letter):
    """Some letters fold to several, and a name is searched in both of its orders."""
    assert len(search_form(letter * 200)) <= SEARCHED_LETTERS
    assert len(searched_name(letter * 100, letter * 100)) <= SEARCHED_LETTERS


def test_every_role_has_its_place_and_every_kind_its_title():
    assert set(ROLE_BELONGS_TO) == set(Role)
    assert set(KIND_TITLES) == set(OrganisationKind)


def test_clients_people_hold_no_role_of_the_epao():
    assert (
        set(Role)
        - {
            Role.EMPLOYER,
            Role.TRAINING_PROVIDER,
            Role.PROVIDER_QUALITY_LEAD,
        }
        == EPAO_ROLES
    )


def test_a_role_is_held_where_it_belongs():
    both = frozenset({OrganisationKind.EMPLOYER, OrganisationKind.TRAINING_PROVIDER})
    assert may_be_held_at(Role.EMPLOYER, both)
    assert not may_be_held_at(Role.ADMINISTRATOR, both)
