"""The questions our forms can ask; `templates/macros/forms.html` knows how each one looks."""

from epa.web.fields.choices import Choice, ChoiceField, ManyChoices, SelectBox, Tick
from epa.web.fields.dates import DateBoxes, TimeBox
from epa.web.fields.files import FileBox
from epa.web.fields.numbers import DecimalNumber, WholeNumber
from epa.web.fields.question import Question
from epa.web.fields.text import EmailField, NameField, PasswordBox, TextBox, TextField

__all__ = [
    "Choice",
    "ChoiceField",
    "DateBoxes",
    "DecimalNumber",
    "EmailField",
    "FileBox",
    "ManyChoices",
    "NameField",
    "PasswordBox",
    "Question",
    "SelectBox",
    "TextBox",
    "TextField",
    "Tick",
    "TimeBox",
    "WholeNumber",
]
