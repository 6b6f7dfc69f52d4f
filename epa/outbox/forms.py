"""Which mails a person wants: one box for each kind that is sent here."""

from __future__ import annotations

from collections.abc import Mapping

from epa.outbox.rules import DAILY
from epa.settings.rules import Setting, switch_of
from epa.web.fields import Tick
from epa.web.forms import PlumblineForm


class MailChoiceForm(PlumblineForm):
    """A tick for each event; `wanted` gives the answers by event."""

    events: Mapping[str, str]

    @property
    def wanted(self) -> dict[str, bool]:
        """What was ticked, by event."""
        return {event: bool(self[name].data) for event, name in self.events.items()}


def choice_form(
    offered: Mapping[str, Setting], chosen: Mapping[str, bool], *, daily: bool
) -> MailChoiceForm:
    """The form for one person.

    Args:
        offered: the events whose mails are sent here, each with its setting.
        chosen: what the person chose so far.
        daily: whether a daily mail can be had.
    """
    fields = {switch_of(event): Tick(one.title, hint=one.help) for event, one in offered.items()}
    values = {switch_of(event): chosen.get(event, True) for event in offered}
    events = {event: switch_of(event) for event in offered}
    if daily:
        name = switch_of(DAILY)
        fields[name] = Tick(
            "Each morning, how much needs you",
            hint="One mail on days on which something is waiting. It names nobody.",
        )
        values[name] = chosen.get(DAILY, False)
        events[DAILY] = name
    made = type("ChosenForm", (MailChoiceForm,), {**fields, "events": events})
    form: MailChoiceForm = made(data=values)
    return form
