"""Somebody at a browser: how pages are reached and filled in, and what every page is held to."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
from werkzeug.exceptions import HTTPException

from epa.clock import utc_now

PHONE = {"width": 390, "height": 844}
MOST_TABS = 60
MOST_WAITING = 60_000  # milliseconds; a slow machine is no fault of a page
DESK = {"width": 1280, "height": 800}
PIECES = "[...document.querySelectorAll('[class]')].flatMap((one) => [...one.classList])"


class Watch:
    """Looks at every page that is passed; with axe and in both widths where it shows new pieces.

    ``seen`` is what earlier journeys have shown: most of them pass the same first pages.
    """

    def __init__(self, app, axe, seen):
        self._urls = app.url_map.bind("")
        self._axe = axe
        self._seen = seen

    def look(self, page, *, runs_scripts=True):
        """Hold a page to what every page must be; axe is a script itself."""
        assert_nothing_wide(page)
        if not (runs_scripts and self._brings_something_new(page)):
            return
        self._axe(page)
        own = page.viewport_size
        page.set_viewport_size(DESK if own == PHONE else PHONE)
        assert_nothing_wide(page)
        page.set_viewport_size(own)

    def _brings_something_new(self, page):
        """Whether this is a new address, or shows a piece that no page before it has shown."""
        found = {self._endpoint(page), *page.evaluate(PIECES)}
        is_new = not found <= self._seen
        self._seen |= found
        return is_new

    def _endpoint(self, page):
        try:
            return self._urls.match(urlsplit(page.url).path)[0]
        except HTTPException:
            return page.url


def assert_nothing_wide(page):
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth > window.innerWidth && [
             ...document.querySelectorAll('main *')
           ].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
            .map((one) => `${one.tagName}.${one.className}`).slice(0, 5).join(', ')"""
    )
    assert wide is False, f"{page.url} is wider than {page.viewport_size['width']}: {wide}"


class Visitor:
    """One person with a browser of their own."""

    def __init__(self, chrome, server, watch, *, name, email, password="", **context):
        self.name, self.email, self.password = name, email, password
        self.server, self.watch = server, watch
        self.app_key = None
        self.last_code = 0
        self.complaints = []
        self.runs_scripts = context.get("java_script_enabled", True)
        self.context = chrome.new_context(**({"viewport": DESK, "locale": "en-GB"} | context))
        self.context.set_default_timeout(MOST_WAITING)
        self.page = self.context.new_page()
        self.page.on("console", lambda line: self.complaints.append(f"{line.type}: {line.text}"))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    # --------------------------------------------------------------------------- finding the way

    def open(self, path="/"):
        self.page.goto(self.server.url + path)
        self._look()

    def follow(self, words, within="main"):
        self._arrive(self._link(words, within))

    def press(self, words):
        self._arrive(self.page.get_by_role("button", name=words, exact=True).first)

    def open_record(self, of):
        self.open("/apprentices")
        self.follow(of)

    def _link(self, words, within):
        # Words that only a screen reader gets are read apart: "Review" and ": observation".
        said = re.compile(re.escape(words).replace(":", " ?:"), re.IGNORECASE)
        return self.page.locator(within).get_by_role("link", name=said).first

    def _arrive(self, thing):
        with self.page.expect_navigation():
            thing.click()
        self._look()

    def _look(self):
        self.watch.look(self.page, runs_scripts=self.runs_scripts)

    def sees(self, words):
        return self.page.locator("main").get_by_text(words).count() > 0

    @property
    def text(self):
        return self.page.locator("body").inner_text()

    # -------------------------------------------------------------------------------- filling in

    def write(self, question, text):
        self.page.get_by_label(_exactly(question)).fill(str(text))

    def date(self, question, day):
        boxes = self._group(question)
        for part in ("day", "month", "year"):
            boxes.get_by_label(part.capitalize()).fill(str(getattr(day, part)))

    def choose(self, question, *answers):
        for answer in answers:
            self._group(question).get_by_label(answer, exact=True).check()

    def select(self, question, answer):
        self.page.get_by_label(_exactly(question)).select_option(label=answer)

    def tick(self, words):
        self.page.get_by_label(words, exact=True).check()

    def attach(self, question, name, content, mime_type):
        file = {"name": name, "mimeType": mime_type, "buffer": content}
        self.page.get_by_label(_exactly(question)).set_input_files(file)

    def _group(self, question):
        return self.page.get_by_role("group", name=_exactly(question))

    # ----------------------------------------------------------------------- the keyboard alone

    def tab_to(self, words):
        """Press Tab until the focus, which must be seen, is on what begins with these words."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            said, outline = self.page.evaluate(
                """() => { const one = document.activeElement;
                     return [(one.labels?.[0] || one).innerText || "",
                             getComputedStyle(one).outlineStyle]; }"""
            )
            assert outline != "none", f"{self.page.url}: the focus on {said!r} cannot be seen"
            if said.strip().startswith(words):
                return self.page.keyboard
        raise AssertionError(f"{self.page.url}: Tab does not reach {words!r}")

    def hit(self, key):
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self._look()

    # ------------------------------------------------------------------------------- signing in

    def sign_in(self):
        """Sign in anew, with the second step where one is asked for, and land on what needs them."""
        self.context.clear_cookies()
        self.open("/sign-in")
        self.write("Email address", self.email)
        self.write("Password", self.password)
        self.press("Sign in")
        if self.page.url.endswith("/enrol"):
            self._set_up_second_step()
        elif self.page.url.endswith("/second-factor"):
            self.write("Code from your app", self._code())
            self.press("Go on")
        assert self.page.get_by_role("heading", name="What needs you").count(), self.text

    def _set_up_second_step(self):
        self.app_key = self.page.locator(".code").inner_text().replace(" ", "")
        self.write("Code from your app", self._code())
        self.press("Set it up")

    def _code(self):
        """The code on their phone; if they have used it already, they wait for the next one."""
        app = pyotp.TOTP(self.app_key)
        now = utc_now()
        if app.timecode(now) <= self.last_code:
            now += timedelta(seconds=app.interval * (self.last_code + 1 - app.timecode(now)))
            self.server.set_clock(now)
        self.last_code = app.timecode(now)
        return app.at(now)

    def set_password(self, link):
        """Follow the link of a mail to the page behind it."""
        self.open(urlsplit(link).path)
        self.write("New password", self.password)
        self.press("Set my password")

    def leave(self):
        self.context.close()
        assert self.complaints == [], f"{self.name}: {self.complaints}"


def _exactly(question):
    return re.compile(rf"^{re.escape(question)}( \(optional\))?$")
