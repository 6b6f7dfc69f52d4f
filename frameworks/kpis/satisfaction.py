"""Answers to satisfaction questionnaires: who answered, and the overall rating."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from frameworks.exact import exact, shown
from frameworks.faults import Fault, TableFaults
from frameworks.kpis.tables import Table, is_formula, lacking
from frameworks.step_table import Measure

REQUIRED = ("group", "overall")
GROUPS = ("employer", "client")
DECIMAL = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Answers:
    """The overall ratings of employers, and of jobseekers and employees."""

    employers: tuple[Fraction, ...]
    clients: tuple[Fraction, ...]


def read_answers(table: Table, measure: Measure) -> Answers:
    """Return the answers of a table with the columns `group` and `overall`.

    Args:
        table: `group` is `employer` or `client`; other columns are not looked at.
        measure: the range in which an overall rating lies.

    Raises:
        TableFaults: every row with another group, or a rating that is no number of the range.
    """
    faults = list(lacking(table, REQUIRED))
    if faults:
        raise TableFaults(faults)
    places = [table.place(column) for column in REQUIRED]
    ratings: dict[str, list[Fraction]] = {group: [] for group in GROUPS}
    try:
        for number, cells in table.rows:
            texts = table.texts(cells)
            group, overall = (texts[place] for place in places)
            found = (
                *table.width_faults(number, cells),
                *_faults_in(table, number, (group, overall), measure),
            )
            faults.extend(found)
            if not found:
                ratings[group.casefold()].append(exact(overall))
    except TableFaults as error:
        faults.extend(error.faults)
    if faults:
        raise TableFaults(faults)
    return Answers(employers=tuple(ratings["employer"]), clients=tuple(ratings["client"]))


def _faults_in(
    table: Table, number: int, texts: Sequence[str], measure: Measure
) -> Iterator[Fault]:
    group, overall = texts
    if group.casefold() not in GROUPS:
        problem = f"one of {', '.join(GROUPS)} was expected, not '{group[:40]}'"
        yield table.fault(number, "group", problem)
    lowest, highest = exact(measure.lowest), exact(measure.highest)
    if is_formula(overall):
        yield table.fault(number, "overall", "a formula; write the rating it comes to")
    elif not DECIMAL.fullmatch(overall) or not lowest <= exact(overall) <= highest:
        span = f"a rating from {shown(lowest)} to {shown(highest)}"
        yield table.fault(number, "overall", f"{span} was expected, not '{overall[:40]}'")
