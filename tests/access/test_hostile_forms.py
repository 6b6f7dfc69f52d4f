"""Every form of every role, sent what no browser would send: refused in words, nothing stored."""

import io
import random
import re

import pytest

from tests.access.forms_found import PDF, WORDS, forms_of_the_world

_MOST_BOXES = 4  # of one form: the forty of a test paper are alike
REFUSED = frozenset({400, 403, 404, 409, 413, 422, 429})
# A refused try at a credential door is counted and written down.
COUNTED = frozenset({"sign_in.enter", "sign_in.change_password", "sign_in.forgotten"})
SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'"
# What stands nowhere in a text that is kept, and so is never taken in a box for words.
UNKEPT = ("be\0fore", "bell\x07", "next\x85line")
ODD = (
    *(SCRIPT, "x" * 10_001, "9" * 400, str(2**63), "-1", "1e3", "NaN", "٣", "０"),
    *("0001", "9999", "29", "\u202eRTL", "=1+1", "%s%n"),
    *("\ufffd", "None", "../../etc/passwd", "a\r\nX-Bad: 1", "\N{PILE OF POO}", "e\u0301"),
)
NAMES = (
    *("a\0b.pdf", 'a"\r\nX-Bad: 1.pdf', "../../x.pdf", "<script>.pdf", "x" * 300 + ".pdf"),
    *(".pdf", "a.pdf.exe", "a.PDF", "\u202efdp.pdf", "=cmd.pdf", "con.pdf", "a"),
)


def _attempts(form, chance):
    """What is sent: nothing, each key twice, all boxes hostile, then one box after the other."""
    fields = list(form.fields)
    yield "nothing at all", {}, None
    yield "keys of nobody", {"id": "1", "lock_version": "9", "actor": "x"}, None
    if not fields and not form.files:
        return
    yield "every key twice", form.sent({name: [SCRIPT, "2"] for name in fields}), None
    for value in (UNKEPT[0], SCRIPT, "x" * 10_001, str(2**63)):
        yield f"all {value[:20]!r}", form.sent(dict.fromkeys(fields, value)), None
    some = chance.sample(fields, min(len(fields), _MOST_BOXES))
    for name, kind in ((one, form.fields[one][0]) for one in some):
        yield f"without {name}", {k: v for k, v in form.sent({}).items() if k != name}, None
        if kind in WORDS:
            yield f"{name} not kept", form.sent({name: chance.choice(UNKEPT)}), name
        for value in chance.sample(ODD, 1):
            yield f"{name}={value[:20]!r}", form.sent({name: value}), None
    for value in chance.sample(NAMES, 3) if form.files else ():
        attached = (io.BytesIO(PDF), value)
        yield f"file {value[:20]!r}", form.sent({}, attached), None


def _fault(answer, must_refuse):
    status, raw = answer.status, answer.raw
    if status in REFUSED:
        if answer.wrote and answer.endpoint not in COUNTED:
            return "refused, and yet stored"
        if status == 422 and not re.search(r'class="(error-summary|problem|message bad)"', raw):
            return "refused without a word"
    elif status not in {200, 302, 303}:
        return f"answered {status}: {answer.response.get_data(as_text=True)[:200]}"
    elif must_refuse:
        return f"answered {status} to what cannot be kept"
    if "x-bad" in {name.lower() for name, _ in answer.response.headers}:
        return "let a header in"
    return "let markup in" if "<script>alert(1)" in raw else ""


@pytest.fixture(scope="module")
def forms(asker):
    return forms_of_the_world(asker)


def test_it_refuses_in_words_whatever_is_sent(asker, forms):
    chance = random.Random(663)  # the same attempts on every run
    faults, count = [], 0
    for form in forms:
        for words, data, must_refuse in _attempts(form, chance):
            answer = asker.ask(form.reader, "POST", form.endpoint, form.action, data=data)
            count += 1
            if fault := _fault(answer, must_refuse):
                faults.append(f"{form} with {words}: {fault}")
    assert len(forms) > 30
    assert not faults, f"{len(faults)} of {count} wrong:\n" + "\n".join(faults[:80])
