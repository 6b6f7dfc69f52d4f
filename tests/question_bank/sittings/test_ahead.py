import base64
import json
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from question_bank.sittings import ahead, sealing

CONTENT = '[{"number":1,"stem":"What would you do first? Ünder the seal."}]'


def opened(sitting, paper, key):
    parts = (base64.b64decode(one) for one in (paper.iv, paper.sealed))
    return AESGCM(base64.b64decode(key)).decrypt(*parts, str(sitting).encode()).decode()


def test_the_key_of_a_sitting_opens_its_paper_and_no_other(app):
    one, other = uuid4(), uuid4()
    paper = ahead.sealed(one, CONTENT)
    key = ahead.key_for(one, paper.name)
    assert json.loads(opened(one, paper, key)) == json.loads(CONTENT)
    assert ahead.key_for(other, paper.name) is None
    foreign = ahead.key_for(other, ahead.sealed(other, CONTENT).name)
    for sitting, wrong in ((one, foreign), (other, key)):
        with pytest.raises(InvalidTag):
            opened(sitting, paper, wrong)
    assert ahead.key_for(one, None) is None


def test_the_seal_tells_neither_words_nor_length_and_never_the_same_twice(app):
    sitting = uuid4()
    short, long = (ahead.sealed(sitting, CONTENT + " " * more) for more in (0, 9000))
    assert len(short.sealed) == len(long.sealed)
    assert short.name == long.name
    assert short.iv != long.iv
    assert b"first" not in base64.b64decode(short.sealed)
    assert ahead.key_for(sitting, short.name) not in json.dumps(vars(short))


def test_another_secret_gives_another_key_and_knows_no_seal_of_before(app, monkeypatch):
    sitting = uuid4()
    paper = ahead.sealed(sitting, CONTENT)
    key = ahead.key_for(sitting, paper.name)
    monkeypatch.setattr(sealing._Key, "secret", "another")
    assert ahead.key_for(sitting, paper.name) is None
    assert ahead.key_for(sitting, ahead.sealed(sitting, CONTENT).name) != key
