"""What a list may hold, what is worked out of it, and who the clients are."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from epa.client_data.breakdown import NOT_SAID, age_band, breakdowns, counted
from epa.client_data.rules import (
    MOST_GROUPS,
    Period,
    answers_kept,
    answers_read,
    clients_in,
    population_faults,
    reference_fault,
    worked_out,
)
from frameworks import load_framework
from frameworks.faults import TableFaults
from frameworks.kpis.report import with_clients
from frameworks.kpis.satisfaction import Answers
from frameworks.kpis.tables import table_of

HEAD = ["reference", "service_start", "job_start", "job_end", "age", "gender", "ethnicity"]
PERIOD = Period(date(2023, 4, 1), date(2026, 3, 31), date(2026, 4, 1))


def table(*rows, head=HEAD):
    return table_of("list.csv", list(enumerate([head, *rows], start=1)))


def faults(*rows):
    with pytest.raises(TableFaults) as caught:
        clients_in(table(*rows))
    return {fault.where: fault.problem for fault in caught.value.faults}


@pytest.mark.parametrize(
    "reference", ["C-0412", "7", "2024/17", "a.b_9", "x" * 31 + "1", "9434765919"[:9]]
)
def test_a_code_is_a_reference(reference):
    assert reference_fault(reference) is None


@pytest.mark.parametrize(
    "reference",
    ["Ann Smith", "ann", "ann@example.org1", "C 1", "é1", "x" * 40 + "1", "-1", "Smith1 Ann"],
)
def test_a_name_or_an_address_is_none(reference):
    assert "a code of at most 32" in reference_fault(reference)


@pytest.mark.parametrize("reference", ["AB123456C", "9434765919", "07700900123", "943-476-5919"])
def test_a_number_of_a_person_is_none_and_is_not_repeated(reference):
    assert "belongs to a person" in reference_fault(reference)
    assert reference not in reference_fault(reference)


def test_it_names_every_row_and_column_of_what_is_not_taken():
    found = faults(
        ["Ann", "", "", "", "", "", ""],
        ["C-2", "", "", "", "12", "", ""],
        ["C-3", "", "", "", "", "x" * 61, ""],
        ["C-4", "2025-02-01", "", "", "200", "", ""],
    )
    assert set(found) == {
        *("row 2, reference", "row 3, age", "row 4, gender", "row 5, age"),
    }
    assert found["row 3, age"] == "an age from 14 to 110 was expected, not '12'"


def test_it_takes_dates_in_the_wrong_order_and_doubles_from_the_command():
    found = faults(
        ["C-1", "2025-02-01", "2025-01-31", "", "", "", ""],
        ["C-1", "", "", "", "", "=1+1", ""],
    )
    assert set(found) == {"row 2, job_start", "row 3, reference", "row 3, gender"}


def test_a_column_of_remarks_is_no_breakdown():
    rows = [
        [f"C-{number}", "", "", "", "", f"says {number}", ""] for number in range(MOST_GROUPS + 1)
    ]
    assert faults(*rows) == {
        "gender": "31 different entries; at most 30 are taken, so use fewer and broader words"
    }
    assert faults() == {"": "no client is listed; one row for each was expected"}


@pytest.mark.parametrize(
    ("age", "band"),
    [(15, "Under 16"), (16, "16 to 24"), (24, "16 to 24"), (25, "25 to 34"), (64, "50 to 64")],
)
def test_an_age_is_kept_as_a_band(age, band):
    assert age_band(age) == band
    assert clients_in(table(["C-1", "", "", "", str(age), "", ""])).clients[0].age == band


def test_the_oldest_band_has_no_end():
    assert age_band(65) == age_band(110) == "65 and over"


def test_it_works_out_everything_the_pages_show():
    """Four started; two got a job after 70 and 140 days; the first kept it, 182 days to the day."""
    framework, measures = with_clients(load_framework("seqf"))
    listed = clients_in(
        table(
            ["C-1", "2025-01-06", "2025-03-17", "2025-09-15", "30", "woman", ""],
            ["C-2", "2025-01-06", "2025-05-26", "2025-11-23", "31", "woman", ""],
            ["C-3", "2025-01-06", "2026-05-01", "", "17", "man", ""],
            ["C-4", "2022-01-06", "", "", "", "man", ""],
            ["C-5", "", "", "", "", "man", ""],
        )
    )
    answers = Answers((Fraction("4.5"), Fraction(4)), (Fraction(5),))
    worked = worked_out(framework, measures, listed, answers, PERIOD)
    shown = {
        one["code"]: (one["value"], one["counted"], one["of"], one["marks"])
        for one in worked.figures["indicators"]
    }
    assert shown == {
        "2.2.A": ("50", 2, 4, "10"),
        "2.2.B": ("15", 2, 2, "8"),
        "2.2.C": ("17/4", 2, 2, "17/4"),
        "2.2.D": ("5", 1, 5, "5"),
        "2.2.E": ("50", 1, 2, "2"),
    }
    assert worked.figures["left_out"] == {"without_start": 1, "starts_later": 0, "jobs_later": 1}
    assert worked.figures["outside"] == 1
    assert worked.figures["groups"] == {
        "age": {"25 to 34": 2, NOT_SAID: 2, "16 to 24": 1},
        "gender": {"man": 3, "woman": 2},
        "ethnicity": {NOT_SAID: 5},
    }
    assert [row[:2] for row in worked.left_out] == [[4, "C-3"], [6, "C-5"]]
    assert worked.clients == 5
    assert answers_read(answers_kept(answers)) == answers
    assert answers_read(answers_kept(None)) is None


def test_days_that_cannot_be_are_named():
    assert list(PERIOD.faults) == []
    turned = Period(PERIOD.ends_on, PERIOD.starts_on, date(2020, 1, 1))
    assert [field for field, _ in turned.faults] == ["ends_on", "assessed_on"]


def test_small_groups_are_left_out_with_what_would_give_them_away():
    (found,) = breakdowns(
        {"gender": {"man": 7, "other": 2, "woman": 9}}, {"gender": {"woman": "51"}}, 5
    )
    assert [(one.title, one.number) for one in found.groups] == [
        ("man", None),
        ("other", None),
        ("woman", 9),
    ]
    assert found.groups[2].share == 50
    assert found.groups[2].population == Decimal(51)
    assert found.has_hidden
    assert [[bar.words for bar in pair.bars] for pair in found.pairs] == [["51.0%", "50.0%"]]


def test_of_a_list_that_is_too_small_no_group_is_named():
    (found,) = breakdowns({"gender": {"woman": 2, "man": 1}}, {}, 5)
    assert found.groups == ()
    assert not found.has_population


def test_ages_stand_in_their_order_and_who_did_not_say_last():
    rows = [["C-1", "", "", "", age, "", ""] for age in ("", "70", "15", "", "20")]
    rows = [[f"C-{place}", *row[1:]] for place, row in enumerate(rows)]
    counts = counted(clients_in(table(*rows)).clients, ["age"])
    assert list(counts["age"]) == [*("Under 16", "16 to 24", "65 and over", NOT_SAID)]


def test_shares_of_the_population_come_to_the_whole_at_most():
    assert not list(population_faults({"age": {"a": "60", "b": "40"}}))
    (said,) = population_faults({"age": {"a": "60", "b": "40.01"}})
    assert said == "Age: the shares must come to 100% or less; they come to 100.01%"
