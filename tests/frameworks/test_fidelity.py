"""Weighted fidelity: SEQF by worked example, edge by edge, and what it refuses."""

from fractions import Fraction

import pytest

from frameworks import RatingFaults, load_file, score
from frameworks.exact import exact

MEASURES = ("2.2.A", "2.2.B", "2.2.C", "2.2.D", "2.2.E")
# A figure that earns so many marks in A, in B and in E.
EARNING = {
    "2.2.A": {0: 5, 2: 10, 4: 20, 6: 30, 8: 40, 10: 50},
    "2.2.B": {0: 60, 2: 52, 4: 39, 6: 26, 8: 16, 10: 10},
    "2.2.E": {0: 40, 2: 50, 4: 60, 6: 70, 8: 80, 10: 90},
}
STEPS = "One step better would bring Good: 2.2.A from 30 to 40, or 2.2.B from 39 to 26"
ALL = dict.fromkeys(MEASURES, 5)


def figures(marks):
    """Figures that earn these marks; in C and D the figure is the mark."""
    return {
        code: EARNING[code][mark] if code in EARNING else mark
        for code, mark in zip(MEASURES, marks, strict=True)
    }


def faults_of(framework, document):
    with pytest.raises(RatingFaults) as caught:
        score(framework, document)
    return {fault.where: fault.problem for fault in caught.value.faults}


class TestWorkedExamples:
    def test_it_meets_every_worked_example(self, seqf, worked, points_as):
        for example in worked("seqf")["scored"]:
            measures = figures(example["marks"])
            outcome = score(
                seqf, {"ratings": points_as(seqf, example["points"]), "measures": measures}
            )
            assert outcome.score == Fraction(example["score"]), example["what"]
            assert outcome.outcome == example["outcome"], example["what"]
            assert outcome.complete

    def test_it_has_an_example_on_either_side_of_each_edge(self, worked):
        examples = worked("seqf")["scored"]
        scores = {example["score"] for example in examples}
        assert {"54.99", "55", "74.99", "75", "89.99", "90"} <= scores
        sums = {sum(example["marks"][place] for place in (0, 1, 4)) for example in examples}
        assert {8, 10, 14, 16, 18, 20} <= sums
        assert all(one % 2 == 0 for one in sums)

    @pytest.mark.parametrize("code", MEASURES)
    def test_it_meets_every_step_of_each_indicator(self, seqf, worked, code):
        for value, marks in worked("seqf")["steps"][code]:
            outcome = score(seqf, {"ratings": {}, "measures": {code: value}})
            (measure,) = outcome.measures
            assert (measure.value, measure.marks) == (exact(value), exact(marks)), value

    def test_it_weighs_a_hundred_per_cent(self, seqf):
        assert sum(exact(section.weight) for section in seqf.sections) == 100


class TestOutcome:
    def test_it_says_each_sections_points_and_per_cent(self, seqf, points_as):
        points = [17, 24, 22, 16, 25, 13]
        document = {
            "ratings": points_as(seqf, points),
            "measures": figures([6, 4, 4.2, 4.5, 4]),
        }
        found = score(seqf, document).as_json()["sections"]
        assert found[0] == {
            "code": "1.1",
            "score": 17,
            "max": 20,
            "percent": 85,
            "weight": 15,
            "rated": 10,
            "of": 10,
        }
        assert [one["score"] for one in found] == [*points, 22.7]
        assert [one["max"] for one in found] == [20, 28, 28, 20, 30, 16, 40]
        assert [one["weight"] for one in found] == [15, 15, 15, 15, 15, 10, 15]
        assert found[1]["percent"] == 2400 / 28

    def test_it_shows_the_gate_of_each_band(self, seqf, rated_as):
        document = {"ratings": rated_as(seqf, 2), "measures": figures([6, 4, 5, 5, 4])}
        assert score(seqf, document).as_json()["gates"] == [
            {
                "gate": "a_b_e",
                "name": "A + B + E",
                "band": band,
                "value": 14,
                "needed": needed,
                "met": met,
            }
            for band, needed, met in [
                ("accredited", 10, True),
                ("good", 15, False),
                ("excellent", 20, False),
            ]
        ]

    def test_it_explains_a_missed_gate(self, seqf, points_as):
        points = points_as(seqf, [20, 28, 28, 20, 30, 0])
        document = {"ratings": points, "measures": figures([6, 4, 0, 0, 4])}
        assert score(seqf, document).reasons == (
            "The weighted score of 80.25% reaches Good.",
            "Good also needs 15 for A + B + E, and there are 14.",
            "The highest outcome whose conditions all hold is Accredited.",
            f"{STEPS}, or 2.2.E from 60 to 70.",
        )

    def test_it_names_only_the_steps_that_are_enough(self, seqf, rated_as):
        # 14 in the gate, and Good needs 15: A is at its top, B has no value, a step of E adds 2.
        measures = {"2.2.A": 50, "2.2.B": None, "2.2.C": 5, "2.2.D": 5, "2.2.E": 66.5}
        reasons = score(seqf, {"ratings": rated_as(seqf, 2), "measures": measures}).reasons
        assert "One step better would bring Good: 2.2.E from 66.5 to 70." in reasons

    def test_it_names_no_step_where_one_is_not_enough(self, seqf, rated_as):
        document = {"ratings": rated_as(seqf, 2), "measures": figures([4, 4, 5, 5, 4])}
        assert not any("One step" in reason for reason in score(seqf, document).reasons)

    def test_it_names_no_step_where_the_score_is_not_enough(self, seqf, points_as):
        ratings = points_as(seqf, [20, 28, 28, 0, 20, 0])
        document = {"ratings": ratings, "measures": figures([6, 4, 0, 0, 4])}
        outcome = score(seqf, document)
        assert outcome.outcome == "accredited"
        assert not any("One step" in reason for reason in outcome.reasons)

    def test_it_explains_a_band_that_is_reached(self, seqf, rated_as):
        document = {"ratings": rated_as(seqf, 2), "measures": figures([10, 10, 5, 5, 10])}
        assert score(seqf, document).reasons == (
            "The weighted score of 100% reaches Excellent.",
            "It needs 20 for A + B + E, and there are 30.",
            "The outcome is Excellent.",
        )

    def test_it_explains_a_score_below_the_first_band(self, seqf, rated_as):
        document = {"ratings": rated_as(seqf, 0), "measures": figures([0, 0, 0, 0, 0])}
        (reason,) = score(seqf, document).reasons
        below = "The weighted score of 0% is below 55%, where Accredited begins"
        assert reason == f"{below}, so the outcome is No mark."

    def test_it_lists_what_is_good_and_what_is_to_improve(self, seqf, rated_as):
        outcome = score(seqf, {"ratings": rated_as(seqf, 2, _1_1_3=1, _1_3_1=0), "measures": ALL})
        assert outcome.improvements == ("1.1.3", "1.3.1")
        assert len(outcome.strengths) == 69


class TestIncomplete:
    def test_it_names_all_when_nothing_is_rated(self, seqf):
        outcome = score(seqf, {"ratings": {}})
        assert outcome.missing == tuple(criterion.code for criterion in seqf.criteria)
        assert (outcome.score, outcome.outcome, outcome.gates) == (None, None, ())
        assert outcome.reasons == ("None of the 76 criteria is rated yet.",)

    def test_it_draws_no_outcome_while_one_rating_is_missing(self, seqf, rated_as):
        ratings = rated_as(seqf, 2)
        del ratings["1.5.7"]
        document = score(seqf, {"ratings": ratings, "measures": ALL}).as_json()
        assert document["complete"] is False
        assert document["missing"] == ["1.5.7"]
        assert not {"outcome", "score"} & document.keys()
        (section,) = [one for one in document["sections"] if one["code"] == "1.5"]
        assert section == {"code": "1.5", "max": 30, "weight": 15, "rated": 14, "of": 15}
        assert document["reasons"] == ["75 of 76 criteria are rated; 1.5.7 is not."]

    def test_it_draws_no_outcome_while_one_measure_is_missing(self, seqf, rated_as):
        measures = {code: 5 for code in MEASURES if code != "2.2.E"}
        outcome = score(seqf, {"ratings": rated_as(seqf, 2), "measures": measures})
        assert outcome.missing == ("2.2.E",)
        assert (outcome.outcome, outcome.gates) == (None, ())

    def test_it_shows_the_gates_as_soon_as_their_measures_are_there(self, seqf):
        measures = {"2.2.A": 50, "2.2.B": 10, "2.2.E": 90}
        outcome = score(seqf, {"ratings": {}, "measures": measures})
        assert [gate.met for gate in outcome.gates] == [True, True, True]
        assert outcome.outcome is None


class TestFigures:
    def test_it_gives_no_marks_where_there_was_nothing_to_count(self, seqf, rated_as):
        document = {"ratings": rated_as(seqf, 2), "measures": {**ALL, "2.2.B": None}}
        outcome = score(seqf, document)
        assert outcome.complete
        measure = outcome.measures[1].as_json()
        assert (measure["value"], measure["marks"]) == (None, 0)
        assert "nothing to count" in measure["reason"]
        assert any(reason.startswith("2.2.B: there was nothing") for reason in outcome.reasons)

    @pytest.mark.parametrize(
        ("counted", "of", "marks"),
        [(9, 91, 0), (10, 5000, 4.5), (9, 90, 4.5), (1, 10, 4.5)],
    )
    def test_it_holds_the_minimum_of_answers(self, seqf, counted, of, marks):
        figure = {"value": 4.5, "counted": counted, "of": of}
        (measure,) = score(seqf, {"ratings": {}, "measures": {"2.2.D": figure}}).measures
        assert (measure.value, measure.marks) == (exact(4.5), exact(marks))
        assert (measure.reason is None) == (marks > 0)

    def test_it_asks_for_no_minimum_where_the_definition_has_none(self, seqf):
        figure = {"value": 4.5, "counted": 1, "of": 1000}
        (measure,) = score(seqf, {"ratings": {}, "measures": {"2.2.C": figure}}).measures
        assert measure.marks == exact(4.5)

    def test_it_does_not_round_a_figure_up_to_a_step(self, seqf):
        outcome = score(seqf, {"ratings": {}, "measures": {"2.2.A": 9.999999999999998}})
        assert outcome.measures[0].marks == 0


class TestRefused:
    def test_it_lists_every_fault_with_its_place(self, seqf):
        document = {
            "ratings": {"1.1.1": 3, "1.1.2": "2", "1.1.3": True, "1.1.4": 2.0, "1.1.5": None,
                        "1.1.6": [], "9.9.9": 1, "2.2.A": 2},
            "measures": {"2.2.A": 100.1, "2.2.B": -1, "2.2.C": "4", "2.2.D": 5.01, "2.2.E": True,
                         "2.2.F": 1, "1.1.1": 2},
            "comment": "",
        }  # fmt: skip
        faults = faults_of(seqf, document)
        assert faults["ratings.1.1.1"] == "one of 0, 1, 2 was expected, not 3"
        assert faults["ratings.9.9.9"] == "seqf 2024.1 has no such criterion"
        assert faults["ratings.2.2.A"].endswith("its figure belongs under 'measures'")
        wanted = "a number from 0 to 100 (percent) was expected, not 100.1"
        assert faults["measures.2.2.A"] == wanted
        assert faults["measures.2.2.C"].endswith("was expected, not '4'")
        assert faults["measures.2.2.F"] == "seqf 2024.1 has no such measure"
        assert len(faults) == 16

    @pytest.mark.parametrize("document", [None, [], "ratings", {}, {"ratings": []}])
    def test_it_refuses_what_is_no_document(self, seqf, document):
        assert faults_of(seqf, document)

    @pytest.mark.parametrize("measures", [None, [], 3])
    def test_it_refuses_measures_that_are_none(self, seqf, measures):
        assert set(faults_of(seqf, {"ratings": {}, "measures": measures})) == {"measures"}

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")], ids=str)
    def test_it_refuses_what_is_no_figure(self, seqf, value):
        assert faults_of(seqf, {"ratings": {}, "measures": {"2.2.B": value}})

    def test_it_refuses_a_figure_too_long_to_write_out(self, seqf):
        faults = faults_of(seqf, {"ratings": {}, "measures": {"2.2.B": 10**6000}})
        assert faults["measures.2.2.B"].endswith("not a number with thousands of digits")

    @pytest.mark.parametrize(
        ("figure", "where"),
        [
            ({"value": 6}, "measures.2.2.D.value"),
            ({"counted": 3}, "measures.2.2.D.value"),
            ({"value": 3, "counted": -1}, "measures.2.2.D.counted"),
            ({"value": 3, "of": 1.5}, "measures.2.2.D.of"),
            ({"value": 3, "of": True}, "measures.2.2.D.of"),
            ({"value": 3, "weight": 2}, "measures.2.2.D.weight"),
        ],
    )
    def test_it_names_what_is_wrong_with_a_figures_parts(self, seqf, figure, where):
        assert set(faults_of(seqf, {"ratings": {}, "measures": {"2.2.D": figure}})) == {where}

    def test_it_scores_no_framework_of_another_kind(self, matrix):
        from frameworks.scoring import fidelity

        with pytest.raises(TypeError, match="matrix is no WeightedFidelity"):
            fidelity.score(matrix, {"ratings": {}})


class TestOtherDefinitions:
    def test_it_needs_no_gates(self, write_quality):
        gates = ("\ngates = { a_b_e = 10 }", "\ngates = { a_b_e = 15 }", "\ngates = { a_b_e = 20 }")
        own = load_file(write_quality("seqf", *((gate, "") for gate in gates)))
        ratings = {criterion.code: 2 for criterion in own.rated}
        outcome = score(own, {"ratings": ratings, "measures": figures([0, 0, 5, 5, 0])})
        assert (outcome.outcome, outcome.gates) == ("good", ())
        assert outcome.reasons[-1] == "The outcome is Good."

    def test_it_names_no_step_where_two_gates_are_missed(self, write_quality):
        gate = (
            '[[gates]]\ncode = "contact"\ntitle = "C"\nsums = ["2.2.C"]\n\n[[bands]]\ncode = "none"'
        )
        own = load_file(
            write_quality(
                "seqf",
                ('[[bands]]\ncode = "none"', gate),
                ("{ a_b_e = 15 }", "{ a_b_e = 15, contact = 4 }"),
                ("{ a_b_e = 20 }", "{ a_b_e = 20, contact = 4 }"),
            )
        )
        ratings = {criterion.code: 2 for criterion in own.rated}
        reasons = score(own, {"ratings": ratings, "measures": figures([6, 4, 3, 5, 4])}).reasons
        assert "Good also needs 4 for C, and there are 3." in reasons
        assert not any("One step" in reason for reason in reasons)

    def test_it_takes_its_one_band_when_there_is_one_only(self, write_quality):
        start, end = '[[bands]]\ncode = "accredited"', "[client_measures]"
        path = write_quality("seqf")
        text = path.read_text("utf-8")
        path.write_text(text[: text.index(start)] + text[text.index(end) :], "utf-8")
        own = load_file(path)
        ratings = {criterion.code: 0 for criterion in own.rated}
        outcome = score(own, {"ratings": ratings, "measures": figures([0, 0, 0, 0, 0])})
        assert outcome.reasons == (
            "The weighted score of 0% reaches No mark.",
            "The outcome is No mark.",
        )
