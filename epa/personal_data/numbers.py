"""Numbers that belong to a person: National Insurance, NHS, telephone; e-mail; dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from epa.personal_data.kinds import Kind

Found = tuple[Kind, int, int]

# All that is looked for here has one, but for an address with an @.
_FIGURE: Final = re.compile(r"\d")
# HM Revenue & Customs: two letters, six figures, a letter A to D; some letters are never used.
_NATIONAL_INSURANCE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NATIONAL_INSURANCE_SAID: Final = re.compile(
    r"\b(?:N\.?I\.?(?:NO)?|national insurance)\b[^.\n]{0,25}?"
    r"(\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Z]?\b)",
    re.IGNORECASE,
)
_TEN: Final = re.compile(r"(?<![\d+])\d{3}([ -]?)\d{3}\1\d{4}(?!\d)")
_NHS_SAID: Final = re.compile(r"\b(?:NHS|patient|CHI)\b[^.\n]{0,25}$", re.IGNORECASE)
_LEARNER_SAID: Final = re.compile(
    r"\b(?:ULN|learner|UKPRN|reference|ref|order|invoice)\b[^.\n]{0,20}$", re.IGNORECASE
)
_MOBILE: Final = re.compile(
    r"(?<![\d+])(?:\+44[ -]?(?:\(0\)[ -]?)?|0044[ -]?|0)7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)"
    r"|(?<![\d+])(?:\+44[ -]?|0)7\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)"
    r"|(?<![\d+])07\d{3}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}(?!\d)"
)
_LANDLINE: Final = re.compile(
    r"(?<![\d+])(?:\+44[ -]?(?:\(0\)[ -]?)?|0044[ -]?|\(?0)[12]\d{1,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])([\w.+'’-]+)\s?@\s?(?:[\w-]+\.)+[A-Za-z]{2,}\b")
# Boxes that belong to a place of work and to nobody.
_NOBODYS: Final = frozenset(
    {
        *("admin", "applications", "apply", "bookings", "business", "careers", "contact"),
        *("contactus", "customerservice", "customerservices", "enquiries", "enquiry", "feedback"),
        *("hello", "help", "helpdesk", "hr", "info", "information", "jobs", "mail", "noreply"),
        *("no-reply", "office", "post", "reception", "recruit", "recruitment", "referrals"),
        *("safeguarding", "sales", "service", "services", "support", "talent", "team"),
        *("training", "vacancies", "volunteering", "welcome", "work", "employability"),
    }
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?(?: of)?[ ./-]+" + _MONTH + r"(?:[ ,./-]+\d{2,4})?"
    r"|" + _MONTH + r" \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_BORN: Final = re.compile(
    r"\b(?:D\.?\s?O\.?\s?B\.?|date of birth|birth ?date|birthday|born)\b"
    r"[^.;\n\d]{0,25}?((?:" + _DAY + r"|(?:in )?" + _MONTH + r" \d{4}))",
    re.IGNORECASE,
)
_BORN_AFTER: Final = re.compile(
    r"("
    + _DAY
    + r")\W{0,3}(?:\(?D\.?O\.?B\.?\)?|\(?date of birth\)?|(?:is|was) (?:his|her|their) birthday)",
    re.IGNORECASE,
)


def numbers(line: str) -> Iterator[Found]:
    """Every number, address and date of the kinds above in a line."""
    if "@" not in line and not _FIGURE.search(line):
        return
    for found in _NATIONAL_INSURANCE.finditer(line):
        yield Kind.NATIONAL_INSURANCE, found.start(), found.end()
    for found in _NATIONAL_INSURANCE_SAID.finditer(line):
        yield Kind.NATIONAL_INSURANCE, found.start(1), found.end(1)
    yield from _phones(line)
    for found in _TEN.finditer(line):
        if _is_nhs(found.group(), line[max(0, found.start() - 60) : found.start()]):
            yield Kind.NHS_NUMBER, found.start(), found.end()
    for found in _EMAIL.finditer(line):
        if found.group(1).casefold().strip(".") not in _NOBODYS:
            yield Kind.EMAIL, found.start(), found.end()
    for found in (*_BORN.finditer(line), *_BORN_AFTER.finditer(line)):
        yield Kind.DATE_OF_BIRTH, found.start(1), found.end(1)


def _phones(line: str) -> Iterator[Found]:
    for found in (*_MOBILE.finditer(line), *_LANDLINE.finditer(line)):
        if _is_phone(found.group()):
            yield Kind.PHONE, found.start(), found.end()


def _is_phone(said: str) -> bool:
    """Ten or eleven figures with the leading 0, which stands for +44."""
    figures = "".join(letter for letter in said if letter.isdigit())
    for beginning in ("0044", "44"):
        if said.lstrip().startswith(("+", "0044")) and figures.startswith(beginning):
            figures = "0" + figures.removeprefix(beginning).lstrip("0")
            break
    return len(figures) in {10, 11} and figures.startswith("0")


def _is_nhs(said: str, before: str) -> bool:
    """Ten figures that add up, or that the note calls an NHS number; never a learner's number."""
    if _NHS_SAID.search(before):
        return True
    if _LEARNER_SAID.search(before):
        return False
    figures = [int(letter) for letter in said if letter.isdigit()]
    check = 11 - sum(f * w for f, w in zip(figures, range(10, 1, -1), strict=False)) % 11
    return check % 11 == figures[9] and len(set(figures)) > 1
