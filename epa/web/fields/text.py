"""Fields for words: names, sentences, e-mail addresses, passwords."""

import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email

from epa.web.fields.question import Question

_LINE_LAYOUT = "\t\n\r"


def unstorable(text: str) -> bool:
    """Say whether a text holds what no database or document keeps: NUL, controls, half pairs."""
    return any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _LINE_LAYOUT
        for letter in text
    )


class TextField(Question):
    """One line of text, kept exactly as typed but for white space at its ends."""

    input_type = "text"
    keeps_lines = False

    def __init__(
        self,
        label: str,
        *,
        least_letters: int = 0,
        most_letters: int = 200,
        width: str = "",
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        """Ask for text.

        Args:
            label: The question.
            least_letters: How many characters are needed.
            most_letters: How many characters are kept; more is refused with the count.
            width: 'tiny', 'short', 'medium' or '' for the whole column; it hints the length.
            autocomplete: The purpose token of HTML, such as 'family-name'.
            kwargs: As for `Question`.
        """
        super().__init__(label, **kwargs)
        self.least_letters = least_letters
        self.most_letters = most_letters
        self.width = width
        self.autocomplete = autocomplete

    def read(self, valuelist: list[Any]) -> str:
        """Return the text with one kind of line end; trimmed, unless the field says otherwise."""
        text = str(valuelist[0]) if valuelist else ""
        text = text.replace("\r\n", "\n")
        return text if unstorable(text) else text.strip()

    def understood(self) -> str:
        """Refuse what cannot be stored and, in a single line, line ends and tabs."""
        if unstorable(self.typed):
            raise ValueError(f"{self.called} holds a character that cannot be kept; type it again")
        if not self.keeps_lines and any(layout in self.typed for layout in _LINE_LAYOUT):
            raise ValueError(f"{self.called} must be on one line, without tabs")
        return str(self.typed)

    def check(self) -> None:
        """Hold the text to its length."""
        length = len(self.data)
        if length > self.most_letters:
            raise ValueError(
                f"{self.called} must have {self.most_letters:,} characters or fewer;"
                f" it has {length:,}"
            )
        if length < self.least_letters:
            raise ValueError(
                f"{self.called} must have {self.least_letters:,} characters or more;"
                f" it has {length:,}"
            )

    def _value(self) -> str:
        """Return the text for the box, without what a page cannot carry."""
        if not unstorable(self.typed):
            return str(self.typed)
        return "".join(letter for letter in self.typed if not unstorable(letter))


class NameField(TextField):
    """A person's or an organisation's name, in any script, one letter or more."""

    def __init__(self, label: str, *, most_letters: int = 100, **kwargs: Any) -> None:
        """Ask for a name of at most `most_letters` characters; see `TextField`."""
        super().__init__(label, most_letters=most_letters, **kwargs)

    def understood(self) -> str:
        """Ask for at least one letter: a name of dots or figures alone is a slip."""
        name = super().understood()
        if not any(letter.isalpha() for letter in name):
            raise ValueError(f"{self.called} must have at least one letter")
        return name


class TextBox(TextField):
    """Several lines of text; the page counts down to `most_letters`."""

    kind = "textarea"
    keeps_lines = True

    def __init__(
        self, label: str, *, most_letters: int = 4000, rows: int = 5, **kwargs: Any
    ) -> None:
        """Ask for up to `most_letters` characters in a box of `rows` lines; see `TextField`."""
        super().__init__(label, most_letters=most_letters, **kwargs)
        self.rows = rows


class EmailField(TextField):
    """One e-mail address."""

    input_type = "email"

    def __init__(self, label: str, **kwargs: Any) -> None:
        """Ask for an address; see `TextField`."""
        kwargs.setdefault("most_letters", 254)
        kwargs.setdefault("autocomplete", "email")
        super().__init__(label, **kwargs)

    def understood(self) -> str:
        """Return the address in its one written form."""
        typed = super().understood()
        try:
            address = validate_email(typed, check_deliverability=False, test_environment=True)
        except EmailNotValidError as fault:
            raise ValueError(
                f"{self.called} must be an email address, such as name@example.org"
            ) from fault
        return address.normalized


class PasswordBox(TextField):
    """A password: never trimmed, never sent back to the page."""

    kind = "password"
    input_type = "password"

    def __init__(self, label: str, **kwargs: Any) -> None:
        """Ask for a password; `autocomplete` is 'new-password' where one is chosen."""
        kwargs.setdefault("most_letters", 1000)
        kwargs.setdefault("autocomplete", "current-password")
        super().__init__(label, **kwargs)

    def read(self, valuelist: list[Any]) -> str:
        """Return the password as it was typed."""
        return str(valuelist[0]) if valuelist else ""

    def _value(self) -> str:
        """Return nothing: a password is not written into a page."""
        return ""
