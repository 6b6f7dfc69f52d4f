import json

import pytest

from epa import cli


@pytest.fixture
def check(tmp_path, capsys):
    def run(content, *options):
        path = tmp_path / "notes.txt"
        path.write_bytes(content)
        status = cli.main(["personal-data", "check", str(path), *options])
        return status, capsys.readouterr()

    return run


def test_it_prints_lines_and_kinds_and_never_what_was_found(check):
    notes = "SU1 came on time.\nRing Mrs Patel on 07700 900123.\n\nLives in LS9 7TJ.\n"
    status, said = check(notes.encode(), "--json")
    assert status == 0
    assert json.loads(said.out) == {
        "findings": [
            {"line": 2, "kind": "name"},
            {"line": 2, "kind": "phone"},
            {"line": 4, "kind": "postcode"},
        ]
    }
    status, said = check(notes.encode())
    assert "2 of 4 lines look as if they held personal data." in said.out
    assert not {"Patel", "07700", "LS9"} & set(said.out.split())


def test_it_takes_a_byte_order_mark_and_an_empty_file(check):
    assert json.loads(check(b"\xef\xbb\xbfMrs Patel", "--json")[1].out) == {
        "findings": [{"line": 1, "kind": "name"}]
    }
    assert json.loads(check(b"", "--json")[1].out) == {"findings": []}


def test_it_says_in_one_line_what_it_cannot_read(check, capsys, tmp_path):
    status, said = check(b"\xff\xfe\x00\x01")
    assert (status, said.err.count("\n")) == (2, 1)
    assert "plain text in UTF-8 was expected" in said.err
    assert cli.main(["personal-data", "check", str(tmp_path / "none.txt")]) == 2
    assert "No such file" in capsys.readouterr().err
