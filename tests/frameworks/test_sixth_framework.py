"""A sixth framework is one file in a folder, and no code."""

import pytest

CYCLE = """
[cycle]
actors = [{ code = "team", title = "The team" }]

[[cycle.steps]]
code = "self_assessment"
title = "Self-assessment"
by = "team"
what = "The team rates itself."
"""

HEAD = """
code = "{code}"
version = "1.0"
title = "A welcome that works"
scheme = "{scheme}"

[source]
document = "A welcome that works"
publisher = "A council"
edition = "first"
read_on = 2026-11-22
wording = "Ours."
may_be_edited = ["All of it."]
"""

WELCOME = """
[[scale]]
code = "never"
title = "Never"
meaning = "It does not happen."
points = 0

[[scale]]
code = "often"
title = "Often"
meaning = "It happens."
points = 2

[[scale]]
code = "always"
title = "Always"
meaning = "It happens every time."
points = 3

[[sections]]
code = "door"
title = "At the door"
aim = "People find their way in."
weight = 62.5

[[sections]]
code = "desk"
title = "At the desk"
aim = "People are heard."
weight = 37.5

[[criteria]]
code = "D1"
section = "door"
title = "Signs"
asks = "There are signs."
levels = { never = "None.", often = "Some.", always = "All." }

[[criteria]]
code = "D2"
section = "desk"
title = "Greeting"
asks = "People are greeted."
levels = { never = "No.", often = "Mostly.", always = "Yes." }

[[criteria]]
code = "D3"
section = "desk"
title = "Minutes of waiting"
asks = "Nobody waits long."

[criteria.measure]
how = "The mean over a week."
unit = "minutes"
lowest = 0
highest = 600
better = "fewer"
marks_max = 1
steps = [{ at = 10.5, earns = 0.25 }, { at = 5, earns = 1 }]

[[gates]]
code = "first_sight"
title = "Signs and greeting"
sums = ["D1", "D2"]

[[bands]]
code = "begun"
title = "Begun"
from_percent = 0

[[bands]]
code = "welcoming"
title = "Welcoming"
from_percent = 60.5
gates = { first_sight = 5 }
"""


@pytest.fixture
def folder(tmp_path):
    def folder(code, scheme, body):
        path = tmp_path / "ours" / code / "1.0.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.format(code=code, scheme=scheme) + body + CYCLE, "utf-8")
        return path.parents[1]

    return folder


@pytest.fixture
def welcome(folder):
    return folder("welcome", "weighted_fidelity", WELCOME)


class TestWeightedFidelity:
    def test_it_is_listed_shown_and_checked(self, run_json, run, welcome):
        options = ["--definitions", welcome]
        listed = {one["code"]: one["criteria"] for one in run_json("list", *options)[1]}
        assert (len(listed), listed["welcome"]) == (6, 3)
        assert run_json("show", "welcome", *options)[1]["title"] == "A welcome that works"
        assert run_json("check", "welcome", *options) == (0, [], [])
        assert "D3 in minutes: <= 10.5: 0.25, <= 5: 1" in run("show", "welcome", *options)[1]

    @pytest.mark.parametrize(
        ("given", "expected", "outcome"),
        [
            # 62.5 x 3/3 + 37.5 x (3 + 1)/4 = 100
            ((3, 3, 5), 100, "welcoming"),
            # 62.5 x 3/3 + 37.5 x (2 + 0.25)/4 = 62.5 + 21.09375
            ((3, 2, 10.5), 83.59375, "welcoming"),
            # 62.5 x 2/3 + 37.5 x 2/4, and 4 for signs and greeting are fewer than 5
            ((2, 2, 11), 62.5 * 2 / 3 + 18.75, "begun"),
            # 62.5 x 2/3 + 37.5 x (3 + 0.25)/4
            ((2, 3, 6), 62.5 * 2 / 3 + 30.46875, "welcoming"),
            ((0, 3, 5), 37.5, "begun"),
        ],
    )
    def test_it_is_scored(self, run_json, ratings, welcome, given, expected, outcome):
        signs, greeting, minutes = given
        path = ratings({"ratings": {"D1": signs, "D2": greeting}, "measures": {"D3": minutes}})
        status, document, err = run_json("score", "welcome", path, "--definitions", welcome)
        assert (status, err) == (0, [])
        assert document["score"] == pytest.approx(expected, abs=1e-12)
        assert document["outcome"] == outcome
        assert [section["weight"] for section in document["sections"]] == [62.5, 37.5]

    def test_it_refuses_what_its_own_scale_does_not_have(self, run_json, ratings, welcome):
        path = ratings({"ratings": {"D1": 1}})
        status, document, _ = run_json("score", "welcome", path, "--definitions", welcome)
        assert status == 2
        assert "one of 0, 2, 3 was expected" in document["faults"][0]["problem"]

    def test_it_loads_not_at_all_with_a_fault(self, run_json, folder, ratings):
        broken = WELCOME.replace("37.5", "37.4").replace('sums = ["D1", "D2"]', 'sums = ["D9"]')
        options = ["--definitions", folder("broken", "weighted_fidelity", broken)]
        status, document, err = run_json("score", "broken", ratings({"ratings": {}}), *options)
        assert status == 2
        assert {fault["where"] for fault in document["faults"]} == {
            "sections",
            "gates.first_sight.sums",
            "bands.welcoming.gates",
        }
        assert len(err) == 3
        status, listed, _ = run_json("list", *options)
        assert status == 2
        assert "broken" not in {one["code"] for one in listed}


class TestOtherSchemes:
    @pytest.mark.parametrize("scheme", ["maturity", "criteria_met", "narrative_progress"])
    def test_it_may_have_any_scheme(self, run_json, ratings, folder, scheme):
        body = WELCOME[: WELCOME.index('[[criteria]]\ncode = "D3"')]
        body = body.replace("weight = 62.5\n", "").replace("weight = 37.5\n", "")
        if scheme != "maturity":
            for points in ("points = 0\n", "points = 2\n", "points = 3\n"):
                body = body.replace(points, "")
        if scheme == "criteria_met":
            outcomes = '[[outcomes]]\ncode = "no"\ntitle = "No"\n\n'
            body += f'{outcomes}[[outcomes]]\ncode = "yes"\ntitle = "Yes"\nevery = "often"\n'
        if scheme == "narrative_progress":
            body = body.replace("levels = {", 'party = "team"\nlevels = {')
            body += '[[parties]]\ncode = "team"\ntitle = "The team"\n'
        options = ["--definitions", folder("other", scheme, body)]
        assert run_json("check", "other", *options) == (0, [], [])
        rating = 3 if scheme == "maturity" else "always"
        path = ratings({"ratings": {"D1": rating, "D2": rating}})
        status, document, _ = run_json("score", "other", path, *options)
        assert (status, document["complete"]) == (0, True)
        assert document.get("outcome") == ("yes" if scheme == "criteria_met" else None)
