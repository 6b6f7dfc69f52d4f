import pytest

from question_bank.sittings import sealing
from question_bank.sittings.sealing import SealBroken
from tests.factories.sealing import sealed


def test_what_a_page_sealed_is_opened_by_this_server_and_for_its_test_alone(app):
    batch = sealed(sealing.public_key(), "one", b"said")
    parts = [batch["key"], batch["iv"], batch["sealed"]]
    assert sealing.opened(*parts, "one") == b"said"
    with pytest.raises(SealBroken):
        sealing.opened(*parts, "another")
    for place, part in enumerate(parts):
        for other in (part[:-8] + "AAAAAAAA", part[:4], "", "%%", "A" * 88):
            changed = [*parts]
            changed[place] = other
            with pytest.raises(SealBroken):
                sealing.opened(*changed, "one")


def test_another_secret_is_another_key(app, monkeypatch):
    mine = sealing.public_key()
    batch = sealed(mine, "one", b"said")
    monkeypatch.setattr(sealing._Key, "secret", "another")
    assert sealing.public_key() != mine
    with pytest.raises(SealBroken):
        sealing.opened(batch["key"], batch["iv"], batch["sealed"], "one")
