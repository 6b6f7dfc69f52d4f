import pytest

from epa.people.rules import (
    EPAO_ROLES,
    KIND_TITLES,
    ROLE_BELONGS_TO,
    OrganisationKind,
    Role,
    may_be_held_at,
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
