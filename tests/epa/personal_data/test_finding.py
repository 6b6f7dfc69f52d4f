"""What looks like personal data: measured on labelled notes, and kind by kind."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.personal_data import Kind, findings

HERE = Path(__file__).parent
HARMLESS = (HERE / "harmless_notes.txt").read_text(encoding="utf-8").splitlines()
PERSONAL = [
    line.split("\t")
    for line in (HERE / "personal_notes.txt").read_text(encoding="utf-8").splitlines()
]
LEAST_FOUND, MOST_FLAGGED = 0.90, 0.01


def kinds(text):
    return [one.kind for one in findings(text)]


def test_it_finds_nine_in_ten_of_the_notes_with_personal_data():
    found = [note for kind, note in PERSONAL if Kind(kind) in kinds(note)]
    missed = [note for kind, note in PERSONAL if note not in found]
    rate = len(found) / len(PERSONAL)
    print(f"found {len(found)} of {len(PERSONAL)} notes with personal data: {rate:.1%}")  # noqa: T201 (the rate is to be read)
    assert len(PERSONAL) >= 150
    assert rate >= LEAST_FOUND, missed


def test_it_flags_at_most_one_in_a_hundred_harmless_notes():
    flagged = [note for note in HARMLESS if findings(note)]
    rate = len(flagged) / len(HARMLESS)
    print(f"flagged {len(flagged)} of {len(HARMLESS)} harmless notes: {rate:.1%}")  # noqa: T201 (the rate is to be read)
    assert len(HARMLESS) >= 150
    assert rate <= MOST_FLAGGED, flagged


def test_its_notes_cover_every_kind_and_none_stands_twice():
    assert {Kind(kind) for kind, _ in PERSONAL} == set(Kind)
    notes = [*HARMLESS, *(note for _, note in PERSONAL)]
    assert len(set(notes)) == len(notes)


def test_it_says_where_and_never_what():
    text = "SU1 came.\nRing Mrs Patel on 07700 900123."
    name, phone = findings(text)
    assert (name.kind, name.line, phone.kind, phone.line) == (Kind.NAME, 2, Kind.PHONE, 2)
    assert text[name.start : name.end] == "Mrs Patel"
    assert text[phone.start : phone.end] == "07700 900123"
    assert "Patel" not in repr([name, phone])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AB123456C", Kind.NATIONAL_INSURANCE),
        ("ab 12 34 56 c", Kind.NATIONAL_INSURANCE),
        ("943 476 5919", Kind.NHS_NUMBER),
        ("9434765919", Kind.NHS_NUMBER),
        ("07700900123", Kind.PHONE),
        ("+44 (0)7700 900123", Kind.PHONE),
        ("0113 496 0123", Kind.PHONE),
        ("a.b@example.org", Kind.EMAIL),
        ("LS1 4AB", Kind.POSTCODE),
        ("sw1a 2aa", Kind.POSTCODE),
        ("14 Sycamore Avenue", Kind.ADDRESS),
        ("DOB 1/2/90", Kind.DATE_OF_BIRTH),
        ("Ms O’Neill", Kind.NAME),
        ("Nguyễn Karen", Kind.NAME),
    ],
)
def test_it_knows_each_kind_by_itself(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "BG123456C",  # letters that are never used
        "ULN 943 476 5919",
        "123 456 7890",  # does not add up
        "0800 169 0190",
        "0300 123 4567",
        "info@tidewell.example",
        "K1 7AB",  # no postcode begins with K alone
        "S5 1pm",
        "observed on 12/03/2026",
        "Mr Kipling",
        "Miss Monday",
        "MS Teams",
        "SU1, SU-2 and SU 3",
        "",
    ],
)
def test_it_leaves_what_only_looks_alike(text):
    assert findings(text) == []


def test_it_counts_places_over_lines_of_any_length():
    text = f"{'x ' * 30_000}\nMrs Patel"
    (found,) = findings(text)
    assert (found.line, text[found.start : found.end]) == (2, "Mrs Patel")


@given(text=st.text(max_size=300))
def test_it_takes_any_text_and_never_finds_outside_it(text):
    for found in findings(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.line == text.count("\n", 0, found.start) + 1


def test_it_needs_neither_flask_nor_a_database():
    code = (
        "import sys; import epa.cli, epa.commands.personal_data;"
        "sys.exit(bool({'flask', 'sqlalchemy', 'wtforms', 'pydantic'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
