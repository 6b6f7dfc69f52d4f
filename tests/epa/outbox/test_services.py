"""What is written to whom: in the words of the data file, safe in a head, and only if wanted."""

import ast
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from epa.mailer import Letter, send
from epa.outbox import letters, services
from epa.outbox.letters import wordings
from epa.outbox.models import LINK_MARK, Mail
from epa.outbox.rules import DAILY, one_line
from epa.people.rules import Role
from epa.settings import services as settings
from tests.architecture import tree

_DATE = {"title": "Observation", "whose": "Your observation", "when": "9 June"}
FACTS = {
    "invitation": {"organisation": "Calder Vale", "days": 14},
    "reset": {},
    "duty allocated": {"duty": "invigilator", "method": "knowledge test"},
    "duty declined": {"title": "Observation", "method": "observation", "duty": "invigilator"},
    "date asked for": {"title": "Observation", "method": "observation"},
    "date held": {**_DATE, "until": "14 June 2026 at 10:30"},
    "date to agree to": {**_DATE, "until": "14 June 2026 at 10:30"},
    "booking changed": {**_DATE, "where": "Place: Leeds.", "page": "http://127.0.0.1/x"},
    "booking cleared": _DATE,
    "joining instructions": {"title": "Observation", "text": "Come.", "page": "http://127.0.0.1/x"},
    "shift": {},
    "import ended": {
        "read": "6",
        "created": "3",
        "updated": "1",
        "unchanged": "1",
        "rejected": "1",
        "page": "http://127.0.0.1/x",
    },
    "import refused": {"read": "6", "page": "http://127.0.0.1/x"},
    "marks differ": {"method": "knowledge test"},
    "result released": {"what": "observation"},
    "presentation due": {"day": "Monday 29 June 2026"},
    "presentation late": {"day": "Monday 29 June 2026"},
    "arrangements changed": {**_DATE, "page": "http://127.0.0.1/x"},
    "adjustment asked for": {},
    "adjustment decided": {"page": "http://127.0.0.1/x"},
    "questions to review": {"count": "3 questions", "bank": "Caseload", "day": "9 June 2026"},
    "answer asked for": {},
    "step moved on": {},
    "step opened": {},
    "self-assessment handed in": {},
    "report to moderate": {},
    "report returned": {},
    "report moderated": {},
    "report sent": {},
    "facts disputed": {},
    "report final": {},
    "certificate issued": {},
    "certificate lapsed": {},
    DAILY: {"count": "3 things", "lead": "3 things need you.", "lines": "- 3 to decide"},
}


@pytest.fixture
def sian(make):
    return make.person(Role.APPRENTICE, given="Siân", family="Prosser")


@pytest.fixture
def tell(make, sian, at):
    epao = make.organisation(name="Calder Vale Assessment")

    def told(event, **facts):
        return services.tell(sian, event, behalf=epao, at=at, **facts)

    return told


class TestWords:
    @pytest.mark.parametrize("wording", FACTS)
    def test_every_mail_reads_from_greeting_to_closing(self, tell, wording):
        mail = tell(wording, **FACTS[wording])
        assert mail.body.startswith("Hello Siân,\n\n")
        assert "Calder Vale Assessment\n" in mail.body
        assert "{" not in mail.body + mail.subject
        assert "Prosser" not in mail.body
        has_link = LINK_MARK in mail.body
        assert has_link == (wording in {"invitation", "reset"})
        assert has_link != ("Sign in: http://127.0.0.1:5000\n" in mail.body)

    def test_every_wording_is_told_here(self):
        assert set(wordings()) == set(FACTS)

    def test_it_speaks_in_the_words_that_are_set(self, tell, make, at):
        ruth = make.person(Role.ADMINISTRATOR)
        settings.change({"label_apprentices": "learners"}, seen=0, actor=ruth, at=at)
        assert "of its learners" in tell("invitation", **FACTS["invitation"]).body

    def test_a_fact_is_never_read_as_a_wording(self, tell):
        mail = tell("result released", what="{product.__class__} {0}")
        assert "Your {product.__class__} {0} can now be read" in mail.body


def test_every_mail_that_code_writes_has_its_words():
    """An event that is written somewhere stands in letters.toml, so that it reads like the rest."""
    told = set()
    for name in tree.python("epa"):
        for node in ast.walk(tree.parsed(name)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                said = [one.value for one in node.args[1:2] if isinstance(one, ast.Constant)]
                told |= {one for one in said if isinstance(one, str)}
    assert told
    assert told - set(wordings()) == set()


class TestHeads:
    """Names and subjects are other people's words: they begin no header of their own."""

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x85"])
    def test_no_line_end_reaches_a_head(self, make, session, at, line_end):
        evil = f"Siân{line_end}Bcc: everybody@example.org{line_end}{line_end}<script>"
        person = make.person(given=evil, family="Prosser", email="sian@example.org")
        behalf = make.organisation(name=f"Calder{line_end}X-Odd: 1")
        mail = services.write(
            person, event="news", subject=evil, body="Hello", behalf=behalf, at=at
        )
        parsed = _sent(services._letter(mail))
        assert set(parsed.keys()) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
        }
        assert [one.addr_spec for one in parsed["To"].addresses] == ["sian@example.org"]
        assert parsed.get_content_type() == "text/plain"
        assert mail.body.splitlines()[0] == "Hello Siân Bcc: everybody@example.org <script>,"

    @pytest.mark.parametrize(
        "name", ["Siân, evil@example.org", "Siân <evil@example.org>", 'a"; evil@x.org:', "李小龙"]
    )
    def test_an_address_in_a_name_is_no_reader(self, name):
        parsed = _sent(Letter("sian@example.org", name, name, "News", "Hello"))
        (reader,), (sender,) = parsed["To"].addresses, parsed["From"].addresses
        assert (reader.addr_spec, reader.display_name) == ("sian@example.org", name)
        assert (sender.addr_spec, sender.display_name) == ("plumbline@epa.example.org", name)

    @given(st.text())
    def test_one_line_is_one_line(self, text):
        assert len(one_line(text).splitlines()) <= 1

    def test_a_long_subject_is_cut_to_what_is_kept(self, sian, session, at):
        mail = services.write(sian, event="news", subject="x" * 999, body="", behalf=None, at=at)
        session.flush()
        assert len(mail.subject) == 200


class TestSwitches:
    def test_a_person_may_do_without_some_mails(self, tell, sian, session, at):
        services.choose(sian, {"booking changed": False}, at=at)
        assert tell("booking changed", **FACTS["booking changed"]) is None
        assert tell("result released", what="observation") is not None
        services.choose(sian, {"booking changed": True}, at=at)
        assert tell("booking changed", **FACTS["booking changed"]) is not None

    def test_the_organisation_may_do_without_them_for_all(self, tell, make, at):
        ruth = make.person(Role.ADMINISTRATOR)
        settings.change({"mail_result_released": False}, seen=0, actor=ruth, at=at)
        assert tell("result released", what="observation") is None

    def test_nobody_does_without_an_invitation(self, tell, sian, at):
        services.choose(sian, {"invitation": False, "reset": False}, at=at)
        assert tell("invitation", **FACTS["invitation"]) is not None
        assert tell("reset") is not None

    def test_nothing_is_written_to_those_without_an_address(self, make, session, at):
        person = make.person()
        person.email = None
        assert services.tell(person, "reset", behalf=None, at=at) is None
        assert session.scalars(select(Mail)).all() == []


def test_it_comes_from_whom_the_settings_say(tell, make, at):
    ruth = make.person(Role.ADMINISTRATOR)
    wanted = {
        "mail_from_name": "Calder Vale EPA",
        "mail_from_address": "exam@example.org",
        "mail_reply_to": "office@example.org",
    }
    settings.change(wanted, seen=0, actor=ruth, at=at)
    parsed = _sent(services._letter(tell("reset")))
    assert parsed["From"] == "Calder Vale EPA <exam@example.org>"
    assert parsed["Reply-To"] == "office@example.org"
    assert parsed["Message-ID"].endswith("@example.org>")


def _sent(letter: Letter):
    """What a server is given of a letter, read again as its reader's program would."""
    taken = []

    class Session:
        def send_message(self, message, from_addr, to_addrs):
            assert to_addrs == [letter.to_address]
            taken.append(message.as_bytes())

    send(Session(), letter, "plumbline@epa.example.org")
    return message_from_bytes(taken[0], policy=policy.default)


def test_it_leads_to_where_the_installation_is(app):
    assert letters._Place.url == app.config["PUBLIC_URL"]
