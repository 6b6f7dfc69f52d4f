import gzip
import json
import plistlib
import subprocess
import sys
from datetime import datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.sittings import command, seb

SETTINGS = {
    "urlFilterRegex": True,
    "URLFilterRules": [],
    "allowPDFPlugIn": False,
    "allowiOSVersionNumberMajor": 9,
    "originatorVersion": "SEB_OSX_2.1.4",
    "examKeySalt": b"\x00\xff",
    "proxies": {"Port": 21, "port": 22, "none": {}},
    "nothing": {},
    "rules": [{}, {"b": 1.0, "A": 0.5}],
    "text": 'ws:\\a "b"\n\u00e9',
    "when": datetime(2026, 6, 9, 9, 30),  # noqa: DTZ001 (a property list knows no zone)
}
# Written out by the rules of the Config Key's documentation.
WRITTEN = (
    '{"allowiOSVersionNumberMajor":9,"allowPDFPlugIn":false,"examKeySalt":"AP8=",'
    '"proxies":{"port":22,"Port":21},"rules":[{},{"A":0.5,"b":1}],'
    '"text":"ws:\\a "b"\n\u00e9","urlFilterRegex":true,"URLFilterRules":[],'
    '"when":"2026-06-09T09:30:00+00:00"}'
)


def test_the_config_key_is_of_the_one_form_of_the_settings():
    counted = {name: value for name, value in SETTINGS.items() if name != "originatorVersion"}
    assert seb.as_json(counted) == WRITTEN
    assert seb.config_key(SETTINGS) == sha256(WRITTEN.encode()).hexdigest()


@given(st.permutations(list(SETTINGS.items())))
def test_the_order_in_a_file_makes_no_other_key(items):
    plain = plistlib.dumps(dict(items), sort_keys=False)
    for content in (plain, gzip.compress(plain), seb.packed(dict(items))):
        assert seb.config_key(seb.unpacked(content)) == seb.config_key(SETTINGS)


BAD = {
    b"": "no property list",
    b"{}": "no property list",
    b"<plist><array/></plist>": "holds no settings",
    b"<plist><dict><integer/></dict></plist>": "property list",
    b"pswd\x00\x01": "encrypted",
    gzip.compress(b"pkhs\x00"): "encrypted",
    gzip.compress(b"plnd<plist/>"): "gzip",
    gzip.compress(b"x")[:12]: "cut off",
    gzip.compress(b"\x00" * (seb.MOST_BYTES + 2)): "more than",
    b'<!DOCTYPE a [<!ENTITY b "c">]><plist><dict/></plist>': "property list",
}


@pytest.mark.parametrize("content", BAD, ids=map(str, range(len(BAD))))
def test_what_holds_no_plain_settings_says_so(content):
    with pytest.raises(seb.SebFault, match=BAD[content]):
        seb.unpacked(content)


def test_settings_that_are_nested_without_end_are_refused():
    deep = plistlib.dumps({"a": 1}).replace(
        b"<integer>1</integer>", b"<array>" * 5000 + b"</array>" * 5000
    )
    with pytest.raises(seb.SebFault, match="too deeply"):
        seb.config_key(seb.unpacked(deep))


def test_the_hash_is_of_the_address_without_what_follows_a_number_sign():
    said = sha256(b"https://epa.example/sittings/1?a=bkey").hexdigest()
    assert seb.key_hash("https://epa.example/sittings/1?a=b#top", "key") == said


def test_the_command_prints_the_key_and_names_what_is_wrong(tmp_path, capsys):
    good, bad = tmp_path / "good.seb", tmp_path / "bad.seb"
    good.write_bytes(seb.packed(SETTINGS))
    bad.write_bytes(b"pswd")
    assert command.main(["key", str(good), "--json"], "plumbline seb") == 0
    assert json.loads(capsys.readouterr().out) == {"config_key": seb.config_key(SETTINGS)}
    for file in (bad, tmp_path / "none.seb", tmp_path):
        assert command.main(["key", str(file)], "plumbline seb") == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert str(file) in err
    assert command.main(["key", str(bad), "--json"], "plumbline seb") == 2
    assert "encrypted" in json.loads(capsys.readouterr().out)["faults"][0]["problem"]
    assert command.main([], "plumbline seb") == 2


def test_the_command_needs_neither_flask_nor_a_database():
    asks = "import sys, question_bank.sittings.command, question_bank.sittings.seb;"
    asks += "print([one for one in ('flask', 'sqlalchemy', 'pydantic') if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def test_our_own_settings_are_one_file_to_the_letter():
    url = "https://epa.example/"
    one, other = (seb.packed(seb.settings_for(url)) for _ in range(2))
    assert one == other
    assert seb.config_key(seb.unpacked(one)) == seb.key_for(url)
    assert seb.key_for(url) != seb.key_for("https://other.example/")
