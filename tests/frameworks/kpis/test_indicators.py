"""The five indicators by worked example, edge by edge, and the sample."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks import DefinitionFaults, load_file, load_framework, score
from frameworks.faults import TableFaults
from frameworks.kpis.clients import Client, ClientList, Job
from frameworks.kpis.indicators import months_before, spells
from frameworks.kpis.report import lines_of, report_of
from frameworks.kpis.sample import draw
from frameworks.kpis.satisfaction import Answers

SEQF = load_framework("seqf", "2024.1")
TODAY = date(2026, 5, 20)


def report(clients, answers=None, assessed_on=TODAY, framework=SEQF, **options):
    listed = ClientList(tuple(clients), columns=(), ignored=())
    return report_of(framework, listed, answers, assessed_on, **{"seed": 1, **options})


def indicator(letter, *arguments, **options):
    return {one.letter: one for one in report(*arguments, **options).indicators}[letter]


def client(number, service=None, *jobs, **dates):
    spans = tuple(Job(start, end) for start, end in jobs)
    return Client(number + 1, f"C{number}", service, spans, **dates)


def after(days, start=date(2025, 1, 1)):
    return start + timedelta(days=days)


class TestWorkedExample:
    @pytest.fixture
    def found(self, worked, clients, answers):
        example = worked("seqf_clients")
        return example, report(
            clients(*example["clients"]), answers(*example["answers"]), example["assessed_on"]
        )

    def test_it_meets_it(self, found):
        example, made = found
        for one in made.indicators:
            expected = example["indicators"][one.letter]
            assert one.outcome.value == Fraction(expected["value"]), one.letter
            assert one.outcome.marks == Fraction(expected["marks"]), one.letter
            assert (one.counted, one.of) == (expected["counted"], expected["of"]), one.letter

    def test_it_names_who_is_left_out_and_why(self, found):
        example, made = found
        assert {one.reference: one.reason for one in made.left_out} == example["left_out"]
        assert [one.row for one in made.left_out] == [10, 11, 12]

    def test_it_gives_the_figures_that_scoring_takes(self, found):
        _, made = found
        outcome = score(SEQF, {"ratings": {}, "measures": made.measures()})
        assert [one.marks for one in outcome.measures] == [
            one.outcome.marks for one in made.indicators
        ]

    def test_it_says_it_to_people(self, found):
        lines = list(lines_of(found[1]))
        assert lines[0] == "seqf 2024.1: 12 clients, 2026-05-20"
        assert lines[2] == "  B: 10.71… (7 of 8), 8 marks"
        assert any(line.startswith("Left out, row 10, C9: no service start") for line in lines)
        assert lines[-1].startswith("Sample of 12, seed 1: C")


class TestNothingToCount:
    def test_it_has_no_values_and_no_marks_and_says_why(self):
        made = report([])
        assert [one.outcome.value for one in made.indicators] == [None] * 5
        assert [one.outcome.marks for one in made.indicators] == [0] * 5
        reasons = [one.outcome.reason for one in made.indicators]
        assert reasons[0].startswith("there are no starters")
        assert reasons[1].startswith("there are no job starters")
        assert reasons[2] == reasons[3]
        assert reasons[2].startswith("no satisfaction answers were given")
        assert reasons[4].startswith("no job began more than 6 months before 20 May 2026")
        assert "no value (0 of 0), 0 marks" in "\n".join(lines_of(made))

    def test_it_says_which_group_did_not_answer(self):
        made = report([], Answers(employers=(), clients=(Fraction(4),)))
        assert made.indicators[2].outcome.reason.startswith("no employer answered")
        assert made.indicators[3].outcome.value == 4

    def test_it_scores_figures_without_a_value(self):
        outcome = score(SEQF, {"ratings": {}, "measures": report([]).measures()})
        assert [one.marks for one in outcome.measures] == [0] * 5


class TestJobs:
    @pytest.mark.parametrize(
        ("got", "marks"), [(9, 0), (10, 2), (19, 2), (20, 4), (30, 6), (40, 8), (49, 8), (50, 10)]
    )
    def test_it_marks_the_share_of_starters_who_got_a_job(self, got, marks):
        started = [
            client(number, after(0), *([(after(30), None)] if number < got else []))
            for number in range(100)
        ]
        found = indicator("A", started)
        assert (found.counted, found.of, found.outcome.marks) == (got, 100, marks)

    @pytest.mark.parametrize(
        ("days", "marks"),
        [(365, 0), (364, 2), (274, 2), (273, 4), (183, 4), (182, 6), (113, 6), (112, 8), (71, 8),
         (70, 10), (0, 10)],
    )  # fmt: skip
    def test_it_marks_the_mean_wait_in_weeks(self, days, marks):
        found = indicator("B", [client(1, after(0), (after(days), None))])
        assert (found.outcome.value, found.outcome.marks) == (Fraction(days, 7), marks)

    def test_it_does_not_round_a_mean_that_is_a_day_too_long(self):
        waits = [70] * 999 + [71]
        found = indicator("B", [client(n, after(0), (after(w), None)) for n, w in enumerate(waits)])
        assert (found.outcome.value > 10, found.outcome.marks) == (True, 8)

    def test_it_uses_the_earliest_job(self):
        jobs = [(after(70), after(80)), (after(300), None)]
        assert indicator("B", [client(1, after(0), *jobs)]).outcome.value == 10

    def test_it_counts_a_job_on_the_assessment_date_and_none_after_it(self):
        on, later = (client(n, after(0), (TODAY + timedelta(days=n), None)) for n in (0, 1))
        assert indicator("A", [on, later]).counted == 1
        made = report([client(1, after(0), (after(10), None), (after(1, TODAY), None))])
        assert made.indicators[1].counted == 1
        assert [one.reason for one in made.left_out] == [
            "the job that starts on 2026-05-21 is after the assessment date"
        ]


class TestKept:
    @pytest.mark.parametrize(
        ("kept", "marks"), [(49, 0), (50, 2), (59, 2), (60, 4), (70, 6), (80, 8), (89, 8), (90, 10)]
    )
    def test_it_marks_the_share_who_kept_work(self, kept, marks):
        people = [
            client(number, None, (after(0), None if number < kept else after(181)))
            for number in range(100)
        ]
        found = indicator("E", people)
        assert (found.counted, found.of, found.outcome.marks) == (kept, 100, marks)

    @pytest.mark.parametrize(
        ("jobs", "kept"),
        [
            ([(0, 181)], 0),
            ([(0, 182)], 1),
            ([(0, None)], 1),
            ([(0, 90), (91, 182)], 1),
            ([(0, 90), (92, 182)], 0),
            ([(0, 90), (50, 182)], 1),
            ([(0, 182), (50, 60)], 1),
            ([(0, 10), (200, 382)], 1),
            ([(0, 10), (200, None)], 1),
            ([(0, 10), (1000, None)], 0),
        ],
    )
    def test_it_joins_jobs_without_a_gap(self, jobs, kept):
        spans = [(after(start), None if end is None else after(end)) for start, end in jobs]
        found = indicator("E", [client(1, None, *spans)])
        assert (found.counted, found.of) == (kept, 1)

    def test_it_allows_the_gap_that_the_definition_allows(self, write_quality):
        own = load_file(write_quality("seqf", ("allowed_gap_days = 0", "allowed_gap_days = 7")))
        jobs = [(after(0), after(90)), (after(98), after(182))]
        assert indicator("E", [client(1, None, *jobs)], framework=own).counted == 1
        jobs = [(after(0), after(90)), (after(99), after(182))]
        assert indicator("E", [client(1, None, *jobs)], framework=own).counted == 0

    def test_it_takes_a_job_that_ends_later_up_to_the_assessment_date(self):
        job = (date(2025, 11, 19), date(2027, 1, 1))
        assert list(spells([Job(*job)], TODAY, 0)) == [(date(2025, 11, 19), TODAY)]
        assert list(spells([Job(after(1, TODAY), None)], TODAY, 0)) == []

    @pytest.mark.parametrize(
        ("day", "months", "before"),
        [
            (date(2026, 5, 20), 6, date(2025, 11, 20)),
            (date(2026, 8, 31), 6, date(2026, 2, 28)),
            (date(2024, 8, 31), 6, date(2024, 2, 29)),
            (date(2026, 6, 30), 6, date(2025, 12, 30)),
            (date(2026, 1, 1), 12, date(2025, 1, 1)),
        ],
    )
    def test_it_counts_months_back(self, day, months, before):
        assert months_before(day, months) == before


class TestSatisfaction:
    @pytest.mark.parametrize(
        ("answered", "listed", "marks"), [(9, 91, 0), (9, 90, 4), (10, 1000, 4), (1, 10, 4)]
    )
    def test_it_needs_enough_answers_of_clients(self, answered, listed, marks):
        answers = Answers(employers=(Fraction(3),), clients=(Fraction(4),) * answered)
        made = report([client(number) for number in range(listed)], answers)
        found = made.indicators[3]
        assert (found.outcome.value, found.outcome.marks) == (4, marks)
        assert (found.counted, found.of) == (answered, listed)
        assert (found.outcome.reason is None) == (marks > 0)
        assert made.indicators[2].outcome.marks == 3


class TestProfiles:
    @pytest.mark.parametrize(("late", "points"), [(0, 2), (1, 2), (2, 1), (3, 1), (4, 0)])
    def test_it_rates_profiles_begun_within_three_weeks(self, late, points):
        people = [
            client(n, eligibility_meeting=after(0), profile_start=after(22 if n < late else 21))
            for n in range(10)
        ]
        made = report([*people, client(11, eligibility_meeting=after(0)), client(12)])
        found = made.as_json()["profiles"]
        assert found["criterion"] == "1.1.8"
        assert (found["counted"], found["of"], found["rating"]) == (10 - late, 10, points)
        assert "1.1.8: " in "\n".join(lines_of(made))

    def test_it_says_nothing_where_the_list_has_no_such_dates(self):
        assert "profiles" not in report([client(1)]).as_json()

    def test_it_says_nothing_where_the_definition_asks_for_none(self, write_quality):
        own = load_file(write_quality("seqf", ('profiles_in_time = "1.1.8"\n', "")))
        one = client(1, eligibility_meeting=after(0), profile_start=after(1))
        assert report([one], framework=own).profiles is None


class TestSample:
    @pytest.mark.parametrize(("listed", "drawn"), [(0, 0), (9, 9), (15, 15), (400, 15)])
    def test_it_draws_as_many_as_the_framework_says(self, listed, drawn):
        found = report([client(number) for number in range(listed)]).as_json()["sample"]
        assert (found["size"], found["seed"]) == (drawn, 1)
        assert len(set(found["references"])) == drawn

    def test_it_gives_anonymous_references(self):
        found = report([client(number) for number in range(30)], sample_size=10).as_json()["sample"]
        assert [one["anonymous"] for one in found["clients"]][::9] == ["Client 1", "Client 10"]
        assert [one["reference"] for one in found["clients"]] == found["references"]

    @pytest.mark.parametrize("size", [9, 16, -1])
    def test_it_draws_no_fewer_and_no_more(self, size):
        with pytest.raises(TableFaults, match=f"from 10 to 15 was expected, not {size}"):
            report([client(number) for number in range(30)], sample_size=size)

    def test_it_draws_none_where_the_framework_has_no_sample(self, write_quality):
        own = load_file(write_quality("seqf", ("sample = { least = 10, most = 15 }\n", "")))
        made = report([client(1)], framework=own)
        assert "sample" not in made.as_json()
        assert not any(line.startswith("Sample") for line in lines_of(made))

    @settings(max_examples=30, deadline=None)
    @given(st.integers(), st.randoms(use_true_random=False))
    def test_it_draws_the_same_again_by_seed_in_any_order(self, seed, random):
        people = [client(number) for number in range(50)]
        limits = SEQF.cycle.visit.sample
        turned = random.sample(people, len(people))
        assert draw(people, limits, seed) == draw(turned, limits, seed)

    def test_it_draws_otherwise_by_another_seed(self):
        people = [client(number) for number in range(50)]
        limits = SEQF.cycle.visit.sample
        assert len({draw(people, limits, seed).clients for seed in range(20)}) == 20


class TestOthers:
    @pytest.mark.parametrize("code", ["matrix", "st0663"])
    def test_it_needs_a_framework_with_client_measures(self, code):
        with pytest.raises(DefinitionFaults, match="its measures need no client list"):
            report([], framework=load_framework(code))

    def test_it_lists_twenty_of_many_to_people(self):
        lines = list(lines_of(report([client(number) for number in range(30)])))
        assert sum(line.startswith("Left out, row") for line in lines) == 20
        assert "Left out, 10 more: --json lists all." in lines

    def test_it_leaves_measures_alone_that_no_client_list_gives(self, write_quality):
        text = write_quality("seqf").read_text("utf-8")
        start = text.index('[[criteria]]\ncode = "2.2.C"')
        block = text[start : text.index("[[criteria]]", start + 1)]
        sixth = block.replace('"2.2.C"', '"2.2.F"')
        own = load_file(write_quality("seqf", (block, block + sixth)))
        assert "2.2.F" in own.measures
        assert [one.letter for one in report([], framework=own).indicators] == list("ABCDE")

    def test_it_names_columns_that_were_not_looked_at(self):
        listed = ClientList((), columns=(), ignored=("adviser",))
        made = report_of(SEQF, listed, None, TODAY, seed=1)
        assert made.as_json()["ignored_columns"] == ["adviser"]
        assert "Columns not looked at: adviser" in list(lines_of(made))
