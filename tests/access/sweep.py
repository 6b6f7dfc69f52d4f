"""Every address as one reader, on every record, kept for all tests that look at the answers."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from tests.access import addresses
from tests.access.asking import UNKNOWN, Answer
from tests.access.reach import ALLOWED, expected
from tests.access.turns import lacks_permission

# The records that each kind of address is tried on: in every state, of siblings with the same and
# with another employer, of another EPAO, and an id that nothing has.
RECORDS = {
    "-": ("",),
    "assessment": ("ada@one", "ben@one", "cleo@one", "dan@one", "ada@two", "unknown"),
    "attempt": (
        *("ada@one presentation", "ada@one observation", "ada@one knowledge_test"),
        *("dan@one presentation", "dan@one observation", "dan@one knowledge_test"),
        *("ada@two presentation", "ada@two observation", "ada@two knowledge_test", "unknown"),
    ),
    "requirement": (
        *("time_on_programme ben@one", "english_and_mathematics ben@one"),
        *("certificate_permission ben@one", "employer_confirmation ben@one"),
        *("english_and_mathematics ben@two", "unknown"),
    ),
    "piece": (
        *("piece ada@one v1", "piece ada@one v2", "piece ben@one v1", "piece ada@two v2"),
        "unknown",
    ),
    "asked": ("asked ada@one", "asked ada@two", "unknown"),
    "evidence": ("evidence ada@one", "evidence ada@two", "unknown"),
    "version": ("version ada@one v1", "version dan@one v1", "version ada@two v1", "unknown"),
    "material": ("material ada@one", "material ben@one", "material ada@two", "unknown"),
    "upload": ("upload ada@one", "upload assessor@one", "upload ada@two", "unknown"),
    "person": (
        *("person marker@one", "person ada@one", "person employer@one"),
        *("person marker@two", "person ada@two", "person employer@two", "unknown"),
    ),
    "role": ("role marker@one", "role employer@one", "role marker@two", "unknown"),
    "organisation": ("epao@one", "employer1@one", "epao@two", "provider1@two", "unknown"),
    "provider": ("support@one", "provider1@one", "employer1@one", "support@two", "unknown"),
    "records": ("records support@one", "records support@two", "unknown"),
    "conflict": ("conflict assessor@one", "conflict assessor@two", "unknown"),
    "assessor": ("person assessor@one", "person ada@one", "person assessor@two", "unknown"),
    "competence": ("competence assessor@one", "competence assessor@two", "unknown"),
    "slot": ("slot assessor@one", "slot invigilator@one", "slot assessor@two", "unknown"),
    "room": ("room@one", "room@two", "unknown"),
    "event": ("event@one", "event@two", "unknown"),
    "candidate": ("candidate@one", "candidate@two", "unknown"),
    "shift": ("shift@one", "shift@two", "unknown"),
    "resit": ("resit dan@one", "resit dan@two", "unknown"),
    "action": ("action dan@one", "action dan@two", "unknown"),
    "note": ("note ada@one", "note ada@two", "unknown"),
    "mail": ("mail@one", "mail@two", "unknown"),
    "table": ("table@one", "table@two", "unknown"),
    "bank": ("bank@one", "bank@two", "unknown"),
    "file": ("file@one", "file@two", "unknown"),
    "export": ("export@one", "export@two", "unknown"),
    "asked_version": ("asked_version@one", "asked_version@two", "unknown"),
    "answer": ("answer@one", "answer@two", "unknown"),
    "marked": ("marked@one", "marked@two", "unknown"),
    "settled": ("answer@one", "answer@two", "unknown"),
    "stop": ("stop@one", "stop@two", "unknown"),
    "remarking": ("remarking@one", "remarking@two", "unknown"),
    "remarked": ("remarked@one", "remarked@two", "unknown"),
    "answers": ("answers@one", "answers@two", "unknown"),
    "blueprint": ("blueprint@one", "blueprint@two", "unknown"),
    "paper": ("paper@one", "paper@two", "unknown"),
    "item": ("item@one", "item@two", "unknown"),
    "picture": ("picture@one", "picture@two", "unknown"),
    "batch": ("late ada@one", "late ada@two", "unknown"),
    "sitting": ("sitting ada@one", "sitting dan@one", "sitting ada@two", "unknown"),
    "review": ("review@one", "review@two", "unknown"),
    "proof": ("proof@one", "proof@two", "unknown"),
    "task": ("task@one", "task@two", "unknown"),
    "block": ("block@one", "block@two", "unknown"),
    "objection": ("objection@one", "objection@two", "unknown"),
    "remark": ("remark@one", "remark@two", "unknown"),
    "improvement": ("improvement@one", "improvement@two", "unknown"),
    "pack": ("pack@one", "pack@two", "unknown"),
}

# What of an address is neither a record nor given by its rule; and what a page is asked, so that it
# shows all it can: every name of the world has these letters.
WORDS = {
    "group": "limits",
    "kind": "multiple_choice",
    "document": "marking-guide",
    "deed": "pause",
    "ending": "csv",
    "section": "2.1",
    "criterion": "2.1.1",
}
ASKED = {"search.find": "?q=qz"}


@dataclass
class Seen:
    """An answer, what was expected, and in what way it is wrong."""

    answer: Answer
    expected: object
    fault: str


_swept = WeakKeyDictionary()


def sweep(asker, name):
    """Every answer to one reader; asked for once."""
    kept = _swept.setdefault(asker, {})
    if name not in kept:
        kept[name] = list(_sweep(asker, asker.world.readers[name]))
    return kept[name]


def _sweep(asker, reader):
    for rule in sorted(asker.app.url_map.iter_rules(), key=str):
        if rule.endpoint in addresses.PUBLIC:
            continue
        for record in _records(asker.world, reader, rule.endpoint):
            if asker.is_postgresql and not asker.turns.is_asked(reader, rule.endpoint, record):
                continue
            wanted = expected(asker.world, reader, rule.endpoint, record)
            path = address(asker.world, rule, record)
            for method in _methods(reader, rule, wanted):
                answer = asker.ask(reader, method, rule.endpoint, path, record)
                yield Seen(answer, wanted, _fault(reader, answer, wanted))


def _methods(reader, rule, wanted):
    """How an address is asked: where it is refused, in the one way that could change something.

    Access is declared for a view, not for a method of it.
    """
    methods = sorted(rule.methods & {"GET", "POST"})
    return methods[-1:] if reader.is_in and wanted != ALLOWED else methods


def _records(world, reader, endpoint):
    """The records to try: fewer where nothing depends on them.

    Whoever lacks the permission is refused before any record is looked for: a grant too many turns
    that 403 into a page, or into a 404. A method's own pages are tried on one other method.
    """
    records = RECORDS[addresses.ENDPOINTS[endpoint][1]]
    if not reader.is_in or lacks_permission(world, reader, endpoint):
        return records[:1]
    method = addresses.METHOD_OF.get(endpoint.partition(".")[0])
    other = "presentation" if method == "observation" else "observation"
    return [
        record
        for record in records
        if method is None or record.endswith((method, "unknown")) or record == f"ada@one {other}"
    ]


def address(world, rule, record):
    """The path of a rule for a record."""
    values = {}
    for argument in rule.arguments:
        values[argument] = str(world.objects.get(record, UNKNOWN))
    if "ksb" in values:
        values["ksb"] = world.ksbs[rule.endpoint.partition(".")[0]]
    values.update({name: word for name, word in WORDS.items() if name in rule.arguments})
    _domain, path = rule.build(values)[0:2]
    return path + ASKED.get(rule.endpoint, "")


def _fault(reader, answer, wanted):
    if answer.status >= 500:
        return f"{answer}, a crash: {answer.response.get_data(as_text=True)[:150]}"
    if not reader.is_in:
        return _fault_outside(answer)
    if wanted == ALLOWED:
        return _fault_inside(answer)
    if answer.status != wanted:
        return f"{answer}, and should be {wanted}"
    return f"{answer}, and yet it changed something" if answer.wrote else ""


def _fault_inside(answer):
    if answer.status in {401, 403, 404, 405}:
        return f"{answer}, but it is theirs to use"
    if answer.method == "GET" and answer.status >= 400 and answer.status != 409:
        return f"{answer}, but it should be shown"
    return ""


def _fault_outside(answer):
    location = answer.response.headers.get("Location", "")
    if answer.method == "GET":
        right = answer.status == 302 and location.startswith("/sign-in?next=")
    else:
        right = answer.status == 401
    if not right:
        return f"{answer} {location}, to somebody who is not signed in"
    return f"{answer}, and yet it changed something" if answer.wrote else ""
