"""Methods, addresses and queries that no page of ours sends: refused or ignored, never a crash.

All on SQLite; on PostgreSQL again what a database may have an opinion of.
"""

import pytest

from epa.web.transaction import methods_that_write
from tests.access import addresses
from tests.access.reach import ALLOWED, expected
from tests.access.sweep import RECORDS, address

LONG = "x" * 10_000
VALUES = (
    *("%00", "a%00b", "%ED%A0%80", "%FF%FE", LONG, "%27", "%25", "-1", "0", "99999999999999999999"),
    *("1e9", "%E2%80%AE", "null", "%0D%0AX-Odd:%201", "name%27;--", "..%2F..%2Fetc%2Fpasswd"),
)
TO_A_DATABASE = frozenset({"%00", "a%00b", "%ED%A0%80", "%FF%FE", LONG, "99999999999999999999"})
# Tried in one field at a time as well, so that no earlier field's refusal stands before it.
ALONE = frozenset({"a%00b", "99999999999999999999"})
NAMES = {
    "record.index": ("words", "stage", "sort", "page", "endpoint"),
    "record.export": ("words", "stage", "sort", "ending"),
    "search.find": ("q",),
    "grading.index": ("words", "sort", "page"),
    "grading.export": ("words", "sort"),
    "resits.index": ("show", "words", "sort", "page"),
    "booking.index": ("show", "page"),
    "diary.index": ("view", "span", "on"),
    "rooms.index": ("page",),
    "assessors.index": ("page",),
    "invigilation.index": ("show", "page"),
    "people.index": ("q", "role", "kind", "state", "sort", "page"),
    "people.export": ("q", "role", "kind", "state"),
    "people.organisations": ("q", "kind", "page"),
    "people.conflicts": ("page",),
    "audit_log.index": (
        *("actor", "action", "subject", "subject_id", "page"),
        *("first_day", "last_day", "first_day-day", "first_day-month", "first_day-year"),
    ),
    "outbox.index": ("words", "event", "state", "sort", "page"),
    "outbox.export": ("words", "event", "state", "sort"),
    "audit_log.export": ("actor", "action", "subject", "subject_id", "first_day-day"),
    "people.export_organisations": ("q", "kind"),
    "settings.logo": ("of",),
    "portfolio.show": ("version",),
    "portfolio.compare": ("earlier", "later"),
    "material.file": ("version",),
    "presentation.submitted": ("version",),
    "presentation.file": ("version",),
    "presentation.sheet": ("ksb", "find"),
    "home.show": ("next",),
}
BODIES = (
    (b"\x00\xff\xfe", "application/octet-stream"),
    (b'{"a": "\\ud800"}', "application/json"),
    (b"[]", "application/json"),
    (b"q=" + b"9" * 5000, "application/x-www-form-urlencoded"),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
)
UNSTORABLE = (b"reason=%00&text=%ED%A0%80&family_name=%00", "application/x-www-form-urlencoded")
_WITH_WORDS = 2
_EACH_FIFTH = 5
BAD_IDS = ("1", "00000000-0000-0000-0000-00000000000", "%00", "a%00b", "%ED%A0%80", LONG, "..", "'")


def _tried(values, database_kind):
    """The values to try on a database."""
    return [one for one in values if database_kind == "sqlite" or one in TO_A_DATABASE]


def _faults(answers):
    return [str(one) for one in answers if one.status >= 500 or one.wrote]


def _asked(asker, method, rules):
    reader = asker.world.readers["administrator"]
    for rule in rules:
        kind = addresses.ENDPOINTS.get(rule.endpoint, ("", "-"))[1]
        path = address(asker.world, rule, RECORDS[kind][0])
        yield asker.ask(reader, method, rule.endpoint, path)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_it_answers_whoever_asks_for_less_than_a_page(asker, method):
    """A page's head is the page that is asked for elsewhere, but where reading it is recorded."""
    rules = [one for one in asker.app.url_map.iter_rules() if one.endpoint != "static"]
    views = asker.app.view_functions
    asked = [one for one in rules if "GET" in methods_that_write(views[one.endpoint])]
    assert asked
    assert not _faults(_asked(asker, method, [*asked, *rules[::_EACH_FIFTH]]))


def test_it_refuses_every_other_method(asker):
    rules = list(asker.app.url_map.iter_rules())
    assert not [one for one in rules if one.methods - {"GET", "HEAD", "OPTIONS", "POST"}]
    few = [one for one in rules if one.endpoint != "static"][::40]
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "ODD"):
        answers = list(_asked(asker, method, few))
        assert {one.status for one in answers} == {405}
        assert not _faults(answers)


@pytest.mark.both_databases
@pytest.mark.parametrize("endpoint", NAMES)
def test_it_takes_any_query(asker, database_kind, endpoint):
    rule = next(one for one in asker.app.url_map.iter_rules() if one.endpoint == endpoint)
    kind = addresses.ENDPOINTS[endpoint][1]
    path = address(asker.world, rule, RECORDS[kind][0]).partition("?")[0]
    reader, answers = asker.world.readers["administrator"], []
    for value in _tried(VALUES, database_kind):
        queries = [f"{name}={value}" for name in NAMES[endpoint]]
        alone = queries if value in ALONE else []
        answers += [
            asker.ask(reader, "GET", endpoint, f"{path}?{query}", query[:60])
            for query in (*alone, "&".join((f"{value}={value}", *queries)))
        ]
    assert not _faults(answers)
    assert not [one for one in answers if "X-Odd" in one.response.headers]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "ids"), [("administrator", BAD_IDS), ("nobody", ("%ED%A0%80", LONG))]
)
def test_it_takes_any_address(asker, database_kind, name, ids):
    reader, answers = asker.world.readers[name], []
    rules = [rule for rule in asker.app.url_map.iter_rules() if "<" in rule.rule]
    tried = _tried(ids, database_kind)
    # Identifiers are read by one converter: each address takes its turn with one of the values,
    # and with two where it has words as well.
    for turn, rule in enumerate(rules):
        often = 1 if rule.rule.count("<") == rule.rule.count("<uuid:") else _WITH_WORDS
        for value in (tried[(turn + later) % len(tried)] for later in range(often)):
            path = "/".join(
                value if part.startswith("<") else part for part in rule.rule.split("/")
            )
            answers.append(asker.ask(reader, "GET", rule.endpoint, path, value[:40]))
    odd = (f"/{LONG}", "/%00", "/%ED%A0%80", "/apprentices/%2e%2e/people", "//evil.example")
    answers += [asker.ask(reader, "GET", "", path, path[:40]) for path in odd]
    assert not _faults(answers)
    assert not [str(one) for one in answers if one.status == 200]


@pytest.mark.both_databases
def test_it_takes_any_form(asker, database_kind):
    """Fields full of what cannot be stored: 4xx with everything kept, or a redirect."""
    answers = []
    forms = [one for one in asker.app.url_map.iter_rules() if "POST" in one.methods]
    for turn, rule in enumerate(forms):
        if rule.endpoint in addresses.PUBLIC:
            continue
        record = RECORDS[addresses.ENDPOINTS[rule.endpoint][1]][0]
        path, reader = address(asker.world, rule, record), _one_who_may(asker, rule, record)
        # What cannot be stored is sent to each; bodies of other kinds are read in one place.
        others = [] if database_kind == "postgresql" else [BODIES[turn % len(BODIES)]]
        for body, kind in (UNSTORABLE, *others):
            answers.append(
                asker.ask(reader, "POST", rule.endpoint, path, kind, data=body, content_type=kind)
            )
    assert not [str(one) for one in answers if one.status >= 500]


def _one_who_may(asker, rule, record):
    """Whoever can send this form; the administrator, where for this record nobody can."""
    readers = [one for one in asker.world.readers.values() if one.is_in]
    may = (one for one in readers if expected(asker.world, one, rule.endpoint, record) == ALLOWED)
    return next(may, asker.world.readers["administrator"])
