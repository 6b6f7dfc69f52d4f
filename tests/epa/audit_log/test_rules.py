"""Every kind of record has words of its own, without a name from the code."""

import re

from config import LABELS
from epa.audit_log.rules import record_words
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
