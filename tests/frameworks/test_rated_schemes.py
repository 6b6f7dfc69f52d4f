"""Maturity, criteria met and narrative progress, by worked example; and how ratings are read."""

from fractions import Fraction

import pytest

from frameworks import RatingFaults, load_file, score
from frameworks.scoring import criteria_met, maturity, progress

ON_THE_WAY = """[[outcomes]]
code = "on_the_way"
title = "On the way"
every = "partly_met"

[[outcomes]]
code = "accredited"
"""


def faults_of(framework, document):
    with pytest.raises(RatingFaults) as caught:
        score(framework, document)
    return {fault.where: fault.problem for fault in caught.value.faults}


class TestMaturity:
    def test_it_meets_every_worked_example(self, qif, worked):
        for example in worked("iep_qif")["scored"]:
            codes = qif.codes_by_section[example["component"]]
            ratings = dict(zip(codes, example["ratings"], strict=True))
            outcome = score(qif, {"ratings": ratings})
            found = {one.code: one.score for one in outcome.sections}
            assert found.pop(example["component"]) == Fraction(example["mean"])
            assert set(found.values()) == {None}

    def test_it_draws_no_outcome_and_no_score_of_the_whole(self, qif, rated_as):
        document = score(qif, {"ratings": rated_as(qif, 3)}).as_json()
        assert document["complete"] is True
        assert not {"outcome", "score"} & document.keys()
        assert document["sections"][0] == {
            "code": "1",
            "score": 3,
            "max": 4,
            "rated": 5,
            "of": 5,
            "counts": {"emerging": 0, "developing": 0, "established": 5, "leading": 0},
        }

    def test_it_explains_each_mean(self, qif, rated_as):
        reasons = score(qif, {"ratings": rated_as(qif, 4, _1_1=3, _6_1=1)}).reasons
        assert reasons[0] == "1 Commitment to Quality: the mean is 3.8 of 4."
        assert reasons[-1] == "6 Managing Influences External to the Service: the mean is 3.4 of 4."

    def test_it_says_what_is_missing(self, qif, rated_as):
        ratings = rated_as(qif, 2)
        del ratings["5.5"]
        outcome = score(qif, {"ratings": ratings})
        assert outcome.missing == ("5.5",)
        assert outcome.sections[4].as_json() == {
            "code": "5",
            "max": 4,
            "rated": 4,
            "of": 5,
            "counts": {"emerging": 0, "developing": 4, "established": 0, "leading": 0},
        }
        assert outcome.reasons[-1] == "34 of 35 criteria are rated; 5.5 is not."

    def test_it_takes_neighbouring_points_for_agreement(self, qif, rated_as):
        assert score(qif, {"ratings": rated_as(qif, 3, _3_1=2)}).disagreements == ()
        (one,) = score(qif, {"ratings": rated_as(qif, 3, _3_1=1)}).disagreements
        assert one.criteria == ("3.1", "3.6")
        assert one.ratings == ("emerging", "established")

    def test_it_lists_strengths_and_areas_for_improvement(self, qif, rated_as):
        outcome = score(qif, {"ratings": rated_as(qif, 4, _1_1=2, _2_2=1, _4_8=3)})
        assert outcome.improvements == ("1.1", "2.2")
        assert len(outcome.strengths) == 33

    @pytest.mark.parametrize("rating", [0, 5, "leading", "3", 3.0, True, None])
    def test_it_refuses_what_is_off_the_scale(self, qif, rating):
        faults = faults_of(qif, {"ratings": {"1.1": rating}})
        assert "one of 1, 2, 3, 4 was expected" in faults["ratings.1.1"]

    def test_it_refuses_measures(self, qif):
        assert set(faults_of(qif, {"ratings": {}, "measures": {}})) == {"measures"}


class TestCriteriaMet:
    def test_it_meets_every_worked_example(self, matrix, worked, rated_as):
        for example in worked("matrix")["scored"]:
            outcome = score(matrix, {"ratings": rated_as(matrix, "met") | example["but"]})
            assert outcome.outcome == example["outcome"], example["what"]
            found = [list(one.criteria) for one in outcome.disagreements]
            assert found == example["disagreements"], example["what"]

    def test_it_explains_the_outcome(self, matrix, rated_as):
        ratings = rated_as(matrix, "met")
        (reason,) = score(matrix, {"ratings": ratings}).reasons
        assert reason == "All 27 criteria reach what is needed, so the outcome is Accredited."
        outcome = score(matrix, {"ratings": ratings | {"1.2": "partly_met"}})
        needs = "1.2 does not reach what Accredited needs"
        assert outcome.reasons == (f"{needs}, so the outcome is Not accredited.",)
        outcome = score(matrix, {"ratings": ratings | {"1.2": "partly_met", "2.5": "not_met"}})
        assert outcome.reasons[0].startswith("1.2 and 2.5 do not reach what Accredited needs")
        outcome = score(matrix, {"ratings": dict.fromkeys(ratings, "not_met")})
        assert outcome.reasons[0].startswith("27 of 27 criteria do not reach")

    def test_it_shows_why_linked_criteria_ought_to_agree(self, matrix, rated_as):
        outcome = score(matrix, {"ratings": rated_as(matrix, "met", _4_4="not_met")})
        assert outcome.as_json()["disagreements"] == [
            {
                "criteria": ["1.8", "4.4"],
                "ratings": ["met", "not_met"],
                "because": "Partnerships are made in 1.8 and evaluated in 4.4.",
            }
        ]
        assert outcome.reasons[1].startswith("1.8 is Met and 4.4 is Not met: Partnerships")

    def test_it_shows_a_disagreement_before_all_is_judged(self, matrix):
        outcome = score(matrix, {"ratings": {"1.8": "met", "4.4": "not_met"}})
        assert len(outcome.disagreements) == 1
        assert outcome.outcome is None

    def test_it_draws_no_outcome_while_one_is_missing_even_if_another_is_not_met(
        self, matrix, rated_as
    ):
        ratings = rated_as(matrix, "not_met")
        del ratings["4.8"]
        document = score(matrix, {"ratings": ratings}).as_json()
        assert "outcome" not in document
        assert document["missing"] == ["4.8"]

    def test_it_counts_by_element(self, matrix, rated_as):
        outcome = score(matrix, {"ratings": rated_as(matrix, "met", _1_2="partly_met")})
        assert outcome.sections[0].as_json() == {
            "code": "1",
            "rated": 8,
            "of": 8,
            "counts": {"not_met": 0, "partly_met": 1, "met": 7},
        }

    def test_it_asks_the_required_criteria_only_and_climbs_outcome_by_outcome(
        self, write_quality, rated_as
    ):
        own = load_file(
            write_quality(
                "matrix",
                ('scheme = "criteria_met"', 'scheme = "criteria_met"\nrequired = ["1.1", "1.2"]'),
                ('[[outcomes]]\ncode = "accredited"', ON_THE_WAY),
            )
        )
        ratings = rated_as(own, "not_met")
        for level, outcome in [
            ("not_met", "not_accredited"),
            ("partly_met", "on_the_way"),
            ("met", "accredited"),
        ]:
            document = {"ratings": ratings | {"1.1": level, "1.2": "met"}}
            assert score(own, document).outcome == outcome


class TestNarrativeProgress:
    def test_it_meets_the_worked_example(self, scottish, worked):
        example = worked("scottish_standards")
        outcome = score(scottish, {"ratings": example["ratings"]})
        found = {
            section.code: {
                party: list(counts.values()) for party, counts in section.parties.items()
            }
            for section in outcome.sections
        }
        assert found == example["counts"]

    def test_it_draws_no_score_and_no_outcome(self, scottish, rated_as):
        document = score(scottish, {"ratings": rated_as(scottish, "embedded")}).as_json()
        assert document["complete"] is True
        assert not {"score", "outcome", "strengths", "improvements"} & document.keys()
        assert {"score", "max", "percent"}.isdisjoint(document["sections"][0])

    def test_it_says_where_each_party_stands(self, scottish, worked):
        reasons = score(scottish, {"ratings": worked("scottish_standards")["ratings"]}).reasons
        assert reasons[:2] == (
            "1, Local Employability Partnership: 1 not started, 2 in place and 1 embedded.",
            "1, Service provider: 2 in progress and 2 embedded.",
        )
        assert reasons[-1] == "10 of 27 criteria are rated; 17 are not."

    def test_it_takes_one_partys_self_assessment_alone(self, scottish):
        ratings = {one.code: "in_place" for one in scottish.criteria if one.party == "provider"}
        outcome = score(scottish, {"ratings": ratings})
        assert len(outcome.missing) == 14
        assert all(code[2] == "L" for code in outcome.missing)

    def test_it_leaves_out_a_party_of_whom_a_standard_expects_nothing(self, write_quality):
        own = write_quality("scottish_standards")
        text = own.read_text("utf-8").replace('code = "4.L', 'code = "4.P9')
        start = text.index("# ---------------------------------------------------------------- 4 ")
        text = text[:start] + text[start:].replace('party = "partnership"', 'party = "provider"')
        own.write_text(text, "utf-8")
        outcome = score(load_file(own), {"ratings": {}})
        assert set(outcome.sections[3].parties) == {"provider"}


@pytest.mark.parametrize("scheme", [maturity, criteria_met, progress])
def test_it_scores_no_framework_of_another_kind(scheme, seqf):
    with pytest.raises(TypeError, match="seqf is no "):
        scheme.score(seqf, {"ratings": {}})
