import pytest

from epa.web.fields import EmailField, NameField, PasswordBox, TextBox, TextField
from tests.epa.web.fields import filled, message


@pytest.mark.parametrize(
    "name", ["O'Neill", "Nguyễn Thị Lan", "李小龙", "X", "a" * 100, "de la Cruz-Álvarez", "Siân"]
)
def test_it_keeps_names_exactly(name):
    assert filled(NameField("Family name"), name).data == name


def test_it_trims_only_the_ends():
    assert filled(NameField("Name"), "  Ana  Maria \t").data == "Ana  Maria"


@pytest.mark.parametrize("name", ["Ann\0", "Ann\x07", "An\x1bn", "\x85", "\ud800Ann"])
def test_it_refuses_what_cannot_be_stored(name):
    said = message(NameField("Family name"), name)
    assert said == "Family name holds a character that cannot be kept; type it again"


def test_it_shows_unstorable_text_without_the_fault():
    assert filled(NameField("Name"), "An\0n")._value() == "Ann"


@pytest.mark.parametrize("name", ["Ann\nBell", "Ann\tBell", "Ann\r\nBell"])
def test_it_refuses_several_lines_where_one_is_asked_for(name):
    assert message(TextField("Name"), name) == "Name must be on one line, without tabs"


@pytest.mark.parametrize("name", ["...", "123", "-"])
def test_it_asks_for_a_letter_in_a_name(name):
    assert message(NameField("Name"), name) == "Name must have at least one letter"


def test_it_names_the_length_that_would_do():
    said = message(TextField("Reason", most_letters=10), "x" * 12)
    assert said == "Reason must have 10 characters or fewer; it has 12"
    assert filled(TextField("Reason", most_letters=10), "x" * 12).typed == "x" * 12


def test_it_names_the_least_length():
    said = message(TextField("Reason", least_letters=20), "short")
    assert said == "Reason must have 20 characters or more; it has 5"


@pytest.mark.parametrize("blank", ["", "   ", "\n", None])
def test_it_asks_for_what_is_missing(blank):
    assert message(TextField("Reason"), blank) == "Enter the reason"


def test_it_takes_an_empty_optional_answer_as_none():
    field = filled(TextField("Reason", optional=True), "")
    assert (field.data, list(field.errors)) == (None, [])


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("ULN", "Enter the ULN"),
        ("Your name", "Enter your name"),
        ("Why not?", "Answer “Why not?”"),
    ],
)
def test_it_words_what_is_missing_by_the_label(label, said):
    assert message(TextField(label), "") == said


def test_it_counts_a_line_end_once_as_the_browser_does():
    assert filled(TextBox("Note", most_letters=3), "a\r\nb").data == "a\nb"


@pytest.mark.parametrize("address", ["ann@example.org", "ann.o'neill@mail.example.org"])
def test_it_takes_addresses(address):
    assert filled(EmailField("Email"), address).data == address


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "@example.org", "a b@example.org", "ann@example..org", "a@b@c.org"]
)
def test_it_refuses_what_is_no_address_and_says_what_one_is(address):
    said = message(EmailField("Email"), address)
    assert said == "Email must be an email address, such as name@example.org"


def test_it_never_trims_a_password_nor_shows_it_again():
    field = filled(PasswordBox("Password"), " secret ")
    assert (field.data, field._value()) == (" secret ", "")
