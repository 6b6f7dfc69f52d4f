"""Migrations: one head, which its file names; from nothing to the models and back, on both."""

import re
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from config import TestConfig
from epa.app import create_app
from epa.database import Base, db
from tests.architecture import tree

VERSIONS = tree.ROOT / "migrations" / "versions"
BOTH = pytest.mark.both_databases


@pytest.fixture
def fresh(own_process, database_kind, postgresql_server, tmp_path):
    """Makes an application on a new, empty database, and enters its context."""
    entered = []

    def made(name):
        environ = {"PLUMBLINE_DATA": str(tmp_path / name)}
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


@BOTH
def test_it_goes_down_to_nothing_and_up_again(fresh):
    engine = fresh("round")
    upgrade()
    before = _constraints(engine)
    downgrade(revision="base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert _constraints(engine) == before


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
