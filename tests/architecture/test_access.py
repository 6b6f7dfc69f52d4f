"""Deny by default: every address says who may use it, on what, and whether it writes."""

import inspect
import sys

from werkzeug.routing import UUIDConverter

from epa.people.rules import GRANTS, Permission
from epa.web.access import declared
from epa.web.transaction import methods_that_write
from tests.architecture import tree


def views(app):
    """Every rule of the application except the static files', with its view."""
    return [
        (rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]


def test_it_declares_access_on_every_address(app):
    silent = [rule.rule for rule, view in views(app) if declared(view) is None]
    assert silent == []


def records(rule):
    """What of an address names a record; other parts are words within it, such as a KSB's code."""
    return {
        name
        for name, kind in rule._converters.items()
        if isinstance(kind, UUIDConverter) or name.endswith("_id")
    }


def test_it_has_one_record_to_an_address(app):
    several = {rule.rule: records(rule) for rule, _ in views(app) if len(records(rule)) > 1}
    assert several == {}


def test_it_looks_every_record_up_within_the_persons_reach(app):
    """What an address names is fetched by the declared loader, unless the address is public."""
    unscoped = {
        rule.rule: records(rule)
        for rule, view in views(app)
        if not declared(view).is_public
        and records(rule) != ({f"{declared(view).record}_id"} if declared(view).record else set())
    }
    assert unscoped == {}


def test_it_names_records_by_identifiers_that_cannot_be_guessed(app):
    guessable = [
        rule.rule
        for rule, _ in views(app)
        for name in records(rule)
        if not isinstance(rule._converters[name], UUIDConverter)
    ]
    assert guessable == []


def test_it_declares_every_post_a_write(app):
    silent = [
        rule.rule
        for rule, view in views(app)
        if "POST" in rule.methods and "POST" not in methods_that_write(view)
    ]
    assert silent == []


def test_it_knows_no_other_method(app):
    methods = {method for rule, _ in views(app) for method in rule.methods}
    assert methods == {"GET", "POST", "HEAD", "OPTIONS"}


def test_it_writes_on_reading_only_where_something_sensitive_is_read(app):
    """A GET that may write records the read; nothing that is public is sensitive."""
    writing = [(rule, view) for rule, view in views(app) if "GET" in methods_that_write(view)]
    assert [rule.rule for rule, view in writing if declared(view).is_public] == []
    assert [rule.rule for rule, _ in writing if "GET" not in rule.methods] == []


def test_it_grants_every_permission_that_a_page_asks_for(app):
    asked = {declared(view).permission for _, view in views(app)} - {None}
    granted = frozenset().union(*GRANTS.values())
    assert asked - granted == set()
    assert asked <= set(Permission)


# A room whose addresses are given to the methods that share it.
LENT = {"epa.judgements.routes": {"observation", "presentation"}}


def test_it_serves_each_feature_under_its_own_name(app):
    """A blueprint is named as the package its views stand in, or one that they are lent to."""
    foreign = {}
    for rule, view in views(app):
        module = inspect.unwrap(view).__module__
        blueprint = rule.endpoint.partition(".")[0]
        if blueprint not in {*module.split("."), *LENT.get(module, ())}:
            foreign[rule.endpoint] = module
    assert foreign == {}


def test_it_registers_every_blueprint_that_there_is(app):
    """A routes module that the factory does not import would be a feature without a door."""
    written = {
        name.removesuffix(".py").replace("/", ".")
        for name in tree.python("epa", "question_bank")
        if name.endswith("routes.py")
    }
    assert written - sys.modules.keys() == set()
