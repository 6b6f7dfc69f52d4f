"""One form for each page of settings, made from the schema."""

from __future__ import annotations

from typing import Any, Final

from wtforms import HiddenField

from epa.files.forms import UploadBox
from epa.settings.rules import Setting, SettingGroup, SettingKind
from epa.web.fields import EmailField, TextField, Tick, WholeNumber
from epa.web.forms import PlumblineForm

PICTURES: Final = ("png", "jpg")
REMOVE: Final = "remove_"


class SettingsForm(PlumblineForm):
    """The settings of one group; ``seen`` says what its reader had before them."""

    seen = HiddenField()

    @property
    def seen_number(self) -> int:
        """How many changes there were when the page was shown."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and text.isascii() else -1


def form_of(group: SettingGroup, values: dict[str, Any], seen: int) -> SettingsForm:
    """The form of a group, filled with what is set."""
    fields: dict[str, Any] = {one.name: _field(one) for one in group.setting}
    for one in group.setting:
        if one.kind is SettingKind.PICTURE and values[one.name]:
            fields[REMOVE + one.name] = Tick(f"Take the {one.title.lower()} away")
    made = type("GroupForm", (SettingsForm,), fields)
    shown = {
        one.name: values[one.name] for one in group.setting if one.kind is not SettingKind.PICTURE
    }
    form: SettingsForm = made(data={**shown, "seen": str(seen)})
    return form


def _field(one: Setting) -> Any:
    called = one.title[:1].upper() + one.title[1:]
    if one.kind is SettingKind.NUMBER:
        return WholeNumber(
            one.title, hint=one.help, called=called, least=one.least, most=one.most, unit=one.unit
        )
    if one.kind is SettingKind.SWITCH:
        return Tick(one.title, hint=one.help)
    if one.kind is SettingKind.PICTURE:
        return UploadBox(
            one.title, hint=one.help, endings=PICTURES, optional=True, most_megabytes=2
        )
    kind = EmailField if one.kind is SettingKind.EMAIL else TextField
    return kind(
        one.title,
        hint=one.help,
        called=called,
        optional=not one.is_required,
        most_letters=one.most,
        width="medium",
    )
