import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, StringField, validators

from epa.errors import Conflict, RuleBroken
from epa.web.fields import DateBoxes, TextField
from epa.web.forms import Fault, PlumblineForm


class ReasonForm(PlumblineForm):
    reason = TextField("Reason")
    decided_on = DateBoxes("Date of the decision")
    others = FieldList(StringField("Other", [validators.Length(max=2, message="Too long")]))


@pytest.fixture
def form():
    app = Flask("forms")
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield ReasonForm(formdata=MultiDict({"others-0": "abc"}))


def broken(field):
    def service():
        raise RuleBroken("too-soon", "It is too soon for this.", field)

    return service


def test_it_lists_errors_in_the_order_of_the_page_and_of_the_whole_first(form):
    form.validate()
    form.add_error("Nothing can be decided today")
    assert form.error_list == [
        Fault("", "Nothing can be decided today"),
        Fault("reason", "Enter the reason"),
        Fault("decided_on-day", "Enter the date of the decision"),
        Fault("others-0", "Too long"),
    ]


def test_it_turns_a_broken_rule_into_an_error_of_its_field(form):
    form.validate()
    assert not form.applied(broken("decided_on"))
    assert form.decided_on.errors[-1] == "It is too soon for this."


@pytest.mark.parametrize("field", [None, "no_such_field"])
def test_it_turns_other_broken_rules_into_an_error_of_the_form(form, field):
    assert not form.applied(broken(field))
    assert form.error_list == [Fault("", "It is too soon for this.")]


def test_it_hands_the_service_what_it_needs(form):
    given = []
    assert form.applied(lambda *args, **kwargs: given.append((args, kwargs)), 1, at=2)
    assert given == [((1,), {"at": 2})]


def test_it_lets_other_refusals_pass(form):
    def service():
        raise Conflict("Helen was first.")

    with pytest.raises(Conflict):
        form.applied(service)


def test_it_says_in_words_that_a_page_was_open_too_long():
    app = Flask("forms")
    app.config.update(SECRET_KEY="for tests only")
    with app.test_request_context(method="POST"):
        form = ReasonForm(formdata=MultiDict({"csrf_token": "old"}))
        form.validate()
    assert form.error_list[-1].message.startswith("This page was open too long")
