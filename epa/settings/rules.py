"""One typed schema of settings: name, kind, default, range and help; from data and from the labels."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, model_validator

_FILE: Final = Path(__file__).with_name("settings.toml")
LABEL: Final = "label_"
_LABEL_LETTERS: Final = 60
_TEXT_LETTERS: Final = 100


class SettingKind(StrEnum):
    """What a setting's value is."""

    NUMBER = "number"
    SWITCH = "switch"
    TEXT = "text"
    EMAIL = "email"
    PICTURE = "picture"


_TYPES: Final[dict[SettingKind, type]] = {
    SettingKind.NUMBER: int,
    SettingKind.SWITCH: bool,
    SettingKind.TEXT: str,
    SettingKind.EMAIL: str,
    SettingKind.PICTURE: str,
}


class Setting(BaseModel):
    """One setting as its page and its readers need it.

    Attributes:
        name: what it is read by.
        kind: what its value is.
        default: the value until somebody changes it.
        title: the question on the page.
        help: what stands beside it.
        least: for a number, the smallest that will do.
        most: for a number, the largest; for a text, how many letters.
        unit: what a number counts.
        is_required: whether an empty text will not do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: SettingKind
    default: int | bool | str
    title: str
    help: str
    least: int = 0
    most: int = _TEXT_LETTERS
    unit: str = ""
    is_required: bool = False

    @model_validator(mode="after")
    def _default_will_do(self) -> Self:
        if fault := self.fault_of(self.default, may_be_default=True):
            raise ValueError(f"{self.name}: {fault}")
        return self

    def fault_of(self, value: Any, *, may_be_default: bool = False) -> str | None:
        """What is wrong with a value, as a sentence; None when it will do."""
        if type(value) is not _TYPES[self.kind]:
            return f"{self.title}: this is not a {self.kind.value}."
        if type(value) is int and not self.least <= value <= self.most:
            return f"{self.title} must be from {self.least} to {self.most} {self.unit}.".rstrip()
        if isinstance(value, str):
            return self._fault_of_text(value, may_be_default=may_be_default)
        return None

    def _fault_of_text(self, value: str, *, may_be_default: bool) -> str | None:
        if self.is_required and not value and not may_be_default:
            return f"{self.title} must not be empty."
        if len(value) > self.most:
            return f"{self.title} must have {self.most} characters or fewer."
        if any(ord(letter) < ord(" ") for letter in value):
            return f"{self.title} must be on one line."
        return None


class SettingGroup(BaseModel):
    """Settings that stand on one page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    lead: str
    setting: tuple[Setting, ...] = ()


@cache
def _from_file() -> tuple[SettingGroup, ...]:
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["group"]
    return tuple(SettingGroup.model_validate(entry) for entry in entries)


def groups(labels: Mapping[str, str]) -> tuple[SettingGroup, ...]:
    """Every group of settings, the words of the interface as the last one.

    Args:
        labels: the words by their keys, as they stand without anybody's change.
    """
    words = tuple(
        Setting(
            name=LABEL + key,
            kind=SettingKind.TEXT,
            default=word,
            title=f"“{word}”",
            help="",
            most=_LABEL_LETTERS,
            is_required=True,
        )
        for key, word in labels.items()
    )
    return tuple(
        group.model_copy(update={"setting": words}) if group.name == "labels" else group
        for group in _from_file()
    )


def switch_of(event: str) -> str:
    """The name of the setting that switches the mails of an event."""
    return f"mail_{event.replace(' ', '_')}"


def switchable_mails(schema: Mapping[str, Setting]) -> dict[str, Setting]:
    """The events whose mails can be switched off, each with its setting."""
    switches = {
        one.name.removeprefix("mail_").replace("_", " "): one
        for one in schema.values()
        if one.kind is SettingKind.SWITCH and one.name.startswith("mail_")
    }
    return dict(sorted(switches.items(), key=lambda item: item[1].title))
