"""The world of the access tests, built once for each database, and browsers in it."""

import flask_sqlalchemy.session
import pytest
import time_machine

from epa.database import db, writing
from tests.access.asking import Asker
from tests.access.tokens import Tokens
from tests.access.world import World, build
from tests.conftest import NOW
from tests.factories import Make


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What shares a world runs in one process, in a row."""
    for item in items:
        if "asker" in getattr(item, "fixturenames", ()):
            kind = item.callspec.params.get("database_kind", "")
            item.add_marker(pytest.mark.xdist_group(f"access-{kind}"))


@pytest.fixture(scope="package")
def asker(database_kind, _applications):
    """Asks for pages in the world; whatever an answer changed is undone after it."""
    app = _applications(database_kind)
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        with app.app_context():
            connection = db.engine.connect()
        outer = connection.begin()
        connection.begin_nested()
        patch.setattr(
            flask_sqlalchemy.session.Session, "get_bind", lambda *_args, **_kwargs: connection
        )
        # One-time links are shown to administrators elsewhere; in production to nobody.
        patch.setitem(app.config, "ENVIRONMENT", "production")
        world = World(Tokens())
        try:
            with app.app_context(), writing():
                build(Make(NOW), world)
                db.session.remove()
            yield Asker(app, connection, world, patch)
        finally:
            outer.rollback()
            connection.close()
