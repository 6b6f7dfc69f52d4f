"""A browser for tests that checks every page it fetches."""

import re
from collections import Counter
from functools import cached_property

from bs4 import BeautifulSoup
from flask import g, has_app_context


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
    return _folded(BeautifulSoup(response.get_data(as_text=True), "html.parser"))


def _folded(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


class Page:
    """One answer. HTML is parsed and held against what every page of ours must be."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self._is_html = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        self.html = BeautifulSoup("", "html.parser")
        if self._is_html:
            self.html = BeautifulSoup(response.get_data(as_text=True), "html.parser")
            self._check()

    @cached_property
    def text(self):
        """What a reader sees, white space folded."""
        return _folded(self.html) if self._is_html else words(self.response)

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
        """What every page of ours must be, in one look over its tags: pages are long."""
        html = self.html
        title = html.title.get_text(strip=True) if html.title else ""
        assert title, "the page has no title"
        assert html.html.get("lang"), f"{title}: no language"
        tags = html.find_all(True)
        assert [tag.name for tag in tags].count("h1") == 1, f"{title}: not exactly one h1"
        ids = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
        doubled = [name for name, count in ids.items() if count > 1]
        assert not doubled, f"{title}: ids used twice: {doubled}"
        labelled = {tag.get("for") for tag in tags if tag.name == "label"}
        for tag in tags:
            assert not tag.has_attr("style"), f"{title}: an inline style"
            assert tag.name != "script" or tag.get("src"), f"{title}: an inline script"
            assert not _is_field(tag) or _is_labelled(tag, labelled), f"{title}: no label for {tag}"
            for name in tag.get("aria-describedby", "").split():
                assert name in ids, f"{title}: described by {name}, which is not there"


def _is_field(tag):
    if tag.name == "input":
        return tag.get("type") not in {"hidden", "submit"}
    return tag.name in {"select", "textarea"}


def _is_labelled(field, labelled):
    named = (
        field.get("aria-label") or field.get("aria-labelledby") or field.get("id", "-") in labelled
    )
    return bool(named or field.find_parent("label"))
