"""A page for everything that goes wrong: what happened, what is safe, what to do."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from epa.database import db
from epa.errors import Conflict, NotAllowed, PlumblineError, RuleBroken

_PAGES: Final = frozenset({400, 403, 404, 409, 413, 429, 500})
log = logging.getLogger("plumbline")


def answer_with_pages(app: Flask) -> None:
    """Answer every fault with a page (or JSON, when that is what was asked for)."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RuleBroken, _broken_rule)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(PlumblineError, _trouble)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(IntegrityError, _changed_meanwhile)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(UnicodeEncodeError, _unstorable)
    app.register_error_handler(OperationalError, _busy)
    if not app.testing:
        app.register_error_handler(Exception, _crash)


def _page(status: int, message: str | None = None) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"error": message or f"status {status}"}), status
    name = status if status in _PAGES else 400
    return render_template(f"errors/{name}.html", message=message), status


def _http(fault: HTTPException) -> ResponseReturnValue:
    code = fault.code or 500
    if code < 400:  # noqa: PLR2004 (a redirect is no fault)
        return fault.get_response()
    if code == 405:  # noqa: PLR2004 (a wrong method is a page that is not there)
        return _page(405, "This address cannot be used like that.")
    return _page(code)


def _foreign_host(_fault: SecurityError) -> ResponseReturnValue:
    """No page of ours: under a name that is not ours, no address of ours can be written."""
    return Response("This service does not answer under this name.\n", 400, mimetype="text/plain")


def _expired(_fault: CSRFError) -> ResponseReturnValue:
    return _page(400, "The page was open too long. Go back, reload it and send it again.")


def _broken_rule(fault: RuleBroken) -> ResponseReturnValue:
    return _page(409, fault.message)


def _not_allowed(fault: NotAllowed) -> ResponseReturnValue:
    return _page(403, fault.message)


def _conflict(fault: Conflict) -> ResponseReturnValue:
    return _page(409, fault.message)


def _trouble(fault: PlumblineError) -> ResponseReturnValue:
    """Something of ours does not work: storage, printing."""
    log.error("%s: %s", type(fault).__name__, fault.message)
    return _page(500, fault.message)


def _changed_meanwhile(_fault: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return _page(409, "Somebody else changed this first. Nothing of yours was stored.")


def _unstorable(_fault: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return _page(400, "Something in what was sent cannot be stored as text or as a number.")


def _busy(fault: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database: %s", type(fault.orig).__name__)
    return _page(500, "The database is busy. Nothing was stored; try again in a moment.")


def _crash(fault: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.error("fault in %s", request.endpoint, exc_info=fault)
    return _page(500)
