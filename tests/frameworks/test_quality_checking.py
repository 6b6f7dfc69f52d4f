"""What does not add up in a quality framework is an error, named with its place."""

from collections import defaultdict

import pytest

from frameworks import DefinitionFaults, check, load_file
from frameworks.checking import SCHEME_CHECKS
from frameworks.loading import read_file


def errors_of(path):
    problems = defaultdict(str)
    for finding in check(read_file(path)):
        problems[finding.where] += f"{finding.problem}; "
    return problems


LEVEL = 'code = "some"\ntitle = "Some evidence, not consistent"'
A_STEPS = "  { at = 10, earns = 2 },\n  { at = 20, earns = 4 },"
B_STEP = "  { at = 39, earns = 4 },"
MEASURED = '[criteria.measure]\nhow = "Everyone'
LEVELS = '[criteria.levels]\nlittle = "l"\nsome = "s"\nsubstantial = "s"\n\n'


@pytest.mark.parametrize(
    ("code", "old", "new", "where", "problem"),
    [
        # what every quality framework has
        ("seqf", "points = 1", "points = 2", "scale", "2 follows 2"),
        ("seqf", "points = 1\n", "", "scale", "either every level has points or none has"),
        ("iep_qif", "points = 1\n", "", "scale", "either every level"),
        ("seqf", LEVEL, LEVEL.replace("some", "much", 1), "criteria.1.1.1.levels", "no level 'some'"),
        ("seqf", LEVEL, LEVEL.replace("some", "much", 1), "criteria.1.1.1.levels", "levels much are not"),
        ("matrix", 'code = "partners"', 'code = "friends"', "criteria.1.8.voices", "no voice 'partners'"),
        ("matrix", 'code = "staff"', 'code = "managers"', "voices", "'managers' stands 2 times"),
        ("matrix", 'between = "1.8"', 'between = "1.9"', "links.1.9", "no rated criterion '1.9'"),
        ("matrix", 'between = "1.8"', 'between = "4.4"', "links.4.4", "not linked with itself"),
        ("matrix", 'between = "3.2"\nand = ["4.1"]', 'between = "3.2"\nand = ["1.1"]', "links.3.2", "stands twice"),
        ("matrix", '[[sections]]\ncode = "1"', '[[sections]]\ncode = "9"\ntitle = "N"\naim = "N"\n\n[[sections]]\ncode = "1"', "sections.9", "no criterion"),
        ("matrix", 'section = "2"', 'section = "7"', "criteria.2.1.section", "no section '7'"),
        # the cycle
        ("matrix", 'by = "moderator"', 'by = "nobody"', "cycle.steps.moderation.by", "no actor 'nobody'"),
        ("matrix", 'of = "first_day"', 'of = "holiday"', "cycle.steps.self_assessment.due.of", "'holiday'"),
        ("matrix", 'of = "first_day", amount = 2, unit = "weeks"', 'of = "first_day", amount = 2', "cycle.steps.self_assessment.due", "belong together"),
        ("matrix", '{ when = "on", of = "last_day" }', '{ when = "after", of = "last_day" }', "cycle.steps.assessment.due", "before and after need"),
        ("matrix", '{ when = "on", of = "last_day" }', '{ when = "on", of = "assessment" }', "cycle.steps.assessment.due.of", "no other day or step"),
        ("matrix", 'code = "moderation"', 'code = "report"', "cycle.steps", "'report' stands 2 times"),
        ("matrix", 'code = "last_day"', 'code = "first_day"', "cycle.steps", "'first_day' stands 2 times"),
        ("matrix", '{ code = "moderator"', '{ code = "provider"', "cycle.actors", "2 times"),
        ("seqf", "lead_assessors = 1", "lead_assessors = 3", "cycle.visit.lead_assessors", "more leads"),
        ("seqf", "least = 10, most = 15", "least = 16, most = 15", "cycle.visit.sample.least", "above most"),
        ("seqf", 'starts = "09:30", ends = "11:00"', 'starts = "11:00", ends = "09:30"', "cycle.visit.timetable", "'Staff, as a group' ends before it begins"),
        ("seqf", 'day = 1, starts = "12:30"', 'day = 1, starts = "12:15"', "cycle.visit.timetable", "'Lunch' begins before 'Files"),
        ("seqf", 'day = 2, starts = "16:30"', 'day = 3, starts = "16:30"', "cycle.visit.timetable", "is on day 3"),
        # weighted fidelity
        ("seqf", "weight = 10", "weight = 10.5", "sections", "add up to 100.5 %, not 100"),
        ("seqf", "marks_are_value = true\nminimum", "steps = [{ at = 1, earns = 5 }]\nmarks_are_value = true\nminimum", "criteria.2.2.D.measure", "either steps or marks_are_value"),
        ("seqf", "marks_are_value = true\nminimum", "minimum", "criteria.2.2.D.measure", "either steps or marks_are_value"),
        ("seqf", "highest = 5\n", "highest = 4\n", "criteria.2.2.C.measure", "run from 0 to marks_max"),
        ("seqf", 'better = "more"\nmarks_max = 5', 'better = "fewer"\nmarks_max = 5', "criteria.2.2.C.measure", "more is better"),
        ("seqf", "highest = 5200", "highest = 0", "criteria.2.2.B.measure", "lowest is not below highest"),
        ("seqf", "highest = 5200", "highest = 51", "criteria.2.2.B.measure.steps", "52 is outside the range"),
        ("seqf", A_STEPS, A_STEPS.replace("20", "10"), "criteria.2.2.A.measure.steps", "more is better"),
        ("seqf", A_STEPS, A_STEPS.replace("= 4", "= 2"), "criteria.2.2.A.measure.steps", "earns more than the one before"),
        ("seqf", B_STEP, B_STEP.replace("39", "53"), "criteria.2.2.B.measure.steps", "fewer is better"),
        ("seqf", "marks_max = 10", "marks_max = 12", "criteria.2.2.A.measure.steps", "up to marks_max, 12"),
        ("seqf", "{ at = 10, earns = 2 }", "{ at = 10, earns = -2 }", "criteria.2.2.A.measure.steps", "never less than 0"),
        ("seqf", MEASURED, f"{LEVELS}{MEASURED}", "criteria.2.2.A", "has no levels"),
        ("seqf", "steps = [{ at = 70, earns = 1 }", "steps = [{ at = 70, earns = 1.5 }", "criteria.1.1.8.counted", "no level has 1.5 points"),
        ("seqf", 'sums = ["2.2.A", "2.2.B", "2.2.E"]', 'sums = ["2.2.A", "2.2.B", "2.2.F"]', "gates.a_b_e.sums", "no criterion '2.2.F'"),
        ("seqf", 'sums = ["2.2.A", "2.2.B", "2.2.E"]', 'sums = ["2.2.A", "2.2.A", "2.2.E"]', "gates.a_b_e.sums", "2 times"),
        ("seqf", "a_b_e = 20", "a_b_e = 31", "bands.excellent.gates", "a_b_e never comes to 31"),
        ("seqf", "a_b_e = 20", "a_b_c = 20", "bands.excellent.gates", "no gate 'a_b_c'"),
        ("seqf", "a_b_e = 20", "a_b_e = 14", "bands.excellent.gates", "less a_b_e than good"),
        ("seqf", "from_percent = 0", "from_percent = 1", "bands", "the first one begins at 0"),
        ("seqf", "from_percent = 90", "from_percent = 75", "bands.excellent", "does not begin above good"),
        ("seqf", 'code = "excellent"', 'code = "good"', "bands", "'good' stands 2 times"),
        ("seqf", 'got_a_job = "2.2.A"', 'got_a_job = "1.1.1"', "client_measures.got_a_job", "no measure '1.1.1'"),
        ("seqf", 'got_a_job = "2.2.A"', 'got_a_job = "2.2.B"', "client_measures", "'2.2.B' stands 2 times"),
        ("seqf", 'profiles_in_time = "1.1.8"', 'profiles_in_time = "1.1.10"', "client_measures.profiles_in_time", "not counted within days"),
        # criteria met
        ("matrix", 'every = "met"', 'every = "done"', "outcomes", "no level 'done'"),
        ("matrix", 'every = "met"\n', "", "outcomes", "each one after the first asks for a level"),
        ("matrix", 'title = "Not accredited"', 'title = "Not accredited"\nevery = "met"', "outcomes", "asks for no level"),
        ("matrix", 'every = "met"', 'every = "met"\n\n[[outcomes]]\ncode = "gold"\ntitle = "G"\nevery = "met"', "outcomes", "a higher level than the one before"),
        ("matrix", 'code = "not_accredited"', 'code = "accredited"', "outcomes", "2 times"),
        ("matrix", 'scheme = "criteria_met"', 'scheme = "criteria_met"\nrequired = ["9.9"]', "required", "no criterion '9.9'"),
        # narrative progress
        ("scottish_standards", '[[parties]]\ncode = "provider"', '[[parties]]\ncode = "council"', "criteria.1.P1.party", "no party 'provider'"),
        ("scottish_standards", '[[principles]]\ncode = "fair_work"', '[[principles]]\ncode = "fair"', "sections.2.principles", "no principle 'fair_work'"),
        ("scottish_standards", '[[reporting]]\ncode = "evaluation"', '[[reporting]]\ncode = "research"', "sections.1.reporting", "no way of reporting 'evaluation'"),
        ("scottish_standards", '[[parties]]\ncode = "provider"', '[[parties]]\ncode = "partnership"', "parties", "2 times"),
    ],
)  # fmt: skip
def test_it_reports_what_does_not_add_up(write_quality, code, old, new, where, problem):
    assert problem in errors_of(write_quality(code, (old, new)))[where]


def test_it_reports_a_criterion_without_levels_or_measure(write_quality):
    path = write_quality("seqf")
    text = path.read_text("utf-8")
    start = text.index("[criteria.levels]")
    end = text.index("[[criteria]]", start)
    path.write_text(text[:start] + text[end:], "utf-8")
    assert "a description of each level, or a measure" in errors_of(path)["criteria.1.1.1"]


def test_it_needs_points_where_they_are_added_up(write_quality):
    scale = tuple((f"points = {points}\n", "") for points in (1, 2, 3, 4))
    found = errors_of(write_quality("iep_qif", *scale))
    assert found["scale"] == "maturity needs points on every level; "


def test_it_reports_steps_that_wait_for_one_another(write_quality):
    found = errors_of(
        write_quality(
            "matrix",
            (
                'due = { when = "on", of = "last_day" }',
                'due = { when = "after", of = "moderation", amount = 1, unit = "days" }',
            ),
            (
                'due = { when = "after", of = "last_day", amount = 2, unit = "weeks" }',
                'due = { when = "after", of = "assessment", amount = 1, unit = "days" }',
            ),
        )
    )
    assert found["cycle.steps.assessment.due.of"].startswith("it waits for itself: assessment, mod")
    assert "it waits for itself" in found["cycle.steps.moderation.due.of"]
    assert "cycle.steps.report.due.of" not in found


def test_it_lists_faults_of_shape_with_their_path(write_quality):
    path = write_quality(
        "seqf",
        ("{ at = 10, earns = 2 }", '{ at = "ten", earns = 2 }'),
        ("weight = 10", "weight = 110"),
        ('starts = "09:30"', 'starts = "9.30"'),
        ("highest = 5200", "highest = inf"),
        ("kept_days = 182", "kept_days = 0"),
        ('when = "after", of = "report"', 'when = "soon", of = "report"'),
        ('edition = "April 2024"', 'edition = ""'),
    )
    with pytest.raises(DefinitionFaults) as caught:
        load_file(path)
    assert {fault.where for fault in caught.value.faults} == {
        "criteria.2.2.A.measure.steps.0.at",
        "sections.2.1.weight",
        "cycle.visit.timetable.staff.starts",
        "criteria.2.2.B.measure.highest",
        "client_measures.kept_days",
        "cycle.steps.factual_errors.due.when",
        "source.edition",
    }


def test_it_never_loads_half(write_quality):
    with pytest.raises(DefinitionFaults) as caught:
        load_file(
            write_quality("seqf", ("weight = 10", "weight = 11"), ("a_b_e = 20", "a_b_e = 31"))
        )
    assert [fault.where for fault in caught.value.faults] == ["sections", "bands.excellent.gates"]


@pytest.mark.parametrize(
    "scheme", ["weighted_fidelity", "maturity", "criteria_met", "narrative_progress"]
)
def test_it_checks_frameworks_by_their_own_scheme_only(plan, scheme):
    with pytest.raises(TypeError, match="st0663 is no "):
        list(SCHEME_CHECKS[scheme](plan))


def test_it_allows_a_measured_framework_without_a_client_list(write_quality):
    path = write_quality("seqf", ('profiles_in_time = "1.1.8"\n', ""))
    assert check(read_file(path)) == ()
    text = path.read_text("utf-8")
    start, end = text.index("[client_measures]"), text.index("# ----", text.index("[client_meas"))
    about = ', "client_measures.kept_days", "client_measures.eligible_after_months"'
    gap = ', "client_measures.allowed_gap_days"'
    path.write_text((text[:start] + text[end:]).replace(about, "").replace(gap, ""), "utf-8")
    assert check(read_file(path)) == ()
