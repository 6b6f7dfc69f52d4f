"""The ST0663 definition says what the plan says, with the gaps read as recorded."""

import pytest

from frameworks import check

METHODS = ("presentation", "observation", "knowledge_test")
CONTRADICTIONS = {
    "K3": (["presentation"], ["knowledge_test"]),
    "K16": (["presentation"], ["knowledge_test"]),
    "K19": (["presentation", "knowledge_test"], ["knowledge_test"]),
    "S10": (["presentation", "observation"], ["observation"]),
    "B6": (["presentation", "knowledge_test"], ["presentation"]),
    "B7": (["observation", "knowledge_test"], ["observation"]),
    "B8": (["observation"], ["presentation"]),
}


def test_it_names_its_source_and_when_it_was_read(plan):
    assert plan.source.plan_date.isoformat() == "2022-05-22"
    assert plan.source.read_on.isoformat() == "2026-11-22"
    assert plan.standard_reference == "ST0663"
    assert plan.standard_level == 4


def test_it_has_every_ksb_of_the_standard_in_order(plan):
    expected = [f"K{n}" for n in range(1, 20)]
    expected += [f"S{n}" for n in range(1, 24)] + [f"B{n}" for n in range(1, 12)]
    assert [criterion.code for criterion in plan.criteria] == expected
    assert list(plan.mapping) == expected
    assert plan.criterion("B11").title == "Commercially Aware"


def test_it_keeps_the_two_titles_of_two_ksbs(plan):
    assert {c.code: c.title_elsewhere for c in plan.criteria if c.title_elsewhere} == {
        "S5": "Flexible Working",
        "S14": "Stakeholder Management & Engagement",
    }


@pytest.mark.parametrize(("method", "count"), list(zip(METHODS, (37, 14, 10), strict=True)))
def test_it_lists_the_ksbs_of_each_method_by_its_descriptors(plan, method, count):
    assert len(plan.ksbs_of(method)) == count


def test_it_describes_distinction_for_every_ksb_but_two_of_the_test(plan):
    without = [
        (method, ksb)
        for method in METHODS
        for ksb in plan.ksbs_of(method)
        if plan.descriptor(method, ksb).distinction is None
    ]
    assert without == [("knowledge_test", "K17"), ("knowledge_test", "B7")]
    assert plan.ratings_for("knowledge_test", "K17") == ("fail", "pass")
    assert plan.ratings_for("presentation", "K1") == ("fail", "pass", "distinction")
    assert plan.descriptor("presentation", "K1").pass_wording.startswith("Chooses")


def test_it_reads_a_ksb_alike_in_each_method_that_grades_it(plan):
    for ksb in ("K7", "S2", "S6", "S10", "S21", "K19", "B6", "B7"):
        wordings = {
            plan.descriptor(method, ksb).pass_wording
            for method in METHODS
            if ksb in plan.ksbs_of(method)
        }
        assert len(wordings) == 1


def test_it_contradicts_itself_over_exactly_seven_ksbs(plan):
    found = check(plan)
    assert {finding.where for finding in found} == set(CONTRADICTIONS)
    assert all(finding.kind == "contradiction" for finding in found)
    assert all(finding.interpretation for finding in found)


@pytest.mark.parametrize("ksb", CONTRADICTIONS)
def test_it_keeps_both_listings_of_a_contradicted_ksb(plan, ksb):
    graded, mapped = CONTRADICTIONS[ksb]
    assert [method for method in METHODS if ksb in plan.ksbs_of(method)] == graded
    assert list(plan.mapping[ksb]) == mapped


def test_it_asks_for_six_things_at_the_gateway(plan):
    gateway = plan.gateway
    assert {one.code: set(one.supplied_by) for one in gateway.requirements} == {
        "time_on_programme": {"training_provider", "administrator"},
        "off_the_job": {"training_provider", "administrator"},
        "english_and_mathematics": {"apprentice", "training_provider", "administrator"},
        "portfolio": {"apprentice"},
        "certificate_permission": {"apprentice"},
        "employer_confirmation": {"employer"},
    }
    assert gateway.requirement("employer_confirmation").decided_by == "employer"
    assert gateway.competence_confirmed_by == "employer"
    assert gateway.minimum_months_on_programme == 12
    assert gateway.typical_months_on_programme == 24
    assert gateway.off_the_job_percent == 20
    assert gateway.breaks_in_learning_count is False
    assert gateway.qualifications.reduced_for == ("ehc_plan", "legacy_statement")


def test_it_limits_the_portfolio(plan):
    portfolio = plan.portfolio
    assert (portfolio.pieces_min, portfolio.pieces_max) == (24, 36)
    assert (portfolio.service_users_min, portfolio.service_users_max) == (4, 6)
    assert len(portfolio.activities) == 6
    assert portfolio.underpins == "presentation"
    assert portfolio.graded is False


def test_it_sets_the_clock(plan):
    clock = plan.clock
    assert clock.epa_period_months == 3
    assert clock.methods_within_months == 4
    assert clock.supporting_material_days == 28
    assert clock.portfolio_days_before_presentation == 20
    assert clock.presentation_due_day == 20
    assert (clock.day_type, clock.timezone) == ("calendar", "Europe/London")


def test_it_times_the_presentation_with_ten_per_cent_on_each_part(plan):
    method = plan.judged_method("presentation")
    assert method.fixed_title == "A Summary of Employability Practice, Using Evidence"
    assert [(part.minutes, part.longest_minutes) for part in method.parts] == [(60, 66), (30, 33)]
    assert method.questions.maximum == 6
    assert not method.questions.prepared
    assert not method.questions.drawn_from_bank
    assert [source.code for source in method.sources] == ["presented", "asked"]
    assert method.duties == ("assessor",)
    assert method.employer_representative.time_counts is False


def test_it_times_the_observation_with_ten_per_cent_on_the_observing_only(plan):
    method = plan.judged_method("observation")
    assert method.part("observing").longest_minutes == 198
    assert method.part("questions").longest_minutes == 30
    assert method.questions.maximum == 6
    assert not method.questions.follow_ups_counted
    assert method.service_users_min == 2
    assert method.working_day_hours == 7.5
    assert method.working_days_max == 1
    assert [source.code for source in method.sources] == ["seen", "asked"]


def test_it_composes_the_knowledge_test(plan):
    method = plan.marked_method("knowledge_test")
    assert (method.question_count, method.marks_max, method.minutes) == (40, 66, 120)
    choice = method.question_type("multiple_choice")
    assert (choice.count, choice.marks, choice.options, choice.keys) == (14, (0, 1), 4, 1)
    short = method.question_type("short_answer")
    assert (short.count, short.marks, short.options) == (26, (0, 1, 2), None)
    assert method.candidates_per_invigilator == 20
    assert method.duties == ("invigilator", "first_marker", "second_marker")


def test_it_tells_judged_and_marked_methods_apart(plan):
    with pytest.raises(KeyError):
        plan.judged_method("knowledge_test")
    with pytest.raises(KeyError):
        plan.marked_method("observation")


def test_it_lets_a_failed_method_be_taken_again_up_to_distinction(plan):
    assert plan.resits.failed_methods_only
    assert not plan.resits.may_improve_a_pass
    assert plan.resits.best_grade == "distinction"
    assert plan.resits.attempts_max is None
    assert [(kind.code, kind.further_learning) for kind in plan.resits.kinds] == [
        ("resit", False),
        ("retake", True),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "title_s5",
        "title_s14",
        "prevent_k17",
        "no_distinction",
        "test_grade",
        "test_split",
        "epa_start",
        "two_periods",
        "presentation_due",
        "overall_row",
    ],
)
def test_it_records_how_each_gap_is_read(plan, code):
    reading = {one.code: one for one in plan.interpretations}[code]
    assert reading.reading
    assert reading.reason


def test_it_titles_its_grades_as_people_read_them(plan):
    assert plan.level("distinction").title == "Distinction"


def test_it_says_in_its_own_words_what_a_requirement_in_numbers_says(plan):
    portfolio = plan.portfolio
    needed = plan.gateway.requirement("portfolio").needed
    assert f"{portfolio.pieces_min} to {portfolio.pieces_max} pieces" in needed
    assert f"{portfolio.service_users_min} to {portfolio.service_users_max} service" in needed
    assert f"{plan.gateway.off_the_job_percent} %" in plan.gateway.requirement("off_the_job").needed
    months = f"{plan.gateway.minimum_months_on_programme} months"
    assert months in plan.gateway.requirement("time_on_programme").needed
