"""The forms that the pages of the world hold, and what a browser would send from each."""

import io
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from tests.access import addresses
from tests.access.sweep import address, sweep

# Who is asked to look, so that each form turns up once; the records are those of one EPAO.
_LOOKERS = (
    *("administrator", "iqa", "assessor", "marker", "invigilator"),
    *("item_author", "item_reviewer", "two_hats", "ada", "ben", "employer2", "provider2", "nobody"),
)
PDF = b"%PDF-1.7\n%%EOF\n"
WORDS = {"text", "textarea", "email", "search", "password"}


@dataclass
class FoundForm:
    """A form on a page: who sees it, where it is sent, what its fields hold."""

    reader: object
    endpoint: str
    page: str
    action: str
    fields: dict[str, tuple[str, str]]
    files: tuple[str, ...]

    def __str__(self):
        return f"{self.reader.name}: {self.endpoint} {self.action}"

    @property
    def plain(self):
        """What somebody would send who filled everything in."""
        return {name: value for name, (_kind, value) in self.fields.items()}

    def sent(self, changed, attached=None):
        """The form's data with some fields changed: a list stands for a key sent several times."""
        data = {**self.plain, **changed}
        for name in self.files:
            data[name] = attached or (io.BytesIO(PDF), "plan.pdf")
        return data


def forms_of_the_world(asker):
    """Every form once: the same address with the same fields is one form."""
    found = {}
    for name in _LOOKERS:
        reader = asker.world.readers[name]
        for form in _forms_seen_by(asker, reader):
            found.setdefault((form.endpoint, form.files, *sorted(form.fields)), form)
    return list(found.values())


def _forms_seen_by(asker, reader):
    for answer in _pages_of(asker, reader):
        if answer.status == 200 and answer.response.mimetype == "text/html":
            yield from _forms_on(asker, reader, answer.path.partition("?")[0], answer.shown)


def _pages_of(asker, reader):
    """Every page that a reader is shown, as the tests of who gets in saw it."""
    if reader.is_in:
        for one in sweep(asker, reader.name):
            record = one.answer.record
            if one.answer.method == "GET" and "@two" not in record and "cleo" not in record:
                yield one.answer
        return
    for rule in sorted(asker.app.url_map.iter_rules(), key=str):
        if "GET" in rule.methods and rule.endpoint in addresses.PUBLIC - {
            "static",
            "health.healthz",
        }:
            path = address(asker.world, rule, "")
            yield asker.ask(reader, "GET", rule.endpoint, path)


def _forms_on(asker, reader, path, text):
    for form in BeautifulSoup(text, "html.parser").find_all("form"):
        if form.get("method", "get").lower() != "post":
            continue
        action = urlsplit(urljoin(path, form.get("action") or path)).path
        endpoint, _ = asker.app.url_map.bind("127.0.0.1").match(action, method="POST")
        fields, files = _fields_of(form)
        yield FoundForm(reader, endpoint, path, action, fields, files)


def _fields_of(form):
    fields, files = {}, []
    for box in form.find_all(["input", "select", "textarea", "button"]):
        name, kind = box.get("name"), box.get("type", box.name)
        if not name or name == "csrf_token":
            continue
        if kind == "file":
            files.append(name)
        elif box.name == "select":
            values = [one.get("value", "") for one in box.find_all("option")]
            fields[name] = ("choice", next(filter(None, values), ""))
        elif kind in {"radio", "checkbox", "hidden", "submit"}:
            fields.setdefault(name, ("choice", box.get("value", "yes")))
        else:
            typed = box.get("value", "") if box.name == "input" else box.get_text()
            fields[name] = (kind if box.name == "input" else "textarea", typed or _plausible(box))
    return fields, tuple(files)


def _plausible(box):
    name = box["name"]
    for part, value in (("-day", "9"), ("-month", "6"), ("-year", "2026")):
        if name.endswith(part):
            return value
    if box.get("type") == "email":
        return "somebody@example.org"
    if box.get("inputmode") in {"numeric", "decimal"}:
        return "30"
    if box.get("type") == "password":
        return "a long enough phrase"
    return "Plain words"
