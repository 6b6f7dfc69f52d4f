"""Styles and scripts have an address that changes with them, and are kept under it."""

import pytest
from flask import Flask, url_for

from epa.web import assets


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "js").mkdir()
    for name in (*assets.EVERYWHERE, assets.ON_PAPER):
        (tmp_path / "css" / f"{name}.css").write_text(f".{name} {{}}\n", encoding="utf-8")
    (tmp_path / "js" / "one.js").write_text("one();\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def served(folder):
    app = Flask("assets", static_folder=None)
    assets.give(app, folder)
    return app


def address(app, filename):
    with app.test_request_context():
        return url_for("static", filename=filename)


def test_it_keeps_a_file_for_a_year_under_its_address(served):
    with served.test_client().get(address(served, "js/one.js")) as answer:
        assert answer.data == b"one();\n"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_it_asks_again_for_a_file_under_an_address_of_another_release(served):
    for name in ("js/one.js", assets.JOINED):
        with served.test_client().get(f"/static/earlier/{name}") as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-cache"
            again = {"If-None-Match": answer.headers["ETag"]}
        with served.test_client().get(f"/static/earlier/{name}", headers=again) as answer:
            assert answer.status_code == 304


def test_it_joins_the_sheets_of_every_page_in_order_and_paper_last(served):
    with served.test_client().get(address(served, assets.JOINED)) as answer:
        assert answer.mimetype == "text/css"
        text = answer.text
    places = [text.index(f".{name} {{}}") for name in (*assets.EVERYWHERE, assets.ON_PAPER)]
    assert places == sorted(places)
    assert text.index("@media print") < places[-1]


@pytest.mark.parametrize("path", ["js/none.js", "../config.py", "js/../../config.py", "js"])
def test_it_has_no_other_file(served, path):
    assert served.test_client().get(f"/static/any/{path}").status_code == 404


def test_the_digest_changes_with_a_file_a_name_and_nothing_else(folder):
    before = assets.digest_of(folder)
    assert assets.digest_of(folder) == before
    (folder / "js" / "one.js").rename(folder / "js" / "two.js")
    renamed = assets.digest_of(folder)
    (folder / "js" / "two.js").write_text("two();\n", encoding="utf-8")
    assert len({before, renamed, assets.digest_of(folder)}) == 3
