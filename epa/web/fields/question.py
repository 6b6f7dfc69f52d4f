"""What every field has in common: a label, a hint, what it is called in a sentence, one error."""

from typing import Any

from wtforms.fields import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation


def in_a_sentence(called: str) -> str:
    """Return a name as it stands inside a sentence: 'The date' to 'the date', 'ULN' as it is."""
    if len(called) > 1 and called[1].isupper():
        return called
    return called[:1].lower() + called[1:]


_ARTICLES = {"a", "an", "the", "this", "your", "their", "his", "her", "what", "how"}


def _asked_for(verb: str, called: str, *, is_question: bool) -> str:
    """Return what to say when nothing was given: 'Enter the date of your decision'."""
    if is_question:
        return f"Answer \u201c{called}?\u201d"
    article = "" if called.lower().split(" ")[0] in _ARTICLES else "the "
    return f"{verb} {article}{in_a_sentence(called)}"


class Question(Field):
    """One question of a form. Answers are asked for unless the field says `optional`.

    Subclasses read `typed` (what came from the browser) and set `data` (the value, or None when
    nothing was given). They raise ValueError with a sentence for the person when it will not do.
    """

    kind = "text"
    verb = "Enter"

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        called: str = "",
        missing: str = "",
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        """Ask something.

        Args:
            label: The question or the name of what is asked for.
            hint: An example or a short explanation, shown under the label.
            called: How messages name the answer, with a capital: 'The date of your decision'.
            missing: The message when nothing was given; made from `called` if left out.
            optional: True if an empty answer is accepted; the page then says 'optional'.
            kwargs: What WTForms takes: default, validators, render_kw, id.
        """
        super().__init__(label, description=hint, **kwargs)
        self.called = called or label.rstrip("?")
        is_question = label.endswith("?") and not called
        self.missing = missing or _asked_for(self.verb, self.called, is_question=is_question)
        self.optional = optional
        self.typed: Any = ""

    @property
    def hint(self) -> str:
        """The sentence under the label, or an empty text."""
        return self.description

    @property
    def focus_id(self) -> str:
        """The id of the control to go to when the answer is wrong."""
        return self.id

    def is_blank(self) -> bool:
        """Say whether nothing at all was given."""
        return not self.typed

    def process_data(self, value: Any) -> None:
        """Take the value that is already on record."""
        self.data = value
        self.typed = self.shown(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what came from the browser; an absent field counts as left empty."""
        self.typed = self.read(valuelist)
        self.data = None
        if not self.is_blank():
            self.data = self.understood()

    def read(self, valuelist: list[Any]) -> Any:
        """Return what was typed, from the raw values of the request."""
        return str(valuelist[0]).strip() if valuelist else ""

    def shown(self, value: Any) -> Any:
        """Return how a value on record stands in the box."""
        return "" if value is None else str(value)

    def understood(self) -> Any:
        """Return the value of what was typed; raise ValueError with a sentence if it has none."""
        return self.typed

    def check(self) -> None:
        """Raise ValueError with a sentence if the value is understood but will not do."""

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002 - WTForms hands it over
        """Stop at the first thing that is wrong, so that each field shows one message."""
        if self.process_errors:
            raise StopValidation
        if self.is_blank():
            raise StopValidation("" if self.optional else self.missing)
        try:
            self.check()
        except ValueError as fault:
            raise StopValidation(str(fault)) from fault

    def _value(self) -> str:
        """Return what stands in the box, as WTForms widgets and our macros ask for it."""
        return str(self.typed)
