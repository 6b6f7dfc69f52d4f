"""The floor: a bare Flask view that runs a page's queries and renders its rows, or keeps a save.

No sign-in, no reach, no objects, no macros: what is left is what nobody can do without. A page
costs at most so many times its floor, whatever machine it is measured on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from jinja2 import Environment, Template
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite

from epa.clock import utc_now
from epa.database import writing

Statement = tuple[str, Any]

_ROW: Final = re.compile(r'(<tr\b.*?</tr>\s*|<li class="need.*?</li>\s*)', re.DOTALL)
_PIECES: Final = re.compile(r"(<[^>]*>)")
_LINK: Final = re.compile(r'(?<= href=")[^"]*(?=")')
_TABLES: Final = MetaData()
_KEPT: Final = Table(
    "bench_kept",
    _TABLES,
    Column("id", Uuid, primary_key=True),
    Column("grade", String(20)),
    Column("text", Text),
    Column("at", DateTime(timezone=True)),
)
_ANSWER: Final = Table(
    "bench_answer",
    _TABLES,
    Column("sitting", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("value", Text),
    Column("at", DateTime(timezone=True)),
)


@dataclass
class Plain:
    """A page as a plain template with the words of its rows, and the queries it needs."""

    statements: list[Statement]
    template: Template
    runs: list[list[list[str]]]
    rows_read: int = field(default=0)

    @classmethod
    def of(cls, page: str, statements: list[Statement]) -> Plain:
        """The plain form of a page: rows that look alike become a loop, every word a value."""
        source, runs = [], []
        for number, (shape, words) in enumerate(_alike(page)):
            source.append(f"{{% for row in runs[{number}] %}}{shape}{{% endfor %}}")
            runs.append(words)
        environment = Environment(autoescape=True, keep_trailing_newline=True)
        return cls(statements, environment.from_string("".join(source)), runs)

    def answer(self, engine: Engine) -> str:
        """Run the queries, reading every row, and render the page."""
        self.rows_read = 0
        with engine.connect() as connection:
            for statement, parameters in self.statements:
                found = connection.exec_driver_sql(statement, parameters)
                self.rows_read += len(found.all()) if found.returns_rows else 0
        return self.template.render(runs=self.runs)


def bare_app(engine: Engine, pages: dict[str, Plain]) -> Flask:
    """The application of the floors: ``/pages/KEY`` of those given, ``/save`` and ``/answer``."""
    app = Flask("floor")
    _TABLES.create_all(engine)
    put = sqlite.insert(_ANSWER) if engine.dialect.name == "sqlite" else postgresql.insert(_ANSWER)
    new = {"value": put.excluded.value, "at": put.excluded.at}
    upsert = put.on_conflict_do_update(index_elements=["sitting", "number"], set_=new)

    @app.get("/pages/<key>")
    def page(key: str) -> ResponseReturnValue:
        return pages[key].answer(engine)

    @app.post("/save")
    def save() -> ResponseReturnValue:
        sent = request.get_json()
        kept = {
            "id": uuid4(),
            "grade": sent.get("grade"),
            "text": sent.get("text"),
            "at": utc_now(),
        }
        with writing(), engine.begin() as connection:
            connection.execute(insert(_KEPT), kept)
        return jsonify({"saved_at": f"{kept['at']:%H:%M:%S}"})

    @app.post("/answer")
    def answer() -> ResponseReturnValue:
        sent = request.get_json()
        kept = {
            "sitting": UUID(sent["sitting"]),
            "number": sent["number"],
            "value": sent["value"],
            "at": utc_now(),
        }
        with writing(), engine.begin() as connection:
            connection.execute(upsert, kept)
        return jsonify({"saved_at": f"{kept['at']:%H:%M:%S}"})

    return app


def _alike(page: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Neighbouring parts of one shape, each as its values; what is no row is a part by itself."""
    parts = [_taken_apart(part) for part in _ROW.split(page) if part]
    for shape, alike in groupby(parts, key=lambda one: one[0]):
        yield shape, [words for _shape, words in alike]


def _taken_apart(part: str) -> tuple[str, list[str]]:
    """A part's markup with a placeholder for every word and address, and what stood there."""
    words: list[str] = []

    def value(text: str) -> str:
        words.append(html.unescape(text))
        return f"{{{{ row[{len(words) - 1}] }}}}"

    shape = []
    for piece in _PIECES.split(part):
        if piece.startswith("<"):
            shape.append(_LINK.sub(lambda found: value(found[0]), piece))
        else:
            shape.append(value(piece) if piece.strip() else piece)
    return "".join(shape), words
