"""Fills a form of one field, as a browser would, and says what came of it."""

from flask import Flask
from werkzeug.datastructures import MultiDict

from epa.web.forms import PlumblineForm


def filled(field, typed=None, **values):
    """Return the form's only field after validation; `typed` goes under its own name."""

    class OneField(PlumblineForm):
        answer = field

    app = Flask("fields")
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    data = MultiDict({f"answer-{part}": value for part, value in values.items()})
    if typed is not None:
        data.setlist("answer", typed if isinstance(typed, list) else [typed])
    with app.test_request_context(method="POST"):
        form = OneField(formdata=data)
        form.validate()
        return form.answer


def message(field, typed=None, **values):
    """Return the field's only message, or an empty text."""
    errors = filled(field, typed, **values).errors
    assert len(errors) <= 1
    return errors[0] if errors else ""
