"""What every application of a test process would work out anew, worked out once."""

import sqlite3
from contextlib import closing
from functools import cache

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine
from werkzeug.routing import Rule

from epa.database import Base


def compile_templates_once(folder):
    """Keep compiled templates in a folder, for every application of every process."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def compile_addresses_once():
    """Keep what builds an address: compiling it for 350 rules is most of making an application."""
    compiled, compile_anew = {}, Rule._compile_builder

    def compile_builder(rule, append_unknown=True):
        parts = (*rule._trace, *sorted((rule.defaults or {}).items()), append_unknown)
        if parts not in compiled:
            compiled[parts] = compile_anew(rule, append_unknown)
        return compiled[parts]

    Rule._compile_builder = compile_builder


def make_tables(engine):
    """Make every table in a new database; in one of SQLite's, as a copy of what was made before."""
    if engine.dialect.name != "sqlite":
        Base.metadata.create_all(engine)
        return
    with closing(sqlite3.connect(":memory:")) as made, closing(engine.raw_connection()) as new:
        made.deserialize(_tables())
        made.backup(new.driver_connection)


@cache
def _tables():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with closing(engine.raw_connection()) as made:
        found = made.driver_connection.serialize()
    engine.dispose()
    return found
