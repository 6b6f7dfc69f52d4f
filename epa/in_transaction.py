"""What holds to the end of a transaction: rows that it locked, and answers that it was given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import Select, event, inspect, select
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction
from sqlalchemy.orm.util import identity_key

from epa.database import Base, Identified, db

_LOCKED: Final = "locked"
_KEPT: Final = "kept"

Answer = TypeVar("Answer")
Row = TypeVar("Row", bound=Base)


def lock(row: Base) -> None:
    """Let nobody else change a row until this transaction ends, and see it as it is now.

    A row that this transaction holds already, or made, is left as it is: nobody else can have
    changed it.
    """
    key = inspect(row).identity_key
    if key is None or key not in _locked():
        # What waits to be written is written first: the lock may be on a new row.
        db.session.flush()
        db.session.refresh(row, with_for_update={"of": type(row)})
        _locked().add(inspect(row).identity_key)


def locked(query: Select[Row], given: Mapping[str, Any]) -> Row | None:
    """The one row that a query finds, or None, locked as by `lock`: one statement instead of two.

    Args:
        query: it says ``with_for_update`` itself, so that it can be made once for all requests.
        given: what it is asked with.
    """
    found: Row | None = db.session.scalar(
        query, given, execution_options={"populate_existing": True}
    )
    if found is not None:
        _locked().add(inspect(found).identity_key)
    return found


def lock_together(model: type[Identified], ids: Collection[UUID]) -> None:
    """The same for several rows of which nothing is read anew.

    They are locked in the order of their identifiers, so that two who lock some of the same wait
    for each other and never both.
    """
    asked = {identity_key(model, one): one for one in ids}
    missing = sorted(asked[key] for key in asked.keys() - _locked())
    if missing:
        query = select(model.id).where(model.id.in_(missing)).order_by(model.id)
        db.session.execute(query.with_for_update())
        _locked().update(asked)
        # What was asked before this waited for somebody else is asked again.
        db.session.info.pop(_KEPT, None)


def _locked() -> set[object]:
    held: set[object] = db.session.info.setdefault(_LOCKED, set())
    return held


class Kept(Generic[Answer]):
    """Answers by an identifier, each asked of the database once until something about it changes.

    They are forgotten with the transaction or savepoint in which they were asked for, and when a
    row of the model is written.
    """

    def __init__(self, model: type[Base], *, holds_rows: bool) -> None:
        """Keep answers about the rows of a model.

        Args:
            model: whose rows the answers are made of.
            holds_rows: whether an answer is such rows themselves: those are seen as they are even
                after a change, and only a new or removed one makes an answer wrong.
        """
        self._model = model
        self._holds_rows = holds_rows
        event.listen(Session, "after_flush", self._forget_if_written)

    def of(
        self,
        keys: Collection[UUID],
        ask: Callable[[Collection[UUID]], Mapping[UUID, Answer]],
    ) -> dict[UUID, Answer]:
        """The answers for some identifiers; those not kept are asked for at once.

        Args:
            keys: the identifiers.
            ask: gives the answer for each identifier that has one; called outside of what is kept,
                since a question may write what waits, which forgets.
        """
        missing = [key for key in keys if key not in self._answers()]
        asked = ask(missing) if missing else {}
        answers = self._answers()
        answers.update(asked)
        return {key: answers[key] for key in keys if key in answers}

    def _answers(self) -> dict[UUID, Answer]:
        kept = db.session.info.setdefault(_KEPT, {})
        return cast("dict[UUID, Answer]", kept.setdefault(self, {}))

    def _forget_if_written(self, session: Session, _context: UOWTransaction) -> None:
        kept = session.info.get(_KEPT)
        if not kept or self not in kept:
            return
        written = [*session.new, *session.deleted]
        if not self._holds_rows:
            written += session.dirty
        if any(isinstance(row, self._model) for row in written):
            del kept[self]


@event.listens_for(Session, "pending_to_persistent")
def _hold_what_is_new(session: Session, row: Base) -> None:
    """What a transaction made is not seen by others before it ends."""
    session.info.setdefault(_LOCKED, set()).add(inspect(row).identity_key)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Nothing is held longer than the transaction or savepoint; a flush is neither."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_LOCKED, None)
        session.info.pop(_KEPT, None)
