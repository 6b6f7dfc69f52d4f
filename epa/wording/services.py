"""Loading a wording pack, whole or not at all, and ending its use."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.people.models import Organisation, Person
from epa.wording.models import WordingPack
from epa.wording.rules import as_rows, digest, read_pack
from frameworks import Framework


def load_pack(
    epao: Organisation,
    framework: Framework,
    content: bytes,
    *,
    name: str,
    actor: Person,
    at: datetime,
) -> WordingPack:
    """Keep a file's texts: sheets opened from now on show them.

    Args:
        epao: whose pack it is.
        framework: the definition, in the version whose texts these are.
        content: the CSV file's bytes.
        name: what the EPAO calls the pack, such as its source and date.
        actor: who loads it.
        at: when.

    Raises:
        RulesBroken: every row that is wrong, with its number; nothing is kept.
        RuleBroken: the name is empty.
    """
    if not name.strip():
        raise RuleBroken("name-missing", "Enter what this pack is called", "name")
    found = read_pack(content, framework)
    if found.faults:
        raise RulesBroken([RuleBroken("wording-row", one.words, "file") for one in found.faults])
    pack = WordingPack(
        epao=epao,
        framework_code=framework.code,
        framework_version=framework.version,
        name=name.strip(),
        texts=as_rows(found.texts),
        digest=digest(found.texts),
        loaded_at=at,
        loaded_by=actor,
    )
    db.session.add(pack)
    db.session.flush()
    record(
        actor,
        "wording pack loaded",
        pack,
        at=at,
        framework=framework.code,
        version=framework.version,
        texts=len(found.texts),
        digest=pack.digest,
    )
    return pack


def end_pack(pack: WordingPack, *, actor: Person, at: datetime) -> None:
    """Show a pack no longer on sheets opened from now on; those that show it keep it.

    Raises:
        RuleBroken: it was ended already.
    """
    if pack.ended_at is not None:
        raise RuleBroken("ended-already", "This pack was ended already.")
    pack.ended_at, pack.ended_by = at, actor
    db.session.flush()
    record(actor, "wording pack ended", pack, at=at)
