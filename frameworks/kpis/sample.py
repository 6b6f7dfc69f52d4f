"""The random sample of clients whose files are read: reproducible by its seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from frameworks.faults import Fault, TableFaults
from frameworks.kpis.clients import Client
from frameworks.review_cycle import Sample


@dataclass(frozen=True)
class Drawn:
    """The clients drawn, in the order of their anonymous references, and the seed."""

    clients: tuple[Client, ...]
    seed: int

    def as_json(self) -> dict[str, Any]:
        """Return the sample; `clients` joins the list's references with the anonymous ones."""
        return {
            "size": len(self.clients),
            "references": [client.reference for client in self.clients],
            "seed": self.seed,
            "clients": [
                {"anonymous": anonymous(place), "reference": client.reference, "row": client.row}
                for place, client in enumerate(self.clients, start=1)
            ],
        }


def anonymous(place: int) -> str:
    """Return the reference under which a sampled client is spoken of: `Client 7`."""
    return f"Client {place}"


def draw(clients: Sequence[Client], limits: Sample, seed: int, size: int | None = None) -> Drawn:
    """Draw clients at random. The same clients and seed give the same sample, in any order.

    Args:
        clients: everybody listed.
        limits: how many at least and at most.
        seed: any whole number.
        size: how many; the most when left out. All, where fewer are listed.

    Raises:
        TableFaults: the size is outside the limits.
    """
    wanted = limits.most if size is None else size
    if not limits.least <= wanted <= limits.most:
        expected = f"a number from {limits.least} to {limits.most} was expected, not {wanted}"
        raise TableFaults([Fault("", "sample size", expected)])
    ordered = sorted(clients, key=lambda client: client.reference)
    # Reproducible on purpose: whoever has the list and the seed can draw it again.
    drawn = Random(seed).sample(ordered, min(wanted, len(ordered)))  # noqa: S311 - see above
    return Drawn(tuple(drawn), seed)
