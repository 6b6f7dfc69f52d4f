"""A provider's list of clients for a period, and the samples that were drawn from it.

The rows of a list are kept as one compressed table and not as rows of the database: they are read
only all together (to draw a sample, to be exported, to be worked out anew), a hundred thousand of
them are stored at once, and when a list is removed they are gone. What the pages show is worked out
once, when the list is kept. The file that was uploaded is not kept, nor any column but those that
are needed; references are the provider's own codes.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.people.models import Organisation, Person


class ClientRecords(Identified, Base):
    """One list: whose, for whom, of which days, and what is worked out of it.

    ``content`` holds the clients (`epa.client_data.tables`), ``answers`` the satisfaction ratings,
    ``figures`` what is shown, ``left_out`` triples of row, reference and reason, ``population`` the
    local population's shares in percent by column and group.
    """

    __tablename__ = "client_records"
    __table_args__ = (
        UniqueConstraint("organisation_id", "epao_id", "starts_on", "ends_on"),
        CheckConstraint("starts_on < ends_on", name="period"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    assessed_on: Mapped[date]
    framework_code: Mapped[str] = mapped_column(String(40))
    framework_version: Mapped[str] = mapped_column(String(40))
    clients: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
    answers: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    figures: Mapped[dict[str, Any]]
    left_out: Mapped[list[Any]] = mapped_column(deferred=True)
    population: Mapped[dict[str, Any]]
    population_source: Mapped[str] = mapped_column(String(200))
    stored_at: Mapped[datetime]
    stored_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation: Mapped[Organisation] = relationship(
        foreign_keys=[organisation_id], lazy="joined", innerjoin=True
    )
    epao: Mapped[Organisation] = relationship(foreign_keys=[epao_id])
    stored_by: Mapped[Person] = relationship()
    samples: Mapped[list[ClientSample]] = relationship(
        back_populates="records",
        order_by="ClientSample.drawn_at.desc()",
        cascade="all, delete-orphan",
    )


class ClientSample(Identified, Base):
    """One draw: its seed, and the clients as anonymous reference, row and the provider's code.

    It can be drawn again from the list and the seed, and is the same to the letter.
    """

    __tablename__ = "client_sample"

    records_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client_records.id"), index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    clients: Mapped[list[Any]]
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    records: Mapped[ClientRecords] = relationship(back_populates="samples")
    drawn_by: Mapped[Person] = relationship()
