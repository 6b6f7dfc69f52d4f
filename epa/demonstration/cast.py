"""Who plays in the demonstration: invented organisations and people, and how to sign in as them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from epa.people.rules import ConflictKind, OrganisationKind, Role

PASSWORD: Final = "level-plumb-line-26"  # noqa: S105 (printed on purpose; never in production)


@dataclass(frozen=True)
class Body:
    """An organisation of the demonstration."""

    key: str
    name: str
    kinds: tuple[OrganisationKind, ...]
    ukprn: str | None = None


@dataclass(frozen=True)
class Player:
    """A person of the demonstration, with roles at one organisation."""

    given: str
    family: str
    email: str
    at: str
    roles: tuple[Role, ...]

    @property
    def key(self) -> str:
        """The short name by which stories speak of this person."""
        return self.email.partition("@")[0]


BODIES: Final = (
    Body("epao", "Calder Vale Assessment", (OrganisationKind.EPAO,), "10099901"),
    Body("tidewell", "Tidewell Housing", (OrganisationKind.EMPLOYER,)),
    Body(
        "eastmoor",
        "Eastmoor Works",
        (OrganisationKind.EMPLOYER, OrganisationKind.EMPLOYABILITY_PROVIDER),
    ),
    Body("harbour", "Harbour Row Trust", (OrganisationKind.EMPLOYER,)),
    Body("fellgate", "Fellgate Training", (OrganisationKind.TRAINING_PROVIDER,), "10099902"),
    Body("northbeck", "Northbeck College", (OrganisationKind.TRAINING_PROVIDER,), "10099903"),
)

PLAYERS: Final = (
    Player("Ruth", "Pemberton", "ruth@caldervale.example", "epao", (Role.ADMINISTRATOR,)),
    Player("Omar", "Siddiqui", "omar@caldervale.example", "epao", (Role.ADMINISTRATOR,)),
    Player(
        "Angela", "Lowther", "angela@caldervale.example", "epao", (Role.INTERNAL_QUALITY_ASSURER,)
    ),
    Player("Helen", "Marchetti", "helen@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Graham", "Oduya", "graham@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Mei", "Tanaka", "mei@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Fergus", "O’Neill", "fergus@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Adaeze", "Nwosu", "adaeze@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Piotr", "Zieliński", "piotr@caldervale.example", "epao", (Role.INDEPENDENT_ASSESSOR,)),
    Player("Nell", "Fairweather", "nell@caldervale.example", "epao", (Role.MARKER,)),
    Player("Tom", "Achebe", "tom@caldervale.example", "epao", (Role.MARKER, Role.INVIGILATOR)),
    Player("Ines", "Duarte", "ines@caldervale.example", "epao", (Role.INVIGILATOR,)),
    Player("Leah", "Goldberg", "leah@caldervale.example", "epao", (Role.ITEM_AUTHOR,)),
    Player("Hamish", "Reid", "hamish@caldervale.example", "epao", (Role.ITEM_REVIEWER,)),
    Player("Sunita", "Rao", "sunita@caldervale.example", "epao", (Role.PROVIDER_QUALITY_ASSESSOR,)),
    Player("Carys", "Bowen", "carys@caldervale.example", "epao", (Role.REVIEW_MODERATOR,)),
    Player("Ivor", "Pryce", "ivor@caldervale.example", "epao", (Role.AUDITOR,)),
    Player("Nadia", "Farouk", "nadia@tidewell.example", "tidewell", (Role.EMPLOYER,)),
    Player("Colin", "Bright", "colin@eastmoor.example", "eastmoor", (Role.EMPLOYER,)),
    Player("Dilys", "Hart", "dilys@eastmoor.example", "eastmoor", (Role.PROVIDER_QUALITY_LEAD,)),
    Player("Yusuf", "Demir", "yusuf@harbourrow.example", "harbour", (Role.EMPLOYER,)),
    Player("Bridget", "Walsh", "bridget@fellgate.example", "fellgate", (Role.TRAINING_PROVIDER,)),
    Player("Karl", "Lindqvist", "karl@northbeck.example", "northbeck", (Role.TRAINING_PROVIDER,)),
)

# Invited two days ago, and not in yet.
INVITED: Final = Player(
    "Rhiannon", "Vaughan", "rhiannon@harbourrow.example", "harbour", (Role.EMPLOYER,)
)

# Who declared what about which client, and why it need not stand in the way (if it need not).
CONFLICTS: Final = (
    (
        "graham",
        ConflictKind.EMPLOYER,
        "harbour",
        "Worked for Harbour Row Trust until two years ago, in the same team as its contact now.",
        "",
    ),
    (
        "fergus",
        ConflictKind.PROVIDER,
        "northbeck",
        "Taught one evening class at Northbeck College nine years ago.",
        "Nine years ago, another subject, none of today’s staff or apprentices. May assess.",
    ),
)

# One person per role, for the page that says how to look around; the apprentice is one of
# the forty (epa/demonstration/apprentices.py).
ACCOUNTS: Final = (
    ("Administrator", "ruth@caldervale.example"),
    ("Independent assessor", "helen@caldervale.example"),
    ("Marker", "nell@caldervale.example"),
    ("Internal quality assurer", "angela@caldervale.example"),
    ("Invigilator", "ines@caldervale.example"),
    ("Item author", "leah@caldervale.example"),
    ("Item reviewer", "hamish@caldervale.example"),
    ("Apprentice", "sian.prosser@tidewell.example"),
    ("Employer", "nadia@tidewell.example"),
    ("Training provider", "bridget@fellgate.example"),
    ("Provider quality lead", "dilys@eastmoor.example"),
    ("Provider-quality assessor", "sunita@caldervale.example"),
    ("Review moderator", "carys@caldervale.example"),
    ("Auditor", "ivor@caldervale.example"),
)
