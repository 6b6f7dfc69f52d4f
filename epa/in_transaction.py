"""What holds to the end of a transaction: rows that it locked, and answers that it was given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from epa.database import Base, db

_LOCKED: Final = "locked"
_KEPT: Final = "kept"

Answer = TypeVar("Answer")


def lock(row: Base) -> None:
    """Let nobody else change a row until this transaction ends, and see it as it is now.

    A row that this transaction holds already is left as it is: nobody else can have changed it.
    """
    held: set[object] = db.session.info.get(_LOCKED, set())
    key = inspect(row).identity_key
    if key is None or key not in held:
        # What waits to be written is written first: the lock may be on a new row.
        db.session.flush()
        db.session.refresh(row, with_for_update={"of": type(row)})
        db.session.info.setdefault(_LOCKED, set()).add(inspect(row).identity_key)


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


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Nothing is held longer than the transaction or savepoint; a flush is neither."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_LOCKED, None)
        session.info.pop(_KEPT, None)
