"""The form every form of ours is: one list of errors in order, and services applied politely."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import request
from flask_wtf import FlaskForm
from wtforms.fields import Field, FieldList, FormField

from epa.database import db
from epa.errors import RuleBroken

_TOO_LONG_OPEN = "This page was open too long to be sent. Look it over and send it again"


class Fault(NamedTuple):
    """One thing to put right: where it is ('' for the whole form) and the sentence."""

    field_id: str
    message: str


class PlumblineForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that keeps what was typed and says everything that is wrong at once."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF carries no types
        """What a form is filled from: fields that were sent, never a document."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A script's JSON is read elsewhere by its shape; as a form it is one that is empty."""
            return None if request and request.is_json else super().wrap_formdata(form, formdata)

    @property
    def error_list(self) -> list[Fault]:
        """Everything to put right: first what concerns the whole form, then field by field."""
        whole = [Fault("", message) for message in self.form_errors]
        return whole + [fault for field in self for fault in _faults_of(field)]

    def applied(self, service: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Call a service; turn a broken rule into an error of this form, and undo what was done.

        Args:
            service: What to call.
            args: Handed to the service.
            kwargs: Handed to the service.

        Returns:
            True if the service did its work, False if a rule stood in the way. Other refusals
            (NotAllowed, Conflict) pass through: they have pages of their own.
        """
        try:
            with db.session.begin_nested():
                service(*args, **kwargs)
        except RuleBroken as broken:
            for one in broken.each:
                self.add_error(one.message, one.field)
            return False
        return True

    def add_error(self, message: str, field: str | None = None) -> None:
        """Add an error to a field by its name, or to the whole form when there is no such field."""
        target = self._fields.get(field) if field else None
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]


def _faults_of(field: Field) -> Iterator[Fault]:
    if isinstance(field, FormField | FieldList):
        for inner in field:
            yield from _faults_of(inner)
        return
    if field.name == "csrf_token":
        if field.errors:
            yield Fault("", _TOO_LONG_OPEN)
        return
    target = getattr(field, "focus_id", field.id)
    for message in field.errors:
        yield Fault(target, str(message))
