"""The four quality frameworks say what their documents say, with the gaps read as recorded."""

from collections import Counter

import pytest

from frameworks import check, load_quality_framework
from frameworks.exact import exact

CODES = ("seqf", "matrix", "iep_qif", "scottish_standards")


def counts(framework):
    return list(Counter(one.section for one in framework.criteria).values())


@pytest.mark.parametrize("code", CODES)
class TestEach:
    def test_it_adds_up(self, code):
        assert check(load_quality_framework(code)) == ()

    def test_it_names_its_source(self, code):
        framework = load_quality_framework(code)
        assert framework.source.read_on.isoformat() == "2026-11-22"
        assert framework.source.cited == f"{framework.source.document}, {framework.source.edition}"

    def test_it_asks_something_of_its_own_of_each_criterion(self, code):
        asked = [one.asks for one in load_quality_framework(code).criteria]
        assert len(set(asked)) == len(asked)

    def test_it_names_evidence_for_each_criterion(self, code):
        assert all(one.evidence for one in load_quality_framework(code).criteria)

    def test_it_records_how_gaps_are_read(self, code):
        for reading in load_quality_framework(code).interpretations:
            assert reading.source_says
            assert reading.reading
            assert reading.reason

    def test_it_says_who_does_what(self, code):
        cycle = load_quality_framework(code).cycle
        assert cycle.step("self_assessment").what
        assert {step.by for step in cycle.steps} <= {actor.code for actor in cycle.actors}


class TestSeqf:
    def test_it_has_71_criteria_and_5_indicators(self, seqf):
        assert counts(seqf) == [10, 14, 14, 10, 15, 8, 5]
        assert len(seqf.rated) == 71
        assert list(seqf.measures) == ["2.2.A", "2.2.B", "2.2.C", "2.2.D", "2.2.E"]
        for section, number in zip(seqf.sections, counts(seqf), strict=True):
            if section.code != "2.2":
                expected = [f"{section.code}.{place}" for place in range(1, number + 1)]
                assert list(seqf.codes_by_section[section.code]) == expected

    def test_it_weighs_its_sections(self, seqf):
        assert [section.weight for section in seqf.sections] == [15, 15, 15, 15, 15, 10, 15]
        full = [seqf.full_by_section[section.code] for section in seqf.sections]
        assert full == [20, 28, 28, 20, 30, 16, 40]

    def test_it_describes_three_levels_of_each_criterion_differently(self, seqf):
        descriptors = [text for one in seqf.rated for text in one.levels.values()]
        assert len(descriptors) == 3 * 71
        repeated = [text for text, times in Counter(descriptors).items() if times > 1]
        assert repeated == []

    def test_it_counts_nine_criteria(self, seqf):
        counted = {one.code: one.counted for one in seqf.rated if one.counted}
        assert set(counted) == {
            "1.1.8", "1.1.9", "1.1.10", "1.2.12", "1.3.11", "1.3.13", "1.3.14", "1.4.8", "1.5.12",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "value", "points"),
        [
            ("1.1.8", "69.99", 0), ("1.1.8", "70", 1), ("1.1.8", "89.99", 1), ("1.1.8", "90", 2),
            ("1.1.10", "0", 0), ("1.1.10", "1", 1), ("1.1.10", "3", 1), ("1.1.10", "4", 2),
            ("1.3.13", "0", 0), ("1.3.13", "1", 1), ("1.3.13", "2", 2), ("1.3.14", "7", 2),
            ("1.1.9", "0", 0), ("1.2.12", "1", 1), ("1.3.11", "2", 2), ("1.4.8", "1", 1),
        ],
    )  # fmt: skip
    def test_it_rates_what_is_counted(self, seqf, code, value, points):
        assert seqf.criterion(code).counted.earned(exact(value)) == points

    def test_it_says_which_step_comes_next(self, seqf):
        weeks = seqf.measures["2.2.B"]
        assert weeks.following(exact("60")).at == 52
        assert weeks.following(exact("28.4")).at == 26
        assert weeks.following(exact("10")) is None
        assert weeks.reached(exact("60")) is None

    def test_it_sets_bands_with_gates(self, seqf):
        assert [(one.code, one.from_percent, dict(one.gates)) for one in seqf.bands] == [
            ("none", 0, {}),
            ("accredited", 55, {"a_b_e": 10}),
            ("good", 75, {"a_b_e": 15}),
            ("excellent", 90, {"a_b_e": 20}),
        ]
        assert seqf.gates[0].sums == ("2.2.A", "2.2.B", "2.2.E")

    def test_it_sets_the_cycle(self, seqf):
        cycle = seqf.cycle
        due = cycle.step("factual_errors").due
        assert (due.when, due.of, due.amount, due.unit) == ("after", "report", 5, "working_days")
        due = cycle.step("self_assessment").due
        assert (due.when, due.of, due.amount, due.unit) == ("before", "first_day", 2, "weeks")
        assert (cycle.visit.days, cycle.visit.assessors, cycle.visit.lead_assessors) == (2, 2, 1)
        assert (cycle.visit.sample.least, cycle.visit.sample.most) == (10, 15)
        assert {one.code: one.least for one in cycle.visit.interviews} == {
            "clients": 3,
            "employers": 3,
        }
        assert cycle.award.years == 3
        assert seqf.client_measures.years == 3
        assert len(cycle.visit.timetable) == 21


class TestMatrix:
    def test_it_has_27_criteria(self, matrix):
        assert counts(matrix) == [8, 5, 6, 8]

    def test_it_links_criteria_both_ways_once(self, matrix):
        pairs = {frozenset((one, other)) for one, other, _ in matrix.linked_pairs}
        assert pairs == {
            frozenset(pair)
            for pair in [
                ("1.1", "3.2"), ("1.1", "4.1"), ("3.2", "4.1"),
                ("1.5", "3.1"), ("1.5", "4.2"), ("3.1", "4.2"),
                ("1.8", "4.4"), ("2.2", "3.5"),
                ("4.3", "1.1"), ("4.3", "1.5"), ("4.3", "1.7"),
                ("4.8", "1.1"), ("4.8", "1.5"), ("4.8", "3.2"),
                ("4.8", "4.1"), ("4.8", "4.2"), ("4.8", "4.3"),
            ]
        }  # fmt: skip

    def test_it_hears_managers_staff_clients_and_partners(self, matrix):
        assert [voice.code for voice in matrix.voices] == [
            "managers",
            "staff",
            "clients",
            "partners",
        ]
        assert all(one.voices for one in matrix.criteria)


class TestQif:
    def test_it_has_six_components(self, qif):
        assert counts(qif) == [5, 6, 6, 8, 5, 5]

    def test_it_has_a_scale_of_its_own_in_four_points(self, qif):
        assert [level.points for level in qif.scale] == [1, 2, 3, 4]
        assert "ours" in qif.interpretations_of("scale")[0].reading


class TestScottish:
    def test_it_has_27_expectations_of_both_parties(self, scottish):
        found = Counter((one.section, one.party) for one in scottish.criteria)
        standards = ("1", "2", "3", "4")
        assert [found[standard, "partnership"] for standard in standards] == [4, 3, 4, 3]
        assert [found[standard, "provider"] for standard in standards] == [4, 3, 3, 3]

    def test_it_reports_quarterly_on_two_standards_only(self, scottish):
        rhythms = {one.code: one.rhythm for one in scottish.reporting}
        quarterly = [
            section.code
            for section in scottish.sections
            if any(rhythms[code] == "quarterly" for code in section.reporting)
        ]
        assert quarterly == ["1", "2"]

    def test_it_lets_the_partnership_assess_itself_on_two_standards(self, scottish):
        standards = [
            section.code
            for section in scottish.sections
            if "partnership_self_assessment" in section.reporting
        ]
        assert standards == ["1", "4"]

    def test_it_serves_the_principles(self, scottish):
        assert len(scottish.principles) == 6
        assert [len(section.principles) for section in scottish.sections] == [2, 6, 1, 3]
