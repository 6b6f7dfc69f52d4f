from tests.sharing import group_of, place_of


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


def test_what_is_long_is_begun_with():
    long = ["tests/access/b.py::t", "tests/access/b.py::u[postgresql]", "tests/journeys/c.py::t"]
    assert sorted(["tests/epa/a.py::t", *long], key=place_of) == [*long, "tests/epa/a.py::t"]
