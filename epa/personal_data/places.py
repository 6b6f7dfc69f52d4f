"""Where somebody lives: postcodes and addresses, told apart from the places where one works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from epa.personal_data.kinds import Kind

Found = tuple[Kind, int, int]

# Royal Mail's postcode areas: without them K1 7AB and a time after S5 would be postcodes.
_AREAS: Final = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E"
    "|EC|EH|EN|EX|FK|FY|G|GL|GU|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS"
    "|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN"
    "|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
# All that is looked for here has one, but for a street in which somebody lives.
_FIGURE: Final = re.compile(r"\d")
_POSTCODE: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:{_AREAS})\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{{2}}"
    rf"|(?:{_AREAS.lower()})\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{{2}})(?![A-Za-z0-9])"
)
_STREET: Final = (
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Dr|Court|Crescent|Cres|Terrace|Gardens"
    r"|Gdns|Grove|Place|Way|Walk|Hill|Square|Mews|Row|Rise|View|Green|Park|Parade|Gate|Mount|Bank"
    r"|Croft|Vale|Fold|Wynd|Brae|Heights|Villas|Cottages|Buildings|Embankment)"
)
_NAMED: Final = r"(?:[A-Z][\w'’]+\.? ){1,3}"
_ADDRESS: Final = re.compile(
    rf"(?<![\w/.:-])(?:Flat|Apartment|Apt|No\.?)? ?\d{{1,4}}[a-eA-E]?,? {_NAMED}{_STREET}\b"
)
_FLAT: Final = re.compile(rf"\b(?:Flat|Apartment|Apt) \d{{1,3}}[a-eA-E]?,? (?:\d|{_NAMED})")
_PLAIN: Final = re.compile(
    r"(?<![\w/.:-])\d{1,4}[a-e]? (?!(?:minutes?|mins?|hours?|hrs?|miles?|days?|weeks?|people|more"
    r"|jobs?|roles?|steps?|of|to|in|on|at|from|by|and|the|per|out|off|down|up)\b)"
    r"[a-z'’]+(?: [a-z'’]+)? (?:street|road|avenue|crescent|terrace|lane|gardens)\b"
)
_LIVES: Final = re.compile(
    r"\b(?:[Ll]ives?|[Ll]iving|[Rr]esid(?:es|ing)|[Ss]taying|[Ll]odging|[Hh]ome address|[Aa]ddress)"
    r"(?: is| now| currently| alone| with (?:his|her|their) \w+){0,2}[:,]? (?:at|on|in|is|off)?:? ?"
    rf"((?:\d{{1,4}}[a-e]? )?{_NAMED}{_STREET})\b"
)
# Where people work and meet stands in every note, and says nothing of where anybody lives.
_WORKPLACE: Final = re.compile(
    r"\b(?:office|offices|hub|centre|center|job ?centre|library|branch|store|shop|warehouse|site"
    r"|depot|college|premises|unit|venue|building|caf[eé]|restaurant|hotel|hospital|surgery|clinic"
    r"|school|church|hall|interview|event|fair|workshop|agency|salon|garage|factory|supermarket"
    r"|provider|employer|company|bank|station|stop|outreach)\b",
    re.IGNORECASE,
)
_AT_HOME: Final = re.compile(
    r"\b(?:lives?|living|home|resid\w+|moved|moving|address|flat|staying|evict\w*|tenancy|rents?"
    r"|house)\b",
    re.IGNORECASE,
)


def places(line: str) -> Iterator[Found]:
    """Every postcode and address in a line."""
    has_figure = bool(_FIGURE.search(line))
    for found in _POSTCODE.finditer(line) if has_figure else ():
        yield Kind.POSTCODE, found.start(), found.end()
    for found in _LIVES.finditer(line):
        yield Kind.ADDRESS, found.start(1), found.end(1)
    for pattern in (_ADDRESS, _FLAT, _PLAIN) if has_figure else ():
        for found in pattern.finditer(line):
            if not _is_workplace(line, found.start()):
                yield Kind.ADDRESS, found.start(), found.end()


def _is_workplace(line: str, start: int) -> bool:
    """Whether the words before an address speak of a place where one works or meets."""
    before = line[max(0, start - 60) : start]
    return bool(_WORKPLACE.search(before)) and not _AT_HOME.search(before)
