"""What mails say, from data: subject and matter with facts put in, and what stands around them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from epa.outbox.rules import DAILY, LINK_MARK, one_line
from epa.people.models import Organisation, Person
from epa.settings import queries as settings
from epa.settings.rules import switch_of

PRODUCT: Final = "Plumbline"
_FILE: Final = Path(__file__).with_name("letters.toml")


class _Place:
    """How people reach this Plumbline, given by the factory."""

    url: str | None = None


def use_public_url(url: str) -> None:
    """Lead the readers of mails to this address from now on."""
    _Place.url = url


@cache
def wordings() -> Mapping[str, Mapping[str, str]]:
    """Subject and body of each event's mail, as the data file has them."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def composed(wording: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """The subject and the matter of a mail.

    Args:
        wording: its name in the data file.
        facts: what stands in braces there, besides the interface's words.

    Raises:
        KeyError: there is no such wording, or a fact is missing.
    """
    words = wordings()[wording]
    given = {**settings.labels(), "product": PRODUCT, "link": LINK_MARK, **facts}
    return one_line(words["subject"].format_map(given)), words["body"].format_map(given).strip()


def framed(to: Person, event: str, matter: str, behalf: Organisation | None) -> str:
    """A whole mail: a greeting, the matter, the way in, who sends it, and how to have fewer."""
    parts = [f"Hello {one_line(to.given_names)},", matter.strip()]
    if LINK_MARK not in matter and _Place.url:
        parts.append(f"Sign in: {_Place.url}")
    if behalf is not None:
        parts.append(one_line(behalf.name))
    if switch_of(event) in settings.schema() or event == DAILY:
        parts.append("--\nYou can choose which mails you get, under “Your account”.")
    return "\n\n".join(parts) + "\n"
