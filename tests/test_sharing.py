from tests.sharing import group_of, is_short


def test_what_shares_a_world_goes_to_one_process():
    sqlite = {
        group_of("tests/access/test_matrix.py::test_it_lets_in[sqlite-ada]"),
        group_of("tests/access/test_canaries.py::test_it_shows[sqlite-iqa]"),
        group_of("tests/access/test_hostile_forms.py::test_it_refuses"),
    }
    assert len(sqlite) == 1
    assert group_of("tests/access/test_matrix.py::test_it_lets_in[postgresql-ada]") not in sqlite


def test_the_rest_goes_by_file():
    one, two = "tests/epa/audit/test_rules.py", "tests/epa/audit/test_services.py"
    assert group_of(f"{one}::test_a[postgresql]") == group_of(f"{one}::test_b") == one
    assert group_of(f"{two}::test_a") == two


def test_the_worlds_are_begun_with():
    ids = ["tests/access/b.py::t", "tests/epa/a.py::t", "tests/access/b.py::u[postgresql]"]
    assert sorted(ids, key=is_short) == [ids[0], ids[2], ids[1]]
