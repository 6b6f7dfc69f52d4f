"""The kinds of personal data that are looked for."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a piece of a note looks like."""

    NATIONAL_INSURANCE = "national_insurance"
    NHS_NUMBER = "nhs_number"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    ADDRESS = "address"
    DATE_OF_BIRTH = "date_of_birth"
    NAME = "name"
