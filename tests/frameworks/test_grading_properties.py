"""Grading is monotone, total and independent of order, whatever the ratings."""

from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks import Grade, RatingFaults, grade_method, load_plan, overall_grade, score

PLAN = load_plan("st0663", "2022.1")
SCALE = tuple(Grade)
JUDGED = ("presentation", "observation")
ratings_of = {
    method: st.fixed_dictionaries({ksb: st.sampled_from(SCALE) for ksb in PLAN.ksbs_of(method)})
    for method in JUDGED
}
partial_of = {
    method: st.dictionaries(st.sampled_from(PLAN.ksbs_of(method)), st.sampled_from(SCALE))
    for method in JUDGED
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def or_faults(function, *arguments):
    """Return what a function returns, or its faults: anything else it raises is a failure."""
    try:
        return function(*arguments)
    except RatingFaults as error:
        return [fault.problem for fault in error.faults] or "refused without a reason"


quick = settings(max_examples=60, deadline=None)


@quick
@given(st.data(), st.sampled_from(JUDGED))
def test_it_never_lowers_a_method_when_a_rating_is_raised(data, method):
    ratings = data.draw(ratings_of[method])
    raised = data.draw(st.sampled_from(PLAN.ksbs_of(method)))
    before = grade_method(PLAN, method, ratings).grade
    step = min(SCALE.index(ratings[raised]) + 1, 2)
    after = grade_method(PLAN, method, ratings | {raised: SCALE[step]}).grade
    assert SCALE.index(after) >= SCALE.index(before)


@quick
@given(st.integers(min_value=0, max_value=65))
def test_it_never_lowers_the_test_when_a_mark_is_added(marks):
    before = grade_method(PLAN, "knowledge_test", marks).grade
    after = grade_method(PLAN, "knowledge_test", marks + 1).grade
    assert SCALE.index(after) >= SCALE.index(before)


@quick
@given(st.tuples(*[st.sampled_from(SCALE)] * 3), st.integers(min_value=0, max_value=2))
def test_it_never_lowers_the_whole_when_a_method_is_raised(grades, raised):
    higher = list(grades)
    higher[raised] = SCALE[min(SCALE.index(grades[raised]) + 1, 2)]
    before = overall_grade(PLAN, dict(zip(PLAN.methods, grades, strict=True))).grade
    after = overall_grade(PLAN, dict(zip(PLAN.methods, higher, strict=True))).grade
    assert SCALE.index(after) >= SCALE.index(before)


@quick
@given(st.data(), st.randoms(use_true_random=False))
def test_it_does_not_mind_the_order_of_ratings_or_methods(data, random):
    methods = {method: {"ratings": data.draw(partial_of[method])} for method in JUDGED}
    methods["knowledge_test"] = {"marks": data.draw(st.integers(min_value=0, max_value=66))}

    def shuffled(mapping):
        return dict(random.sample(list(mapping.items()), len(mapping)))

    other = shuffled(
        {
            code: {key: shuffled(one) if key == "ratings" else one for key, one in given.items()}
            for code, given in methods.items()
        }
    )
    assert score(PLAN, {"methods": methods}) == score(PLAN, {"methods": other})


@quick
@given(st.data(), st.sampled_from(JUDGED))
def test_it_gives_a_grade_exactly_when_nothing_is_missing(data, method):
    ratings = data.draw(partial_of[method])
    outcome = grade_method(PLAN, method, ratings)
    assert set(outcome.missing) | set(ratings) == set(PLAN.ksbs_of(method))
    assert (outcome.grade is None) == bool(outcome.missing)
    assert outcome.reasons


@quick
@given(anything)
def test_it_scores_anything_or_says_where_it_is_wrong(document):
    for ratings in (document, {"methods": document}, {"methods": {"observation": document}}):
        outcome = or_faults(score, PLAN, ratings)
        assert isinstance(outcome, list) or outcome.outcome == "pending"


@quick
@given(st.sampled_from(tuple(PLAN.methods)), anything)
def test_it_grades_anything_or_says_where_it_is_wrong(method, given_):
    outcome = or_faults(grade_method, PLAN, method, given_)
    assert isinstance(outcome, list) or outcome.reasons
