from datetime import date

import pytest

from epa.imports.rules import split_name, understood
from epa.lifecycle.rules import PLACEHOLDER_ULN, Attainment
from tests.epa.imports.table import HEAD, LEE, SIAN, csv_bytes, read

TODAY = date(2026, 6, 9)
FULL = (
    *("email", "provider_ukprn", "original_start", "planned_end", "english", "maths"),
    *("ehc_plan", "legacy_statement", "bsl", "english_maths_opt_in", "planned_gateway"),
    *("employer_contact_name", "employer_contact_email", "workplace_address"),
    "standard_reference",
)


def reading(*rows, head=HEAD):
    return understood(read(csv_bytes(*rows, head=head)), today=TODAY)


def test_it_understands_every_column_and_keeps_names_exactly():
    more = (
        *("sian@Example.org", "1001 2345", "2024-09-01", "30/06/2027", "level_2", "Entry 3"),
        *("yes", "0", "TRUE", "n", "2027-01-31", "Ruth Ann Pemberton", "ruth@tidewell.example"),
        *("Quay House\nLeeds", "st0663"),
    )
    result = reading((*SIAN, *more), head=(*HEAD, *FULL))
    (row,) = result.rows
    assert (row.given_names, row.family_name) == ("Siân", "O’Neill 李")
    assert (row.date_of_birth, row.learning_start_on) == (date(2003, 5, 28), date(2025, 3, 4))
    assert (row.original_start_on, row.planned_end_on) == (date(2024, 9, 1), date(2027, 6, 30))
    assert (row.english, row.maths) == (Attainment.LEVEL_2, Attainment.ENTRY_3)
    assert (row.has_ehc_plan, row.has_legacy_statement, row.has_bsl) == (True, False, True)
    assert (row.opted_in_to_english_maths, row.provider_ukprn) == (False, "10012345")
    assert (row.email, row.planned_gateway_on) == ("sian@example.org", date(2027, 1, 31))
    assert row.contact == ("Ruth Ann", "Pemberton")
    assert (row.workplace_address, row.standard_reference) == ("Quay House\nLeeds", "ST0663")
    assert (result.read, result.rejected, result.warnings) == (1, [], [])


def test_an_empty_cell_says_nothing():
    (row,) = reading((*SIAN, *[""] * len(FULL)), head=(*HEAD, *FULL)).rows
    assert (row.english, row.has_bsl, row.email, row.standard_reference) == (
        None,
        None,
        None,
        "ST0663",
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("uln", "123", "10 figures"),
        ("uln", "1E+09", "shortened by the spreadsheet"),
        ("uln", "", "required"),
        ("given_names", "…", "at least one letter"),
        ("given_names", "a\nb", "on one line"),
        ("family_name", "x" * 101, "100 characters or fewer; it has 101"),
        ("date_of_birth", "2003-02-29", "no such day"),
        ("date_of_birth", "28 May 2003", "a date such as"),
        ("date_of_birth", "0001-01-01", "from 15 to 100"),
        ("learning_start", "2031-01-01", "must be from"),
        ("employer", "12", "an organisation"),
        ("email", "nowhere", "an email address"),
        ("provider_ukprn", "20012345", "8 figures that begin with 1"),
        ("planned_end", "2025-03-04", "after the start of learning"),
        ("original_start", "2025-03-05", "must not be after"),
        ("english", "gcse", "must be one of level_2, entry_3, none, not_required"),
        ("bsl", "perhaps", "yes or no"),
        ("employer_contact_email", "ruth@tidewell.example", "the address needs a name"),
        ("standard_reference", "663", "such as ST0663"),
        ("given_names", "be\x85ll", "cannot be kept"),
    ],
)
def test_it_names_row_field_and_problem(column, value, said):
    head = (*HEAD, *FULL)
    values = dict(zip(HEAD, SIAN, strict=True)) | {column: value}
    result = reading([values.get(name, "") for name in head], head=head)
    assert any((fault.row, said in fault.problem) == (2, True) for fault in result.rejected), (
        result.rejected
    )
    assert {fault.field for fault in result.rejected} <= {column, "employer_contact_name"}
    assert result.rows == []


def test_it_names_every_fault_of_a_row():
    result = reading(("1", "", "…", "soon", "Tidewell", "later"))
    assert [fault.field for fault in result.rejected] == [
        *("uln", "given_names", "family_name", "date_of_birth", "learning_start"),
    ]


def test_it_takes_a_wrong_check_digit_with_a_warning():
    result = reading(("1234567890", *SIAN[1:]))
    assert len(result.rows) == 1
    assert [(one.row, one.field) for one in result.warnings] == [(2, "uln")]


def test_it_takes_one_row_for_a_learner():
    result = reading(SIAN, LEE, ("1000000019", "Else", "Where", *SIAN[3:]))
    assert [(one.row, one.problem) for one in result.rejected] == [
        (4, "is in row 2 already; a learner has one row")
    ]
    result = reading(SIAN, ("1000000019", "", *SIAN[2:]))
    assert [one.field for one in result.rejected] == ["given_names", "uln"]


def test_without_a_number_names_birth_date_and_employer_tell_who_it_is():
    nameless = (PLACEHOLDER_ULN, *SIAN[1:])
    assert len(reading(nameless, (PLACEHOLDER_ULN, *LEE[1:])).rows) == 2
    assert len(reading(nameless, (PLACEHOLDER_ULN, "SIÂN", *SIAN[2:])).rejected) == 1
    assert len(reading(SIAN, nameless).rejected) == 1
    assert reading(SIAN, ("1000000027", *SIAN[1:])).rejected == []


def test_it_takes_an_address_once():
    head = (*HEAD, "email")
    result = reading((*SIAN, "a@example.org"), (*LEE, "A@EXAMPLE.org"), head=head)
    assert [(one.row, one.field) for one in result.rejected] == [(3, "email")]


def test_a_contact_is_nobody_who_learns():
    head = (*HEAD, "email", "employer_contact_name", "employer_contact_email")
    result = reading(
        (*SIAN, "sian@example.org", "", ""), (*LEE, "", "Ruth P", "sian@example.org"), head=head
    )
    assert [(one.row, one.field) for one in result.rejected] == [(3, "employer_contact_email")]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [("Ruth Ann Pemberton", ("Ruth Ann", "Pemberton")), ("李小龙", ("小龙", "李")), ("Ruth", None)],
)
def test_it_parts_a_contacts_name(whole, parts):
    assert split_name(whole) == parts
