"""Certificates and the days on which facts may be disputed."""

from datetime import date

import pytest

from epa.review_reports import rules
from epa.review_reports.rules import CertificateState

DAY = date(2026, 6, 9)


def test_a_certificate_holds_for_the_frameworks_years():
    assert rules.expiry(DAY, 3) == date(2029, 6, 9)
    assert rules.expiry(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert rules.expiry(DAY, None) is None


@pytest.mark.parametrize(
    ("expires_on", "lapsed_on", "state"),
    [
        (DAY, None, CertificateState.IN_FORCE),
        (date(2026, 6, 8), None, CertificateState.EXPIRED),
        (None, None, CertificateState.IN_FORCE),
        (date(2029, 6, 9), DAY, CertificateState.LAPSED),
    ],
)
def test_a_certificate_stands_to_the_end_of_its_last_day(expires_on, lapsed_on, state):
    assert rules.state_of(expires_on, lapsed_on, DAY) is state


def test_a_number_names_framework_and_year():
    assert rules.certificate_number("iep_qif", DAY, 2**70 + 255) == "IEP-QIF-2026-000000FF"


def test_facts_are_disputed_to_the_end_of_the_last_day():
    assert rules.dispute_fault(DAY, DAY) is None
    assert rules.dispute_fault(DAY, None) is None
    assert "until 8 June 2026" in rules.dispute_fault(DAY, date(2026, 6, 8))
