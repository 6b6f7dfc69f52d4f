"""Method grades and the overall grade, by worked example and edge by edge."""

import pytest

from frameworks import Grade, RatingFaults, grade_method, overall_grade, score

METHODS = ("presentation", "observation", "knowledge_test")


def words(plan, method, given):
    return " ".join(grade_method(plan, method, given).reasons)


class TestJudged:
    def test_it_meets_every_worked_example(self, plan, examples, judged_as):
        for example in examples["judged"]:
            method, distinctions = example["method"], example["distinctions"]
            outcome = grade_method(plan, method, judged_as(method, distinctions))
            assert outcome.grade == example["grade"], example
            assert outcome.distinctions == distinctions

    @pytest.mark.parametrize(("method", "needed"), [("presentation", 19), ("observation", 7)])
    def test_it_needs_half_rounded_up(self, plan, method, needed):
        assert plan.distinctions_needed(method) == needed

    def test_it_fails_on_a_single_ksb_below_pass(self, plan, judged_as):
        outcome = grade_method(plan, "observation", judged_as("observation", 14, S2="fail"))
        assert outcome.grade is Grade.FAIL
        assert outcome.not_passed == ("S2",)
        assert outcome.reasons == (
            "S2 is below Pass and all 14 KSBs must be at least Pass, so the method is Fail.",
        )

    def test_it_has_no_grade_while_a_ksb_is_unjudged_even_if_another_failed(self, plan, judged_as):
        ratings = judged_as("observation", 14, S2="fail")
        del ratings["K6"]
        outcome = grade_method(plan, "observation", ratings)
        assert outcome.grade is None
        assert outcome.missing == ("K6",)
        assert outcome.not_passed == ("S2",)
        assert outcome.reasons == (
            "13 of 14 KSBs are judged; K6 is not, so the method has no grade yet.",
            "S2 is below Pass.",
        )

    def test_it_names_a_few_unjudged_ksbs_and_counts_many(self, plan):
        few = dict.fromkeys(plan.ksbs_of("observation")[:11], "pass")
        assert "B3, B7 and B8 are not" in words(plan, "observation", few)
        assert "13 are not" in words(plan, "observation", {"K6": "pass"})
        assert words(plan, "observation", {"K6": "pass"}).startswith("1 of 14 KSBs is judged")

    def test_it_says_when_nothing_is_judged(self, plan):
        expected = "None of the 14 KSBs is judged yet, so the method has no grade."
        assert words(plan, "observation", None) == expected
        assert words(plan, "observation", {}) == expected

    def test_it_explains_a_distinction_and_a_pass(self, plan, judged_as):
        assert words(plan, "observation", judged_as("observation", 8)) == (
            "All 14 KSBs are at least Pass; 8 are at Distinction and 7 are needed,"
            " so the method is Distinction."
        )
        assert words(plan, "observation", judged_as("observation", 1)) == (
            "All 14 KSBs are at least Pass; 1 is at Distinction and 7 are needed for Distinction,"
            " so the method is Pass."
        )

    def test_it_names_every_ksb_below_pass(self, plan, judged_as):
        given = judged_as("observation", B2="fail", K6="fail", S2="fail")
        assert words(plan, "observation", given).startswith("K6, S2 and B2 are below Pass")


class TestMarked:
    def test_it_meets_every_worked_example(self, plan, examples):
        for example in examples["marked"]:
            outcome = grade_method(plan, "knowledge_test", example["marks"])
            assert outcome.grade == example["grade"], example
            assert (outcome.marks, outcome.max) == (example["marks"], 66)

    def test_it_grades_every_possible_mark(self, plan):
        grades = [grade_method(plan, "knowledge_test", marks).grade for marks in range(67)]
        assert [grades.count(grade) for grade in Grade] == [46, 7, 14]

    def test_it_explains_the_grade_and_its_absence(self, plan):
        assert words(plan, "knowledge_test", 50) == (
            "50 of 66 marks; Pass runs from 46 to 52, so the method is Pass."
        )
        assert grade_method(plan, "knowledge_test", None).missing == ("marks",)
        assert "No marks" in words(plan, "knowledge_test", None)

    @pytest.mark.parametrize(
        "marks", [-1, 67, 50.0, "50", True, False, [], {}, float("nan"), float("inf")]
    )
    def test_it_refuses_what_is_no_mark(self, plan, marks):
        with pytest.raises(RatingFaults, match="a whole number from 0 to 66 was expected"):
            grade_method(plan, "knowledge_test", marks)

    def test_it_refuses_a_number_too_long_to_write_out(self, plan):
        with pytest.raises(RatingFaults, match="not a number with thousands of digits"):
            grade_method(plan, "knowledge_test", 10**6000)


class TestOverall:
    def test_it_meets_the_fourteen_published_combinations_and_the_other_thirteen(
        self, plan, examples
    ):
        assert (len(examples["published"]), len(examples["left_out"])) == (14, 13)
        rows = examples["published"] + examples["left_out"]
        assert len({tuple(row["methods"]) for row in rows}) == 27
        for row in rows:
            grades = dict(zip(METHODS, row["methods"], strict=True))
            assert overall_grade(plan, grades).grade == row["overall"], row

    @pytest.mark.parametrize("resit_possible", [True, False])
    def test_it_does_not_ask_about_a_resit_once_all_are_graded(
        self, plan, examples, resit_possible
    ):
        for row in examples["published"] + examples["left_out"]:
            grades = dict(zip(METHODS, row["methods"], strict=True))
            outcome = overall_grade(plan, grades, resit_possible=resit_possible)
            assert outcome.grade == row["overall"]

    def test_it_is_pending_while_a_method_has_no_grade(self, plan):
        outcome = overall_grade(plan, {"presentation": "distinction", "observation": "distinction"})
        assert outcome.grade is None
        assert outcome.reasons == (
            "The knowledge test has no grade yet, so the overall grade is pending.",
        )

    def test_it_is_pending_after_a_fail_that_may_be_taken_again(self, plan):
        outcome = overall_grade(plan, {"presentation": "fail", "observation": None})
        assert outcome.grade is None
        pending, failed = outcome.reasons
        assert pending == (
            "The observation and the knowledge test have no grade yet,"
            " so the overall grade is pending."
        )
        assert failed == "The presentation is Fail and may still be taken again."

    def test_it_is_fail_after_a_fail_that_may_not_be_taken_again(self, plan):
        outcome = overall_grade(plan, {"presentation": "fail"}, resit_possible=False)
        assert outcome.grade is Grade.FAIL
        (reason,) = outcome.reasons
        assert reason == (
            "The presentation is Fail and every method must be passed, and no re-sit or re-take"
            " is possible, so the overall grade is Fail."
        )

    def test_it_stays_pending_without_a_resit_when_nothing_failed(self, plan):
        outcome = overall_grade(plan, {"presentation": "pass"}, resit_possible=False)
        assert outcome.grade is None

    def test_it_explains_each_overall_grade(self, plan):
        def reasons(*grades):
            return overall_grade(plan, dict(zip(METHODS, grades, strict=True))).reasons[0]

        assert reasons("distinction", "pass", "distinction") == (
            "All 3 methods are passed; 2 are at Distinction and 2 are needed,"
            " so the overall grade is Distinction."
        )
        assert reasons("pass", "pass", "distinction") == (
            "All 3 methods are passed; 1 is at Distinction and 2 are needed for Distinction,"
            " so the overall grade is Pass."
        )
        assert reasons("fail", "fail", "distinction") == (
            "The presentation and the observation are Fail and every method must be passed,"
            " so the overall grade is Fail."
        )

    def test_it_lists_every_grade_it_does_not_know(self, plan):
        with pytest.raises(RatingFaults) as caught:
            overall_grade(plan, {"presentation": "merit", "interview": "pass"})
        assert [fault.where for fault in caught.value.faults] == ["interview", "presentation"]


class TestScore:
    @pytest.fixture
    def complete(self, judged_as):
        return {
            "methods": {
                "presentation": {"ratings": judged_as("presentation", 19)},
                "observation": {"ratings": judged_as("observation", 6)},
                "knowledge_test": {"marks": 53},
            }
        }

    def test_it_scores_a_whole_assessment(self, plan, complete):
        document = score(plan, complete).as_json()
        reasons = document.pop("reasons")
        assert document == {
            "framework": "st0663",
            "version": "2022.1",
            "complete": True,
            "missing": [],
            "outcome": "distinction",
            "methods": {
                "presentation": {
                    "grade": "distinction",
                    "distinctions": 19,
                    "needed": 19,
                    "not_passed": [],
                },
                "observation": {
                    "grade": "pass",
                    "distinctions": 6,
                    "needed": 7,
                    "not_passed": [],
                },
                "knowledge_test": {"grade": "distinction", "marks": 53, "max": 66},
            },
        }
        assert [reason.split(":")[0] for reason in reasons[:3]] == [
            "Presentation",
            "Observation",
            "Knowledge test",
        ]
        assert len(reasons) == 4

    def test_it_names_what_is_missing_by_ksb_and_by_method(self, plan, complete):
        del complete["methods"]["presentation"]["ratings"]["K1"]
        del complete["methods"]["knowledge_test"]
        complete["methods"]["observation"] = {}
        outcome = score(plan, complete)
        assert outcome.missing == ("presentation.K1", "observation", "knowledge_test")
        assert outcome.outcome == "pending"
        assert not outcome.complete
        assert outcome.methods["knowledge_test"].as_json()["grade"] is None

    def test_it_names_every_ksb_of_a_method_that_was_begun_without_one(self, plan, complete):
        complete["methods"]["observation"] = {"ratings": {}}
        assert len(score(plan, complete).missing) == 14

    def test_it_takes_a_resit_for_possible_unless_told(self, plan):
        begun = {"methods": {"knowledge_test": {"marks": 0}}}
        assert score(plan, begun).outcome == "pending"
        assert score(plan, begun | {"resit_possible": True}).outcome == "pending"
        assert score(plan, begun | {"resit_possible": False}).outcome == "fail"

    def test_it_leaves_a_failed_but_unfinished_method_ungraded(self, plan):
        begun = {
            "methods": {"observation": {"ratings": {"K6": "fail"}}},
            "resit_possible": False,
        }
        assert score(plan, begun).outcome == "pending"

    @pytest.mark.parametrize(
        ("ratings", "places"),
        [
            ([], [""]),
            (None, [""]),
            ("text", [""]),
            ({}, ["methods"]),
            ({"methods": []}, ["methods"]),
            ({"methods": {}, "marks": 3}, ["marks"]),
            ({"methods": {}, "resit_possible": 1}, ["resit_possible"]),
            ({"methods": {}, "resit_possible": None}, ["resit_possible"]),
            ({"methods": {"interview": {}}}, ["methods.interview"]),
            ({"methods": {"observation": 3}}, ["methods.observation"]),
            ({"methods": {"observation": {"marks": 3}}}, ["methods.observation.marks"]),
            ({"methods": {"observation": {"ratings": None}}}, ["methods.observation.ratings"]),
            ({"methods": {"knowledge_test": {"marks": None}}}, ["methods.knowledge_test.marks"]),
            ({"methods": {"knowledge_test": {"marks": 1.5}}}, ["methods.knowledge_test.marks"]),
        ],
    )
    def test_it_refuses_a_wrong_shape_at_its_place(self, plan, ratings, places):
        with pytest.raises(RatingFaults) as caught:
            score(plan, ratings)
        assert [fault.where for fault in caught.value.faults] == places

    def test_it_lists_all_faults_at_once(self, plan):
        ratings = {
            "K1": "pass",
            "K99": "pass",
            "K6": "merit",
            "K7": 3,
            "S2": None,
            "S6": True,
            "S7": [],
            "S10": "Pass",
            "x" * 90: {},
        }
        with pytest.raises(RatingFaults) as caught:
            score(
                plan,
                {
                    "methods": {
                        "observation": {"ratings": ratings},
                        "knowledge_test": {"marks": 67},
                    }
                },
            )
        faults = {
            fault.where.removeprefix("methods."): fault.problem for fault in caught.value.faults
        }
        assert len(faults) == 10
        assert faults["observation.ratings.K1"] == "this KSB is not graded in the observation"
        assert faults["observation.ratings.K99"] == "st0663 2022.1 has no such KSB"
        expected = "one of fail, pass, distinction was expected, not"
        assert faults["observation.ratings.K6"] == f"{expected} 'merit'"
        assert faults["observation.ratings.K7"] == f"{expected} 3"
        assert faults["observation.ratings.S2"] == f"{expected} nothing"
        assert faults["observation.ratings.S6"] == f"{expected} true"
        assert faults["observation.ratings.S7"] == f"{expected} a list"
        assert faults[f"observation.ratings.{'x' * 40}…"]
        assert faults["knowledge_test.marks"].endswith("not 67")

    def test_it_refuses_a_method_it_does_not_have(self, plan):
        with pytest.raises(RatingFaults, match="interview: there is no method 'interview'"):
            grade_method(plan, "interview", None)

    def test_it_scores_assessment_plans_only(self, plan):
        from frameworks.schema import Framework
        from frameworks.scoring import grading

        fields = {name: getattr(plan, name) for name in Framework.model_fields}
        with pytest.raises(TypeError, match="no end-point assessment plan"):
            grading.score(Framework(**fields), {})
