"""What is wrong with a definition or a set of ratings, each fault with its place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which file, where inside it, and what was expected."""

    file: str
    where: str
    problem: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.where, self.problem) if part)

    def as_json(self) -> dict[str, str]:
        """Return the fault as JSON values."""
        return {"file": self.file, "where": self.where, "problem": self.problem}

    def in_file(self, file: str) -> "Fault":
        """Return the same fault, now naming the file it was found in."""
        return Fault(file, self.where, self.problem)


def unreadable(file: str, error: Exception) -> Fault:
    """Return the fault of a file that cannot be opened or read."""
    return Fault(file, "", f"the file cannot be read: {getattr(error, 'strerror', None) or error}")


class Faults(ValueError):
    """Input that cannot be used, with every fault found and not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DefinitionFaults(Faults):
    """A definition that is missing, unreadable or wrong. No part of it was loaded."""


class RatingFaults(Faults):
    """Ratings or marks that the definition does not allow. Nothing was scored."""


class TableFaults(Faults):
    """A table whose rows cannot be used, each fault with its row. Nothing was worked out."""
