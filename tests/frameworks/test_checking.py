"""What does not add up in a definition is an error; a recorded contradiction is none."""

from collections import defaultdict

import pytest

from frameworks import check, load_file
from frameworks.checking import Finding
from frameworks.loading import read_file
from frameworks.schema import Framework

BOUNDARIES = "methods.knowledge_test.boundaries"
TYPES = "methods.knowledge_test.question_types"


def errors_of(path):
    problems = defaultdict(str)
    for finding in check(read_file(path)):
        if is_error(finding):
            problems[finding.where] += f"{finding.problem}; "
    return problems


def is_error(finding):
    return finding.kind == "error"


@pytest.mark.parametrize(
    ("old", "new", "where", "problem"),
    [
        ('code = "K2"\nsection', 'code = "K1"\nsection', "criteria", "'K1' stands 2 times"),
        ('[[sections]]\ncode = "skills"', '[[sections]]\ncode = "knowledge"', "sections", "2 times"),
        ('code = "title_s5"', 'code = "title_s14"', "interpretations", "stands 2 times"),
        ('code = "B1"\nsection = "behaviours"', 'code = "B1"\nsection = "morals"', "criteria.B1.section", "'morals'"),
        ('about = ["K17"]', 'about = ["K77"]', "interpretations.prevent_k17.about", "'K77'"),
        ('about = ["clock.day_type"]', 'about = ["clock.hours"]', "interpretations.days.about", "'clock.hours'"),
        ('about = ["clock.day_type"]', 'about = ["level.of.detail"]', "interpretations.days.about", "level"),
        ('[[scale]]\ncode = "pass"', '[[scale]]\ncode = "merit"', "scale", "fail, pass, distinction"),
        ("[descriptors.observation.K6]", "[descriptors.observation.K66]", "criteria.K6", "nothing grades it"),
        ("[descriptors.observation.K6]", "[descriptors.observation.K66]", "descriptors.observation.K66", "no such KSB"),
        ("[descriptors.observation.K6]", "[descriptors.interview.K6]", "descriptors.interview", "no such method"),
        ('B11 = ["presentation"]\n', "", "mapping.B11", "missing from the mapping"),
        ('B11 = ["presentation"]', 'B11 = ["presentation"]\nB12 = ["presentation"]', "mapping.B12", "no such KSB"),
        ('B11 = ["presentation"]', 'B11 = ["interview"]', "mapping.B11", "no method 'interview'"),
        ("[methods.observation", "[methods.visit", "methods.visit.code", "must be 'visit'"),
        ("[methods.observation", "[methods.visit", "descriptors.visit", "no KSB with descriptors"),
        ("number = 2", "number = 1", "methods", "'1' stands 2 times"),
        ('{ code = "seen"', '{ code = "asked"', "methods.observation.sources", "2 times"),
        ('{ code = "observing"', '{ code = "questions"', "methods.observation.parts", "2 times"),
        ('maximum = 6\npart = "questions"\nprepared = true', 'maximum = 6\npart = "talk"\nprepared = true', "methods.observation.questions.part", "'talk'"),
        ("count = 14", "count = 15", TYPES, "41 questions, not 40"),
        ("marks = [0, 1, 2]", "marks = [0, 2]", f"{TYPES}.short_answer.marks", "from 0 upwards"),
        ("marks = [0, 1, 2]", "marks = [0, 1, 2, 3]", TYPES, "add up to 92, not 66"),
        ('{ code = "short_answer"', '{ code = "multiple_choice"', TYPES, "2 times"),
        ("lowest = 46", "lowest = 47", BOUNDARIES, "pass begins at 47; fail ends at 45"),
        ("lowest = 46", "lowest = 45", BOUNDARIES, "pass begins at 45"),
        ("lowest = 0", "lowest = 1", BOUNDARIES, "begin at 1, not at 0"),
        ("highest = 66", "highest = 65", BOUNDARIES, "end at 65, not at 66"),
        ("highest = 66", "highest = 50", BOUNDARIES, "end at 50"),
        ('{ grade = "pass"', '{ grade = "fail"', BOUNDARIES, "one boundary each"),
        ('code = "off_the_job"', 'code = "portfolio"', "gateway.requirements", "2 times"),
        ("service_users_min = 4", "service_users_min = 7", "portfolio.service_users_min", "above"),
        ("pieces_min = 24", "pieces_min = 37", "portfolio.pieces_min", "above"),
        ('{ code = "review"', '{ code = "action_plan"', "portfolio.activities", "2 times"),
        ('underpins = "presentation"', 'underpins = "interview"', "portfolio.underpins", "interview"),
        ('presentation_method = "presentation"', 'presentation_method = "talk"', "clock.presentation_method", "'talk'"),
        ("overall_distinctions = 2", "overall_distinctions = 4", "grading.overall_distinctions", "only 3 methods"),
    ],
)  # fmt: skip
def test_it_reports_what_does_not_add_up(write, old, new, where, problem):
    assert problem in errors_of(write((old, new)))[where]


def test_it_reports_a_boundary_that_runs_backwards(write):
    found = check(read_file(write(("highest = 66", "highest = 50"))))
    assert "distinction runs from 53 to 50" in {finding.problem for finding in found}


def test_it_reports_a_distinction_that_nobody_can_reach(write, text):
    section = text[
        text.index("[descriptors.observation.K6]") : text.index("[descriptors.knowledge_")
    ]
    lines = [line for line in section.splitlines() if not line.startswith("distinction")]
    found = errors_of(write((section, "\n".join(lines) + "\n")))
    problem = "7 KSBs at Distinction are needed and only 0 describe one"
    assert problem in found["descriptors.observation"]


def test_it_requires_an_interpretation_of_each_contradiction(write):
    (finding,) = [
        finding
        for finding in check(read_file(write(('about = ["K3"]', 'about = ["K4"]'))))
        if is_error(finding)
    ]
    assert finding.where == "K3"
    assert finding.problem.endswith("and no interpretation says how to read it")


def test_it_recomputes_what_is_needed_when_a_ksb_moves(write):
    own = load_file(
        write(
            ("[descriptors.observation.B8]", "[descriptors.presentation.B8]"),
            ('about = ["B8"]', 'about = ["B8"]\nsettled_by = "The EPAO"'),
        )
    )
    assert (len(own.ksbs_of("presentation")), own.distinctions_needed("presentation")) == (38, 19)
    assert (len(own.ksbs_of("observation")), own.distinctions_needed("observation")) == (13, 7)
    assert "B8" not in {finding.where for finding in check(own)}


def test_it_compares_no_listings_where_a_scheme_has_none(plan, monkeypatch):
    fields = {name: getattr(plan, name) for name in Framework.model_fields}
    fields["scheme"] = "met"
    fields["interpretations"] = ()
    monkeypatch.setattr("frameworks.checking.SCHEME_CHECKS", {"met": lambda _: iter(())})
    assert check(Framework(**fields)) == ()


def test_it_reports_under_the_keys_of_the_contract(plan):
    assert set(check(plan)[0].as_json()) == {
        "framework",
        "where",
        "problem",
        "kind",
        "interpretation",
    }
    assert Finding("a", "b", "c", "error").as_json()["interpretation"] is None
