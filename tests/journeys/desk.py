"""One open mark sheet on a real server, and as many windows of its assessor as wanted."""

import itertools
from datetime import UTC, datetime

from flask.sessions import SecureCookieSessionInterface

from epa.database import db, writing
from epa.judgements import queries
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.rules import Role
from epa.sign_in.services import open_session
from tests.factories import Make
from tests.factories.items import prompt

DESKS = itertools.count()
_MOST_LOOKS, _PAUSE = 100, 100  # milliseconds


class Desk:
    """One open sheet, and as many windows of its assessor as wanted."""

    def __init__(self, server, chrome, method="observation"):
        self.server = server
        self.chrome = chrome
        self.contexts = []
        with server.app.app_context(), writing():
            make = Make(datetime.now(UTC))
            make.count = 100 * next(DESKS)
            sheet = make.sheet(make.booked(method))
            self.attempt_id = sheet.attempt_id
            token = open_session(sheet.attempt.allocated(Duty.ASSESSOR), at=make.at, complete=True)
            db.session.commit()
            db.session.remove()
        signer = SecureCookieSessionInterface().get_signing_serializer(server.app)
        self.cookie = signer.dumps({"_user_id": token, "_fresh": True})
        self.path = f"/attempts/{self.attempt_id}/{method}"

    def fill_bank(self, *words):
        """A bank of the EPAO's with a prompt for each of these questions."""
        with self.server.app.app_context(), writing():
            make = Make(datetime.now(UTC))
            make.count = 100 * next(DESKS)
            epao = db.session.get(MethodAttempt, self.attempt_id).assessment.epao
            roles = (Role.ITEM_AUTHOR, Role.ITEM_REVIEWER)
            people = [make.person(one, organisation=epao) for one in roles]
            bank = make.bank(epao)
            for one in words:
                make.approved_item(bank, *people, prompt(one))
            db.session.remove()

    def window(self, at="?ksb=S10", **options):
        context = self.chrome.new_context(**options)
        self.contexts.append(context)
        name = self.server.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": self.cookie, "url": self.server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.server.url}{self.path}{at}")
        return page

    def asked(self, query):
        """What a query gives for the attempt, read anew."""
        with self.server.app.app_context():
            found = query(db.session.get(MethodAttempt, self.attempt_id))
            db.session.remove()
            return found

    def entry(self, ksb):
        with self.server.app.app_context():
            sheet = queries.sheet_of(db.session.get(MethodAttempt, self.attempt_id))
            entry = queries.entry_of(sheet, ksb)
            found = entry.grade and entry.grade.value, [note.text for note in entry.notes]
            db.session.remove()
            return found


def choose(page, grade, ksb="S10"):
    page.locator(f"#ksb-{ksb} label.{grade}").click()


def saved(page):
    page.locator(".save-state .saved-yes").wait_for()


def sent(page):
    """Wait until nothing is kept on the device any more."""
    for _ in range(_MOST_LOOKS):
        if page.evaluate("localStorage.length") == 0:
            return
        page.wait_for_timeout(_PAUSE)
    raise AssertionError(page.evaluate("JSON.stringify(localStorage)"))
