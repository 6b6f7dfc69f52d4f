"""The world of the access tests, built once for each database, and browsers in it."""

import flask_sqlalchemy.session
import pytest
import time_machine
from sqlalchemy import text

from config import TestConfig
from epa.app import create_app
from epa.database import Base, db, writing
from tests.access.asking import Asker
from tests.access.building import build
from tests.access.readers import ONE_OF_EACH, READERS
from tests.access.tokens import Tokens
from tests.access.world import World
from tests.conftest import NOW, keep_what_the_process_was_given
from tests.factories import Make


def pytest_collection_modifyitems(items):
    items[:] = [one for one in items if not _asks_on_sqlite_alone(one)]


def _asks_on_sqlite_alone(item):
    given = item.callspec.params if hasattr(item, "callspec") else {}
    is_reader = item.nodeid.startswith("tests/access/") and given.get("name") in READERS
    is_one_more = is_reader and given["name"] not in ONE_OF_EACH
    return is_one_more and given.get("database_kind") == "postgresql"


@pytest.fixture(scope="package")
def asker(database_kind, postgresql_server, tmp_path_factory):
    """Asks for pages in the world; whatever an answer changed is undone after it.

    The world is committed, in a database of its own: were it one long transaction, PostgreSQL
    would carry what thousands of answers left behind, and every question would be slower.
    """
    environ = {"PLUMBLINE_DATA": str(tmp_path_factory.mktemp("world")), "AUDIT_KEY": "a" * 64}
    if database_kind == "postgresql":
        environ["DATABASE_URL"] = postgresql_server.new_database()
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        keep_what_the_process_was_given(patch)
        app = create_app(TestConfig(environ, WTF_CSRF_ENABLED=False))
        world = World(Tokens())
        with app.app_context(), writing():
            Base.metadata.create_all(db.engine)
            build(Make(NOW), world)
            db.session.remove()
            connection = db.engine.connect()
            connection.execute(text("ANALYZE"))
            connection.commit()
        # One-time links are shown to administrators elsewhere; in production to nobody.
        patch.setitem(app.config, "ENVIRONMENT", "production")
        patch.setattr(
            flask_sqlalchemy.session.Session, "get_bind", lambda *_args, **_kwargs: connection
        )
        yield Asker(app, connection, world, patch)
        connection.close()
        with app.app_context():
            db.engine.dispose()
