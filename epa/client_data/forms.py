"""The forms for a list of clients, for what replaces it, for a sample, and for the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from epa.client_data.breakdown import DEMOGRAPHICS
from epa.client_data.receiving import ListRefused
from epa.client_data.rules import Period
from epa.client_data.tables import ENDINGS
from epa.files.forms import UploadBox
from epa.people.models import Organisation
from epa.web.fields import DateBoxes, DecimalNumber, SelectBox, TextField, WholeNumber
from epa.web.forms import PlumblineForm
from frameworks.kpis.tables import MOST_ROWS

_MOST_SAID = 20


class _TablesForm(PlumblineForm):
    """What both forms share: they say the faults of the tables row by row."""

    def say(self, refused: ListRefused) -> None:
        """Say what is wrong with the files, each fault with its row and column."""
        for field, faults in refused.faults.items():
            for fault in faults[:_MOST_SAID]:
                where = fault.where[:1].upper() + fault.where[1:]
                self.add_error(": ".join(filter(None, (where, fault.problem))), field)
            if len(faults) > _MOST_SAID:
                more = len(faults) - _MOST_SAID
                self.add_error(f"And {more:,} more. Put these right first", field)


class ListForm(_TablesForm):
    """A new list: for which EPAO, of which days, and the files."""

    epao = SelectBox("Kept for")
    starts_on = DateBoxes("First day", hint="For example, 1 4 2023", called="The first day")
    ends_on = DateBoxes("Last day", hint="For example, 31 3 2026", called="The last day")
    assessed_on = DateBoxes(
        "Assessment date",
        hint="The day on which the indicators are worked out. A job after it counts nowhere.",
        called="The assessment date",
    )
    clients = UploadBox(
        "Client list",
        called="The client list",
        hint=f"CSV or Excel, at most {MOST_ROWS:,} rows",
        endings=ENDINGS,
    )
    answers = UploadBox(
        "Satisfaction answers",
        called="The table of satisfaction answers",
        hint="CSV or Excel. Without them C and D have no value; you can add them later.",
        endings=ENDINGS,
        optional=True,
    )

    def offer(self, epaos: Sequence[Organisation]) -> None:
        """Offer what may be chosen; where there is no choice, it is made already."""
        self.epao.choices = [(one.id, one.name) for one in epaos]
        if len(epaos) == 1 and not self.epao.typed:
            self.epao.process_data(epaos[0].id)

    @property
    def period(self) -> Period:
        """The days that were entered."""
        return Period(self.starts_on.data, self.ends_on.data, self.assessed_on.data)


class ReplaceForm(_TablesForm):
    """Another assessment date, list or answers; what is left empty stays as it is."""

    assessed_on = DateBoxes(
        "Assessment date",
        hint="The day on which the indicators are worked out. A job after it counts nowhere.",
        called="The assessment date",
    )
    clients = UploadBox(
        "Client list",
        called="The client list",
        hint=f"CSV or Excel, at most {MOST_ROWS:,} rows. Without one, the list stays.",
        endings=ENDINGS,
        optional=True,
    )
    answers = UploadBox(
        "Satisfaction answers",
        called="The table of satisfaction answers",
        hint="CSV or Excel. Without one, the answers stay.",
        endings=ENDINGS,
        optional=True,
    )


class RemoveForm(PlumblineForm):
    """Nothing to type: a button."""


class SampleForm(PlumblineForm):
    """How many clients are drawn."""

    size = WholeNumber("How many clients", called="The size of the sample", unit="clients")

    def offer(self, least: int, most: int) -> None:
        """Set the definition's limits; the most is offered."""
        self.size.least, self.size.most = least, most
        if not self.is_submitted():
            self.size.process_data(most)


class PopulationForm(PlumblineForm):
    """The local population's shares; a field for each group is added by `population_form`."""

    groups: Mapping[str, tuple[str, str]] = {}
    source = TextField(
        "Source of the figures",
        called="The source",
        hint="For example, Census 2021, Leeds",
        optional=True,
        width="medium",
    )

    @property
    def columns(self) -> list[tuple[str, list[Any]]]:
        """The title of each column with the fields of its groups."""
        return [
            (title, [self[name] for name, (of, _) in self.groups.items() if of == column])
            for column, title in DEMOGRAPHICS.items()
            if any(of == column for of, _ in self.groups.values())
        ]

    @property
    def shares(self) -> dict[str, dict[str, str]]:
        """The shares that were entered, by column and group."""
        found: dict[str, dict[str, str]] = {}
        for name, (column, group) in self.groups.items():
            if self[name].data is not None:
                found.setdefault(column, {})[group] = str(self[name].data)
        return found


def population_form(
    groups: Mapping[str, Sequence[str]], entered: Mapping[str, Mapping[str, str]], source: str
) -> PopulationForm:
    """A form with a field for each group of each column, and what was entered before."""
    names = {
        f"{column}_{place}": (column, group)
        for column, titles in groups.items()
        for place, group in enumerate(titles)
    }
    fields = {
        name: DecimalNumber(
            group,
            called=f"The share of “{group}”",
            most=100,
            unit="%",
            optional=True,
        )
        for name, (_, group) in names.items()
    }
    made = type("PopulationFormOfAList", (PopulationForm,), {"groups": names, **fields})
    before = {name: entered.get(column, {}).get(group) for name, (column, group) in names.items()}
    form: PopulationForm = made(data={**before, "source": source})
    return form
