"""Every kind of record has words of its own, without a name from the code."""

import re
from uuid import UUID

from config import LABELS
from epa.audit_log.rules import detail_words, identifiers_in, record_words
from epa.database import Base


def test_every_kind_of_record_is_said_in_words():
    kinds = [mapper.class_.__name__ for mapper in Base.registry.mappers]
    said = {kind: record_words(kind, LABELS) for kind in kinds}
    assert [words for words in said.values() if not re.fullmatch(r"[A-Z][^A-Z{}]*", words)] == [
        words for words in said.values() if "EPA" in words
    ]
    assert len(set(said.values())) == len(kinds)
    assert said["EventShift"] == "Event shift"
    assert said["GatewayReview"] == "Gateway"


ADA = "6b680201-3e7e-405f-8c39-78183ba99b39"


def test_details_are_said_in_words_and_long_lists_are_cut():
    known = {ADA: "Ada Byron"}
    assert detail_words([ADA, ADA, "K1"], known) == "Ada Byron, K1"
    assert detail_words([True, None, 4], known) == "yes, nothing, 4"
    assert detail_words(list("abcdefg"), known) == "a, b, c, d, e and 2 more"
    assert identifiers_in({"person": ADA, "codes": ["K1", ADA], "number": 4}) == {UUID(ADA)}
