"""Packs within a person's reach, and the texts that are shown for a definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from epa.database import db
from epa.people.models import Organisation, Person
from epa.people.rules import GRANTS, Permission
from epa.wording.models import WordingPack
from epa.wording.rules import ASKS, Place, digest, from_rows, places_of
from frameworks import Framework


def epaos_of(person: Person, permission: Permission) -> list[Organisation]:
    """The EPAOs at which somebody holds a role that grants this."""
    held = [one for one in person.current_roles if permission in GRANTS[one.role]]
    return list({one.organisation_id: one.organisation for one in held}.values())


def pack_for(person: Person, permission: Permission, pack_id: UUID) -> WordingPack | None:
    """A pack of an EPAO at which this person may do this; None as for an unknown id."""
    reached = [one.id for one in epaos_of(person, permission)]
    return db.session.scalar(
        select(WordingPack).where(WordingPack.id == pack_id, WordingPack.epao_id.in_(reached))
    )


def packs_seen(person: Person, permission: Permission) -> Sequence[WordingPack]:
    """Every pack within reach, the newest first."""
    reached = [one.id for one in epaos_of(person, permission)]
    query = select(WordingPack).where(WordingPack.epao_id.in_(reached))
    return db.session.scalars(query.order_by(WordingPack.loaded_at.desc())).all()


def shown_of(packs: Sequence[WordingPack]) -> set[UUID]:
    """Which of these packs, newest first, are shown: the first of each definition not ended."""
    shown: dict[tuple[UUID, str, str], UUID] = {}
    for one in packs:
        if one.ended_at is None:
            shown.setdefault((one.epao_id, one.framework_code, one.framework_version), one.id)
    return set(shown.values())


def shown_pack(epao_id: UUID, framework: Framework) -> WordingPack | None:
    """The pack that is shown for a definition from now on: the newest that is not ended."""
    return db.session.scalar(
        select(WordingPack)
        .where(
            WordingPack.epao_id == epao_id,
            WordingPack.framework_code == framework.code,
            WordingPack.framework_version == framework.version,
            WordingPack.ended_at.is_(None),
        )
        .order_by(WordingPack.loaded_at.desc(), WordingPack.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Wording:
    """The texts on a page: a pack's, and the definition's own where the pack has none.

    ``official`` names the places whose text is the pack's; ``digest`` is over every text shown.
    """

    texts: Mapping[Place, str]
    official: frozenset[Place]
    pack: WordingPack | None
    digest: str

    def asks(self, code: str) -> str:
        """What a criterion of a quality framework asks."""
        return self.texts[Place(code, "", ASKS)]

    def levels(self, code: str) -> dict[str, str]:
        """What each level of a criterion looks like, by the level's code; none where it is measured."""
        return {
            place.grade: text
            for place, text in self.texts.items()
            if place.code == code and place.grade != ASKS
        }


def wording_of(framework: Framework, pack: WordingPack | None) -> Wording:
    """What is shown for a definition with a pack, or without one."""
    texts = places_of(framework)
    loaded = from_rows(pack.texts) if pack else {}
    official = frozenset(loaded) & frozenset(texts)
    shown = {place: loaded.get(place, own) for place, own in texts.items()}
    return Wording(shown, official, pack, digest(shown))
