"""Migrations: one head, which its file names; down and up, empty and with rows, on both."""

import re
import sys

import pytest
import time_machine
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from config import TestConfig
from epa.app import create_app
from epa.audit.queries import verified
from epa.database import Base, db, reading, writing
from tests.access.tokens import Tokens
from tests.access.world import Builder, World
from tests.architecture import tree
from tests.conftest import NOW
from tests.factories import Make

VERSIONS = tree.ROOT / "migrations" / "versions"
BOTH = pytest.mark.both_databases
AUDIT_KEY = "a" * 64


@pytest.fixture
def fresh(own_process, database_kind, postgresql_server, tmp_path):
    """Makes an application on a new, empty database, and enters its context."""
    entered = []

    def made(name):
        environ = {"PLUMBLINE_DATA": str(tmp_path / name), "AUDIT_KEY": AUDIT_KEY}
        if database_kind == "postgresql":
            environ["DATABASE_URL"] = postgresql_server.new_database()
        entered.append(create_app(TestConfig(environ)).app_context())
        entered[-1].push()
        return db.engine

    yield made
    for context in reversed(entered):
        db.session.remove()
        db.engine.dispose()
        context.pop()


def test_it_has_one_head_and_its_file_names_it():
    scripts = ScriptDirectory(str(tree.ROOT / "migrations"))
    assert scripts.get_heads() == [(VERSIONS / ".current-alembic-head").read_text().strip()]


def test_it_numbers_migrations_in_the_order_they_run():
    scripts = ScriptDirectory(str(tree.ROOT / "migrations"))
    order = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", revision) for revision in order)
    assert order == sorted(path.stem for path in VERSIONS.glob("*.py"))
    assert [int(revision[:4]) for revision in order] == list(range(1, len(order) + 1))


def test_it_knows_every_model_module(app):
    """A model that the factory does not import would be missing in the next migration."""
    written = {
        name.removesuffix(".py").replace("/", ".")
        for name in tree.python("epa", "question_bank")
        if name.endswith("models.py")
    }
    assert written - sys.modules.keys() == set()


@BOTH
def test_it_upgrades_an_empty_database_to_the_models(fresh):
    engine = fresh("migrated")
    upgrade()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@BOTH
def test_it_makes_the_same_constraints_as_the_models(fresh):
    """What alembic does not compare: check constraints, and what each constraint is called."""
    engine = fresh("migrated")
    upgrade()
    migrated = _constraints(engine)
    engine = fresh("created")
    Base.metadata.create_all(engine)
    assert migrated == _constraints(engine)


# What a step may change of a row that stays: (the older of its two revisions, table) and columns.
RENUMBERED = {("0004_diary", "evidence_note"): {"sequence"}}
# Tables of the first release that later ones altered: these must have rows.
ALTERED = (
    *("allocation", "apprenticeship", "booking_change", "evidence_note", "evidence_piece"),
    *("mail", "mark_sheet", "method_attempt"),
)


@BOTH
def test_it_keeps_the_rows_of_a_database_at_every_step(fresh):
    """Down to the first release with rows in its tables, each step there and back; up, and to nothing.

    The first release then finds rows as it wrote them itself, and the way up has them to bring up
    to date. What a step adds with a table of its own goes when the step is undone.
    """
    engine = fresh("filled")
    upgrade()
    before, order = _constraints(engine), _revisions()
    _fill()
    for older, newer in zip(order[-2::-1], order[:0:-1], strict=True):
        rows = _rows(engine)
        downgrade(revision=older)
        left = _rows(engine)
        _assert_kept(rows, left, {older})
        upgrade(revision=newer)
        _assert_kept(left, _rows(engine), {older})
        downgrade(revision=older)
    oldest = _rows(engine)
    assert all(oldest[table] for table in ALTERED)
    upgrade()
    assert _constraints(engine) == before
    _assert_kept(oldest, _rows(engine), set(order))
    _assert_reads_as_before()
    db.session.remove()  # or PostgreSQL waits for it before it drops a table
    downgrade(revision="base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}


def _revisions():
    scripts = ScriptDirectory(str(tree.ROOT / "migrations"))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _fill():
    """Some of everything of one EPAO, as the access tests know it."""
    with time_machine.travel(NOW, tick=False), writing():
        Builder(Make(NOW), World(Tokens())).build("one")
        db.session.remove()


def _rows(engine):
    """Every table's rows, each a dictionary, in the order of their identifiers."""
    found = {}
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings().all()
            found[name] = sorted(map(dict, rows), key=_identity)
    del found["alembic_version"]
    return found


def _identity(row):
    return [str(value) for name, value in sorted(row.items()) if name == "id" or "id" not in row]


def _assert_kept(before, after, steps):
    """Every value that both revisions know is as it was; one that was empty may be filled."""
    for table in before.keys() & after.keys():
        renumbered = set().union(*(RENUMBERED.get((older, table), ()) for older in steps))
        assert len(before[table]) == len(after[table]), table
        for was, now in zip(before[table], after[table], strict=True):
            known = {name for name in was.keys() & now.keys() if was[name] is not None}
            assert {name for name in known if was[name] != now[name]} <= renumbered, table


def _assert_reads_as_before():
    """The models read every row of theirs, and the chain of the audit log still holds."""
    with reading():
        for mapper in Base.registry.mappers:
            rows = db.session.scalars(select(mapper.class_)).unique().all()
            assert len(rows) == db.session.scalar(select(func.count()).select_from(mapper.class_))
        verdict = verified(AUDIT_KEY)
        assert verdict.rows
        assert verdict.intact


def _constraints(engine):
    seen = inspect(engine)
    return {
        table: {
            "check": sorted(
                (one["name"], re.sub(r"\s+", " ", one["sqltext"]))
                for one in seen.get_check_constraints(table)
            ),
            "unique": sorted(
                (one["name"], tuple(one["column_names"]))
                for one in seen.get_unique_constraints(table)
            ),
            "foreign": sorted(
                (one["name"], tuple(one["constrained_columns"]), one["referred_table"])
                for one in seen.get_foreign_keys(table)
            ),
            "index": sorted(
                (one["name"], tuple(one["column_names"]), one["unique"])
                for one in seen.get_indexes(table)
            ),
            "primary": seen.get_pk_constraint(table)["name"],
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }
