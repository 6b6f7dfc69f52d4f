"""A browser for tests that checks every page it fetches."""

import re
from collections import Counter

from bs4 import BeautifulSoup
from flask import g, has_app_context

LABELLED = "input:not([type=hidden]):not([type=submit]), select, textarea"


class Browser:
    """Fetches and submits pages as one person; ``page`` holds the last one, parsed."""

    def __init__(self, client):
        self.client = client

    def get(self, path, status=200, **kwargs):
        """Fetch a page and check it."""
        _forget_who_asked_last()
        return self._page(self.client.get(path, **kwargs), status)

    def post(self, path, data=None, status=302, **kwargs):
        """Send a form's data as a browser would."""
        _forget_who_asked_last()
        return self._page(self.client.post(path, data=data, **kwargs), status)

    def _page(self, response, status):
        assert response.status_code == status, (
            f"{response.request.method} {response.request.path}: {response.status_code}, "
            f"expected {status}\n{words(response)[:2000]}"
        )
        return Page(response)


def _forget_who_asked_last():
    """Tests hold one application context open, in which Flask-Login keeps the person."""
    if has_app_context():
        g.pop("_login_user", None)


def words(response):
    """The text of an answer, as a reader sees it."""
    if not response.mimetype.startswith("text/html"):
        return response.get_data(as_text=False).decode("utf-8", "replace")
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    return re.sub(r"\s+", " ", soup.get_text(" "))


class Page:
    """One answer. HTML is parsed and held against what every page of ours must be."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.html = BeautifulSoup("", "html.parser")
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            self.html = BeautifulSoup(response.get_data(as_text=True), "html.parser")
            self._check()

    @property
    def text(self):
        """What a reader sees, white space folded."""
        return words(self.response)

    @property
    def errors(self):
        """The error summary's messages, by the field they link to."""
        return {
            link.get("href", "").lstrip("#"): link.get_text(strip=True)
            for link in self.html.select(".error-summary a, .error-summary li:not(:has(a))")
        }

    def link(self, words_of_link):
        """The address of the link with these words."""
        for link in self.html.find_all("a"):
            if words_of_link in re.sub(r"\s+", " ", link.get_text(" ", strip=True)):
                return link["href"]
        raise AssertionError(f"no link {words_of_link!r} on the page")

    def _check(self):
        html = self.html
        title = html.title.get_text(strip=True) if html.title else ""
        assert title, "the page has no title"
        assert len(html.find_all("h1")) == 1, f"{title}: not exactly one h1"
        assert html.html.get("lang"), f"{title}: no language"
        assert not html.find_all(style=True), f"{title}: an inline style"
        assert not [one for one in html.find_all("script") if not one.get("src")], (
            f"{title}: an inline script"
        )
        ids = Counter(tag["id"] for tag in html.find_all(id=True))
        doubled = [name for name, count in ids.items() if count > 1]
        assert not doubled, f"{title}: ids used twice: {doubled}"
        for field in html.select(LABELLED):
            assert self._is_labelled(field), f"{title}: no label for {field}"
        for tag in html.select("[aria-describedby]"):
            for name in tag["aria-describedby"].split():
                assert name in ids, f"{title}: described by {name}, which is not there"

    def _is_labelled(self, field):
        if field.get("aria-label") or field.get("aria-labelledby"):
            return True
        if field.find_parent("label"):
            return True
        return bool(field.get("id") and self.html.find("label", attrs={"for": field["id"]}))
